#include "core/time.hpp"

#include <date/tz.h>

#include <algorithm>

namespace cox {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;

// Four digits hold the years that RFC 3339 knows; zone tables hold no others either.
constexpr Time first_written = sys_days{std::chrono::year{0} / 1 / 1};
constexpr Time last_written = sys_days{std::chrono::year{10000} / 1 / 1} - Duration{1};

Time within_calendar(Time at) {
    return std::clamp(at, first_written, last_written);
}

void put_digits(char* to, unsigned value, int count) {
    for (int i = count - 1; i >= 0; --i, value /= 10)
        to[i] = static_cast<char>('0' + value % 10);
}

// -1 when one of the `count` characters is no digit.
int digits(char const* from, int count) {
    int value = 0;
    for (int i = 0; i < count; ++i) {
        if (from[i] < '0' || from[i] > '9') return -1;
        value = value * 10 + (from[i] - '0');
    }
    return value;
}

std::string counted(std::int64_t count, char const* unit) {
    return std::to_string(count) + unit;
}

} // namespace

Duration Zone::offset(Time at) const {
    if (!zone_) return Duration{0};
    return zone_->get_info(date::floor<seconds>(within_calendar(at))).offset;
}

std::string Zone::abbreviation(Time at) const {
    if (!zone_) return "UTC";
    return zone_->get_info(date::floor<seconds>(within_calendar(at))).abbrev;
}

Time Zone::from_local(Duration local) const {
    auto const wall = within_calendar(Time{local}).time_since_epoch();
    if (!zone_) return Time{wall};
    auto const info = zone_->get_info(date::local_seconds{date::floor<seconds>(wall)});
    if (info.result == date::local_info::nonexistent) return info.second.begin;
    return Time{wall} - info.first.offset;
}

std::string rfc3339(Time at) {
    at = within_calendar(at);
    auto const day = std::chrono::floor<days>(at);
    std::chrono::year_month_day const date{day};
    auto rest = static_cast<unsigned>((at - day).count());
    std::string text = "0000-00-00T00:00:00.000Z";
    put_digits(text.data(), static_cast<unsigned>(static_cast<int>(date.year())), 4);
    put_digits(text.data() + 5, static_cast<unsigned>(date.month()), 2);
    put_digits(text.data() + 8, static_cast<unsigned>(date.day()), 2);
    put_digits(text.data() + 20, rest % 1000, 3);
    rest /= 1000;
    put_digits(text.data() + 17, rest % 60, 2);
    rest /= 60;
    put_digits(text.data() + 14, rest % 60, 2);
    put_digits(text.data() + 11, rest / 60, 2);
    return text;
}

std::optional<Time> from_rfc3339(std::string_view text) {
    if (text.size() < 20 || text.back() != 'Z') return std::nullopt;
    char const* const at = text.data();
    if (at[4] != '-' || at[7] != '-' || at[10] != 'T' || at[13] != ':' || at[16] != ':') return std::nullopt;
    int const year = digits(at, 4);
    int const month = digits(at + 5, 2);
    int const day = digits(at + 8, 2);
    int const hour = digits(at + 11, 2);
    int const minute = digits(at + 14, 2);
    int const second = digits(at + 17, 2);
    if (year < 0 || month < 0 || day < 0 || hour < 0 || minute < 0 || second < 0) return std::nullopt;
    if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
    std::chrono::year_month_day const date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) return std::nullopt;

    int thousandths = 0;
    if (std::string_view fraction = text.substr(19, text.size() - 20); !fraction.empty()) {
        if (fraction[0] != '.' || fraction.size() == 1) return std::nullopt;
        fraction.remove_prefix(1);
        int weight = 100;
        for (char const c : fraction) {
            if (c < '0' || c > '9') return std::nullopt;
            thousandths += (c - '0') * weight;
            weight /= 10;
        }
    }
    return Time{sys_days{date}} + hours{hour} + minutes{minute} + seconds{second} + Duration{thousandths};
}

std::string clock_digits(Time at, Zone const& zone) {
    at = within_calendar(at);
    auto const wall = at.time_since_epoch() + zone.offset(at);
    auto const minute =
        static_cast<unsigned>(std::chrono::floor<minutes>(wall - std::chrono::floor<days>(wall)) / minutes{1});
    std::string text = "00:00";
    put_digits(text.data(), minute / 60, 2);
    put_digits(text.data() + 3, minute % 60, 2);
    return text;
}

std::string clock_text(Time at, Zone const& zone) {
    return clock_digits(at, zone) + " " + zone.abbreviation(at);
}

std::string dated_text(Time at, Time now, Zone const& zone) {
    auto text = clock_text(at, zone);
    if (std::chrono::abs(now - at) <= hours{12}) return text;
    auto const day = rfc3339(later(at, zone.offset(at))).substr(0, std::string_view{"2026-11-23"}.size());
    return day + " " + text;
}

std::string span_text(Duration span) {
    span = std::max(span, Duration{0});
    if (span < minutes{1}) return counted(span / seconds{1}, " s");
    if (span < hours{1}) return counted(span / minutes{1}, " min");
    bool const long_span = span >= days{1};
    auto const large = long_span ? span / days{1} : span / hours{1};
    auto const small = long_span ? span % days{1} / hours{1} : span % hours{1} / minutes{1};
    std::string text = counted(large, long_span ? " d" : " h");
    if (small > 0) text += " " + counted(small, long_span ? " h" : " min");
    return text;
}

Time later(Time at, Duration by) {
    if (by > Duration{0} && at > Time::max() - by) return Time::max();
    if (by < Duration{0} && at < Time::min() - by) return Time::min();
    return at + by;
}

} // namespace cox
