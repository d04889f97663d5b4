#include "adapters/net/outside.hpp"

#include <algorithm>
#include <charconv>

namespace cox::net {
namespace {

std::expected<std::string, std::string> percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            out += text[at];
            continue;
        }
        unsigned byte = 0;
        auto const* const first = text.data() + at + 1;
        auto const* const last = text.data() + std::min(at + 3, text.size());
        auto const [end, error] = std::from_chars(first, last, byte, 16);
        if (error != std::errc{} || end != first + 2)
            return std::unexpected{"a % is not followed by two hexadecimal digits"};
        out += static_cast<char>(byte);
        at += 2;
    }
    return out;
}

} // namespace

// The strict parser knows no user information, so it is taken out first. No error repeats what was written: a password
// may be in it.
std::expected<Proxy, std::string> parse_proxy(std::string_view written) {
    constexpr std::string_view scheme = "http://";
    if (!written.starts_with(scheme)) return std::unexpected{"a proxy's address begins with http://"};
    auto const rest = written.substr(scheme.size());
    auto const authority = rest.substr(0, rest.find('/'));
    auto const at = authority.rfind('@');

    auto const address = at == std::string_view::npos ? rest : rest.substr(at + 1);
    auto url = parse_url(std::string{scheme} + std::string{address});
    if (!url) return std::unexpected{"the proxy: " + url.error()};
    if (url->target != "/") return std::unexpected{"the proxy: there is a path behind the host"};
    Proxy proxy{std::move(url->host), url->port, {}, {}};
    if (at == std::string_view::npos) return proxy;

    auto const information = authority.substr(0, at);
    auto const colon = information.find(':');
    auto user = percent_decoded(information.substr(0, colon));
    auto password = colon == std::string_view::npos ? std::string{} : percent_decoded(information.substr(colon + 1));
    for (auto const* part : {&user, &password}) {
        if (!*part) return std::unexpected{"the proxy's user information: " + part->error()};
    }
    // Basic authentication separates the two by the first colon (RFC 7617).
    if (user->find(':') != std::string::npos) return std::unexpected{"the proxy's user name has a colon"};
    proxy.user = std::move(*user);
    proxy.password = std::move(*password);
    return proxy;
}

} // namespace cox::net
