#include "core/parse_time.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <string>

namespace cox {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Duration whole_day = days{1};

struct Unit {
    std::initializer_list<std::string_view> words;
    Duration length;
};
Unit const units[] = {
    {{"m", "min", "mins", "minute", "minutes"}, minutes{1}},
    {{"h", "hr", "hrs", "hour", "hours"}, hours{1}},
    {{"s", "sec", "secs", "second", "seconds"}, seconds{1}},
    {{"d", "day", "days"}, days{1}},
    {{"w", "week", "weeks"}, days{7}},
};

// Walks over the text; each reader moves on only when it has read what it promises.
class Scanner {
public:
    explicit Scanner(std::string_view text) : text_{text} {}

    std::size_t position() const { return at_; }
    void go_back(std::size_t position) { at_ = position; }

    // What was read so far may stop here.
    bool at_end_of_word() const {
        if (at_ == text_.size()) return true;
        char const c = text_[at_];
        if (is_blank(c) || c == ',' || c == ';' || c == ')') return true;
        return c == '.' && (at_ + 1 == text_.size() || is_blank(text_[at_ + 1]));
    }
    void skip_blanks() {
        while (at_ < text_.size() && is_blank(text_[at_]))
            ++at_;
    }
    bool take(char c) {
        if (at_ == text_.size() || lower(text_[at_]) != c) return false;
        ++at_;
        return true;
    }
    bool take_word(std::string_view word) {
        auto const before = at_;
        skip_blanks();
        if (same_ignoring_case(text_.substr(at_, word.size()), word)) {
            at_ += word.size();
            if (at_end_of_word()) return true;
        }
        at_ = before;
        return false;
    }
    // The number of digits is limited so that no value can overflow.
    std::optional<std::int64_t> number(std::size_t least, std::size_t most) {
        std::size_t end = at_;
        while (end < text_.size() && is_digit(text_[end]))
            ++end;
        if (end - at_ < least || end - at_ > most) return std::nullopt;
        std::int64_t value = 0;
        std::from_chars(text_.data() + at_, text_.data() + end, value);
        at_ = end;
        return value;
    }
    std::string_view letters() {
        auto const begin = at_;
        while (at_ < text_.size() && lower(text_[at_]) >= 'a' && lower(text_[at_]) <= 'z')
            ++at_;
        return text_.substr(begin, at_ - begin);
    }

private:
    std::string_view text_;
    std::size_t at_ = 0;
};

Unit const* unit(std::string_view word) {
    for (auto const& one : units)
        for (auto const name : one.words)
            if (same_ignoring_case(name, word)) return &one;
    return nullptr;
}

// "15m", "1h30m", "1 h 30 min", "1h30".
std::optional<Duration> span(Scanner& scan) {
    Duration sum{0};
    Unit const* last = nullptr;
    auto complete = scan.position();
    for (;;) {
        scan.skip_blanks();
        auto const number_begins = scan.position();
        auto const count = scan.number(1, 9);
        if (!count) break;
        auto const number_ends = scan.position();
        scan.skip_blanks();
        auto const* const found = unit(scan.letters());
        if (!found) {
            scan.go_back(number_ends);
            bool const minutes_of_an_hour = last && last->length == hours{1} && *count < 60;
            if (!minutes_of_an_hour || number_begins != complete || !scan.at_end_of_word()) break;
            sum += minutes{*count};
            complete = number_ends;
            break;
        }
        // Larger units come first: in "10 min 2 hosts" and "5m 10m" the second number is not part of the span.
        if (last && found->length >= last->length) break;
        if (*count > longest_span / found->length) return std::nullopt;
        sum += *count * found->length;
        last = found;
        complete = scan.position();
    }
    if (!last || sum > longest_span) return std::nullopt;
    scan.go_back(complete);
    if (!scan.at_end_of_word()) return std::nullopt;
    return sum;
}

// "14:30", "14:30:15", "2:30pm", "2 pm": the time of day.
std::optional<Duration> clock(Scanner& scan) {
    auto hour = scan.number(1, 2);
    if (!hour) return std::nullopt;
    Duration of_hour{0};
    bool const with_minutes = scan.take(':');
    if (with_minutes) {
        auto const minute = scan.number(2, 2);
        if (!minute || *minute > 59) return std::nullopt;
        of_hour = minutes{*minute};
        if (scan.take(':')) {
            auto const second = scan.number(2, 2);
            if (!second || *second > 59) return std::nullopt;
            of_hour += seconds{*second};
        }
    }
    bool const am = scan.take_word("am");
    bool const pm = !am && scan.take_word("pm");
    if (am || pm) {
        if (*hour < 1 || *hour > 12) return std::nullopt;
        hour = *hour % 12 + (pm ? 12 : 0);
    } else if (!with_minutes) {
        return std::nullopt;
    }
    if (*hour > 23) return std::nullopt;
    return hours{*hour} + of_hour;
}

// "2026-12-01", as days since 1970.
std::optional<days> date(Scanner& scan) {
    auto const begin = scan.position();
    auto const year = scan.number(4, 4);
    if (year && scan.take('-')) {
        auto const month = scan.number(2, 2);
        if (month && scan.take('-')) {
            if (auto const day = scan.number(2, 2)) {
                std::chrono::year_month_day const found{std::chrono::year{static_cast<int>(*year)},
                                                        std::chrono::month{static_cast<unsigned>(*month)},
                                                        std::chrono::day{static_cast<unsigned>(*day)}};
                if (found.ok()) return std::chrono::sys_days{found}.time_since_epoch();
            }
        }
    }
    scan.go_back(begin);
    return std::nullopt;
}

std::optional<days> named_day(Scanner& scan, days today) {
    if (scan.take_word("today")) return today;
    if (scan.take_word("tomorrow")) return today + days{1};
    if (scan.take_word("yesterday")) return today - days{1};
    return std::nullopt;
}

// A clock time, a day, or both in either order, and the zone they are meant in.
std::optional<Time> point(Scanner& scan, TimeReading const& reading) {
    auto const today_in = [&](Zone const& zone) {
        return std::chrono::floor<days>(reading.now.time_since_epoch() + zone.offset(reading.now));
    };
    Zone const utc;
    auto const begin = scan.position();

    // The zone stands last but decides which day today is: read once to find it, then again with it.
    for (Zone const* zone = &reading.zone;;) {
        scan.go_back(begin);
        scan.skip_blanks();
        auto const today = today_in(*zone);
        auto day = date(scan);
        if (!day) day = named_day(scan, today);
        auto complete = scan.position();
        if (!day || !scan.take('t')) scan.take_word("at");
        scan.skip_blanks();
        auto const of_day = clock(scan);
        if (of_day) {
            complete = scan.position();
            bool const in_utc = scan.take('z') || scan.take_word("utc") || scan.take_word("gmt");
            if (in_utc && zone != &utc) {
                zone = &utc;
                continue;
            }
            if (!in_utc) scan.take_word(reading.zone.abbreviation(reading.now));
            if (!day) day = named_day(scan, today);
        } else {
            scan.go_back(complete);
        }
        if ((!day && !of_day) || !scan.at_end_of_word()) return std::nullopt;

        bool const ahead = reading.nearest == Nearest::next;
        // What is typed within the minute it names means now.
        auto const this_minute = std::chrono::floor<minutes>(reading.now);
        if (day) {
            auto const at = zone->from_local(*day + of_day.value_or(ahead ? whole_day - minutes{1} : Duration{0}));
            if (ahead ? at < this_minute : at > reading.now) return std::nullopt;
            return ahead ? std::max(at, reading.now) : at;
        }
        auto const at = zone->from_local(today + *of_day);
        if (ahead) return at < this_minute ? zone->from_local(today + days{1} + *of_day) : std::max(at, reading.now);
        return at > reading.now ? zone->from_local(today - days{1} + *of_day) : at;
    }
}

std::optional<Time> moment(Scanner& scan, TimeReading const& reading) {
    scan.skip_blanks();
    auto const begin = scan.position();
    if (scan.take_word("now")) return reading.now;

    bool const forward = scan.take_word("in");
    auto length = span(scan);
    if (!length && (forward || reading.bare_minutes)) {
        scan.go_back(begin);
        if (forward) scan.take_word("in");
        scan.skip_blanks();
        auto const count = scan.number(1, 6);
        if (count && *count <= longest_span / minutes{1} && scan.at_end_of_word()) {
            // "2 pm" is a clock time.
            if (!scan.take_word("am") && !scan.take_word("pm")) length = minutes{*count};
        }
    }
    if (length) {
        bool const backward = !forward && scan.take_word("ago");
        bool const ahead = reading.nearest == Nearest::next;
        if ((ahead && backward) || (!ahead && forward)) return std::nullopt;
        return later(reading.now, ahead ? *length : -*length);
    }
    if (forward) return std::nullopt;
    scan.go_back(begin);
    if (!scan.take_word("at")) scan.go_back(begin);
    return point(scan, reading);
}

} // namespace

std::optional<TimeRead> read_time(std::string_view text, TimeReading const& reading) {
    Scanner scan{text};
    auto const at = moment(scan, reading);
    if (!at || *at > later(reading.now, longest_span) || *at < later(reading.now, -longest_span)) return std::nullopt;
    return TimeRead{*at, scan.position()};
}

std::optional<Time> parse_time(std::string_view text, TimeReading const& reading) {
    text = trim_right(without_tail(trim_right(text), "."));
    auto const read = read_time(text, reading);
    if (!read || read->used != text.size()) return std::nullopt;
    return read->at;
}

std::optional<Duration> parse_span(std::string_view text) {
    text = trim(without_tail(trim(text), "."));
    Scanner scan{text};
    if (auto const length = span(scan)) {
        if (scan.position() == text.size()) return length;
        return std::nullopt;
    }
    scan.go_back(0);
    auto const count = scan.number(1, 6);
    if (!count || scan.position() != text.size() || *count > longest_span / minutes{1}) return std::nullopt;
    return minutes{*count};
}

} // namespace cox
