#include "adapters/net/retry_after.hpp"

#include <algorithm>
#include <charconv>
#include <iomanip>
#include <locale>
#include <sstream>
#include <string>

namespace cox::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Moment = std::chrono::sys_time<milliseconds>;

std::string_view without_blanks(std::string_view text) {
    constexpr std::string_view blanks = " \t";
    auto const first = text.find_first_not_of(blanks);
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::optional<Moment> http_date(std::string_view text) {
    std::istringstream in{std::string{text}};
    in.imbue(std::locale::classic());
    std::tm parts{};
    in >> std::get_time(&parts, "%a, %d %b %Y %H:%M:%S GMT");
    if (in.fail()) return std::nullopt;
    auto const day = std::chrono::year{parts.tm_year + 1900} / (parts.tm_mon + 1) / parts.tm_mday;
    if (!day.ok()) return std::nullopt;
    return std::chrono::sys_days{day} + std::chrono::hours{parts.tm_hour} + std::chrono::minutes{parts.tm_min} +
           seconds{parts.tm_sec};
}

milliseconds within_reason(milliseconds wait) {
    return std::clamp(wait, milliseconds{0}, longest_retry_after);
}

} // namespace

std::optional<milliseconds> read_retry_after(std::string_view header, Moment now) {
    header = without_blanks(header);
    if (header.empty()) return std::nullopt;
    std::int64_t number = 0;
    auto const [end, error] = std::from_chars(header.data(), header.data() + header.size(), number);
    if (error == std::errc::result_out_of_range && header.front() != '-') return longest_retry_after;
    if (error == std::errc{} && end == header.data() + header.size()) {
        return within_reason(seconds{std::clamp<std::int64_t>(number, 0, longest_retry_after / seconds{1})});
    }
    auto const date = http_date(header);
    return date ? std::optional{within_reason(*date - now)} : std::nullopt;
}

} // namespace cox::net
