#include "core/link.hpp"

#include "core/text.hpp"

#include <algorithm>

namespace cox {
namespace {

bool fits_in_an_address(char c) {
    return c > ' ' && c < '\x7f' && !std::string_view{"\"<>\\^`{|}"}.contains(c);
}

bool fits_in_a_host(char c) {
    bool const letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || std::string_view{"-._:[]"}.contains(c);
}

} // namespace

bool is_link(std::string_view text) {
    if (text.size() > longest_link || !std::ranges::all_of(text, fits_in_an_address)) return false;
    auto const colon = text.find("://");
    if (colon == text.npos) return false;
    auto const scheme = text.substr(0, colon);
    if (!same_ignoring_case(scheme, "https") && !same_ignoring_case(scheme, "http")) return false;
    text.remove_prefix(colon + 3);
    auto const host = text.substr(0, text.find_first_of("/?#"));
    return !host.empty() && host.front() != ':' && std::ranges::all_of(host, fits_in_a_host);
}

} // namespace cox
