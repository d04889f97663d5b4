#include "adapters/slack/response_url.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace cox::slack {
namespace {

constexpr std::string_view hooks = "https://hooks.slack.com/";
constexpr std::string_view this_machine = "http://127.0.0.1:";
constexpr std::size_t longest_url = 2048;

// What a path and a query may hold; no blanks or line ends, which would reach into the request around them.
bool path_character(char c) {
    constexpr std::string_view marks = "/?&=%+-._~:,;!$'()*@";
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           marks.find(c) != std::string_view::npos;
}

bool is_path(std::string_view rest) {
    return std::ranges::all_of(rest, path_character);
}

bool is_port(std::string_view digits) {
    std::uint16_t port = 0;
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    return error == std::errc{} && end == digits.data() + digits.size() && port != 0;
}

} // namespace

bool is_response_url(std::string_view url, bool loopback_allowed) {
    if (url.size() > longest_url) return false;
    // The slash that ends the prefix ends the host: no port, no user information, no longer name can follow.
    if (url.starts_with(hooks)) return is_path(url.substr(hooks.size()));
    if (!loopback_allowed || !url.starts_with(this_machine)) return false;
    auto const rest = url.substr(this_machine.size());
    auto const slash = rest.find('/');
    return slash != std::string_view::npos && is_port(rest.substr(0, slash)) && is_path(rest.substr(slash));
}

} // namespace cox::slack
