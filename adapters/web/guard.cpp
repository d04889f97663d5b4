#include "adapters/web/guard.hpp"

#include <algorithm>
#include <ranges>

namespace cox::web {
namespace {

constexpr std::string_view cookie_name = "coxswain_token=";

bool same_but_case(std::string_view a, std::string_view b) {
    auto const lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::ranges::equal(a, b, {}, lower, lower);
}

// Takes as long for a wrong secret as for the right one, whatever is wrong with it.
bool same_secret(std::string_view given, std::string_view secret) {
    unsigned difference = given.size() == secret.size() ? 0U : 1U;
    for (std::size_t i = 0; i < given.size(); ++i) {
        auto const expected = secret.empty() ? '\0' : secret[i % secret.size()];
        difference |= static_cast<unsigned char>(given[i]) ^ static_cast<unsigned char>(expected);
    }
    return difference == 0 && !secret.empty();
}

// "[::1]:8080" is "::1".
std::string_view without_port(std::string_view host) {
    if (host.starts_with('[')) {
        auto const end = host.find(']');
        if (end == host.npos) return {};
        auto const rest = host.substr(end + 1);
        return rest.empty() || rest.front() == ':' ? host.substr(1, end - 1) : std::string_view{};
    }
    return host.substr(0, host.find(':'));
}

// A token may hold bytes that a cookie may not.
std::string cookie_value(std::string_view token) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (char const c : token) {
        auto const byte = static_cast<unsigned char>(c);
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
    return out;
}

} // namespace

bool is_loopback_name(std::string_view host) {
    if (same_but_case(host, "localhost") || host == "::1") return true;
    bool const digits = std::ranges::all_of(host, [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
    return digits && host.starts_with("127.") && std::ranges::count(host, '.') == 3;
}

Guard::Guard(std::vector<std::string> hosts, std::optional<std::string> token)
    : hosts_{std::move(hosts)}, token_{std::move(token)} {}

bool Guard::known_host(std::string_view host) const {
    auto const name = without_port(host);
    if (is_loopback_name(name)) return true;
    return std::ranges::any_of(
        hosts_, [&](auto const& known) { return same_but_case(known, name) || same_but_case(known, host); });
}

bool Guard::has_token(Request const& request) const {
    constexpr std::string_view bearer = "bearer ";
    auto const& given = request.authorization;
    if (given.size() > bearer.size() && same_but_case(given.substr(0, bearer.size()), bearer) &&
        same_secret(given.substr(bearer.size()), *token_))
        return true;
    for (auto const part : std::views::split(request.cookie, ';')) {
        std::string_view cookie{part.begin(), part.end()};
        while (cookie.starts_with(' '))
            cookie.remove_prefix(1);
        if (!cookie.starts_with(cookie_name)) continue;
        if (same_secret(cookie.substr(cookie_name.size()), cookie_value(*token_))) return true;
    }
    return false;
}

std::optional<Fault> Guard::objection(Request const& request) const {
    auto const path = request.path();
    // Probes call by whatever address they have, and learn nothing that is not theirs. So do those who collect metrics
    // from a server that more than this machine can reach.
    bool const probe = path == "/healthz" || path == "/readyz" || (path == "/metrics" && token_);
    if (!probe && !known_host(request.host)) {
        return Fault{403, "unknown-host",
                     "This server does not answer to the name \"" + std::string{request.host.substr(0, 100)} + "\".",
                     "Use http://127.0.0.1 or http://localhost, or add the name to web.hosts in coxswain.yaml."};
    }
    bool const changes = request.upgrade || (request.method != "GET" && request.method != "HEAD");
    if (changes && !request.origin.empty()) {
        auto const scheme = request.origin.find("://");
        if (scheme == request.origin.npos || !same_but_case(request.origin.substr(scheme + 3), request.host)) {
            return Fault{403, "other-origin", "A page of another site may not do this.",
                         "Use the page that this server serves, or send no Origin."};
        }
    }
    bool const needs_token = (path.starts_with("/api/") || path == "/ws") && path != "/api/login";
    if (token_ && needs_token && !has_token(request)) {
        return Fault{401, "no-token", "This needs the server's token.",
                     "Send `Authorization: Bearer TOKEN`, or log in on the page. The operator set it as "
                     "COXSWAIN_WEB_TOKEN."};
    }
    return std::nullopt;
}

std::optional<std::string> Guard::cookie_for(std::string_view token) const {
    if (!token_) return "";
    if (!same_secret(token, *token_)) return std::nullopt;
    return std::string{cookie_name} + cookie_value(*token_) + "; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict";
}

} // namespace cox::web
