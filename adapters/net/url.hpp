#pragma once
// Addresses of the outside world, taken apart by the strict rules: nothing is guessed, nothing is unescaped.
// Source: RFC 3986, section 3; the schemes http, https, ws and wss only.
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace cox::net {

struct Url {
    std::string scheme;     // "https", lower case
    std::string host;       // lower case; an IPv6 address without its brackets
    std::uint16_t port = 0; // the scheme's own where none was written
    std::string target;     // path and query as they came, at least "/"

    bool secure() const { return scheme == "https" || scheme == "wss"; }
    bool operator==(Url const&) const = default;
};

// Refused, with what is wrong: user information, a fragment, control characters or blanks, a host that is a number in
// disguise (decimal, octal, hexadecimal), bytes beyond ASCII.
std::expected<Url, std::string> parse_url(std::string_view);
std::string text(Url const&);
// One segment of a path, or one name or value of a query: all but unreserved characters are encoded, a blank is %20.
std::string percent_encoded(std::string_view);
// "localhost", 127.0.0.0/8 and ::1: where plain http is allowed.
bool is_loopback(std::string_view host);
// Addresses that belong to a machine or a site (loopback, link-local, RFC 1918, unique local, unspecified, IPv4 mapped
// ones of these): not to be asked for because a stranger named them.
bool is_private_address(std::string_view host);

} // namespace cox::net
