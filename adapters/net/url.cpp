#include "adapters/net/url.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace cox::net {
namespace {

namespace ip = boost::asio::ip;

constexpr std::size_t longest_url = 8 * 1024;
constexpr std::size_t longest_host = 253;
constexpr std::size_t longest_label = 63;
constexpr auto scheme_ports = std::to_array<std::pair<std::string_view, std::uint16_t>>({{"https", std::uint16_t{443}},
                                                                                         {"wss", std::uint16_t{443}},
                                                                                         {"http", std::uint16_t{80}},
                                                                                         {"ws", std::uint16_t{80}}});

// Not the locale's: std::isdigit and its like would ask it.
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

std::string lower(std::string_view text) {
    std::string out{text};
    for (auto& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

std::optional<std::uint16_t> port_of(std::string_view scheme) {
    for (auto const& [name, port] : scheme_ports) {
        if (name == scheme) return port;
    }
    return std::nullopt;
}

std::string_view wrong_character(std::string_view text) {
    for (auto const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        if (byte >= 0x80) return "a byte beyond ASCII";
        if (byte <= 0x20 || byte == 0x7f) return "a blank or a control character";
        if (c == '#') return "a fragment (#)";
        if (std::string_view{"\\\"<>^`{|}"}.find(c) != std::string_view::npos)
            return "a character that must be written in percent form";
    }
    return {};
}

bool percent_forms_are_whole(std::string_view text) {
    for (auto at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1)) {
        if (at + 2 >= text.size() || !is_hex(text[at + 1]) || !is_hex(text[at + 2])) return false;
    }
    return true;
}

// Four decimal numbers without leading zeros: the only way to write an IPv4 address that everybody reads alike.
bool is_dotted_quad(std::string_view host) {
    int numbers = 0;
    while (true) {
        auto const dot = host.find('.');
        auto const number = host.substr(0, dot);
        if (number.empty() || number.size() > 3 || (number.size() > 1 && number[0] == '0')) return false;
        if (!std::ranges::all_of(number, is_digit)) return false;
        unsigned value = 0;
        std::from_chars(number.data(), number.data() + number.size(), value);
        if (value > 255) return false;
        ++numbers;
        if (dot == std::string_view::npos) return numbers == 4;
        host.remove_prefix(dot + 1);
    }
}

// Whether libraries might take the name for a number: its last label is one, in any base.
bool ends_in_number(std::string_view host) {
    auto const dot = host.rfind('.');
    auto const label = dot == std::string_view::npos ? host : host.substr(dot + 1);
    if (std::ranges::all_of(label, is_digit)) return true;
    return label.starts_with("0x") && std::ranges::all_of(label.substr(2), is_hex);
}

std::string_view wrong_name(std::string_view host) {
    if (host.size() > longest_host) return "the host is too long";
    while (true) {
        auto const dot = host.find('.');
        auto const label = host.substr(0, dot);
        if (label.empty()) return "the host has an empty part";
        if (label.size() > longest_label) return "a part of the host is too long";
        if (label.front() == '-' || label.back() == '-') return "a part of the host begins or ends with -";
        auto const fits = [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; };
        if (!std::ranges::all_of(label, fits)) return "the host has a character that no name has";
        if (dot == std::string_view::npos) return {};
        host.remove_prefix(dot + 1);
    }
}

using Host = std::expected<std::string, std::string>;

Host parse_v6(std::string_view inside) {
    boost::system::error_code error;
    auto const address = ip::make_address_v6(std::string{inside}, error);
    // A zone (%eth0) means something on this machine only.
    if (error || inside.find('%') != std::string_view::npos)
        return std::unexpected{"what is in the brackets is no IPv6 address"};
    return address.to_string();
}

Host parse_host(std::string_view written) {
    auto host = lower(written);
    if (host.empty()) return std::unexpected{"there is no host"};
    if (auto const wrong = wrong_name(host); !wrong.empty()) return std::unexpected{std::string{wrong}};
    if (ends_in_number(host) && !is_dotted_quad(host)) return std::unexpected{"the host is a number in disguise"};
    return host;
}

std::optional<std::uint16_t> parse_port(std::string_view digits) {
    if (digits.empty() || digits.size() > 5 || digits[0] == '0') return std::nullopt;
    unsigned port = 0;
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc{} || end != digits.data() + digits.size() || port > 65535) return std::nullopt;
    return static_cast<std::uint16_t>(port);
}

bool is_private(ip::address_v4 address) {
    struct Net {
        std::uint32_t address;
        int bits;
    };
    // RFC 6890 and its register: this network, private, shared, loopback, link-local, special, benchmarks, multicast
    // and what lies behind it.
    static constexpr Net nets[] = {{0x00000000, 8},  {0x0a000000, 8},  {0x64400000, 10}, {0x7f000000, 8},
                                   {0xa9fe0000, 16}, {0xac100000, 12}, {0xc0000000, 24}, {0xc0a80000, 16},
                                   {0xc6120000, 15}, {0xe0000000, 3}};
    auto const value = address.to_uint();
    return std::ranges::any_of(nets, [value](Net net) { return (value ^ net.address) >> (32 - net.bits) == 0; });
}

// The IPv4 address that an IPv6 address stands for: mapped, compatible, behind a translator (64:ff9b::/96), 6to4.
std::optional<ip::address_v4> v4_inside(ip::address_v6 const& address) {
    auto const bytes = address.to_bytes();
    auto const v4_at = [&](std::size_t at) {
        return ip::address_v4{ip::address_v4::bytes_type{{bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]}}};
    };
    auto const zeros = [&](std::size_t from, std::size_t to) {
        return std::all_of(bytes.begin() + static_cast<std::ptrdiff_t>(from),
                           bytes.begin() + static_cast<std::ptrdiff_t>(to), [](auto byte) { return byte == 0; });
    };
    if (zeros(0, 10) && ((bytes[10] == 0xff && bytes[11] == 0xff) || zeros(10, 12))) return v4_at(12);
    if (bytes[0] == 0x00 && bytes[1] == 0x64 && bytes[2] == 0xff && bytes[3] == 0x9b && zeros(4, 12)) return v4_at(12);
    if (bytes[0] == 0x20 && bytes[1] == 0x02) return v4_at(2);
    return std::nullopt;
}

bool is_private(ip::address_v6 const& address) {
    auto const bytes = address.to_bytes();
    if (address.is_unspecified() || address.is_loopback() || address.is_link_local() || address.is_site_local() ||
        address.is_multicast())
        return true;
    if ((bytes[0] & 0xfe) == 0xfc) return true; // unique local
    auto const v4 = v4_inside(address);
    return v4 && is_private(*v4);
}

} // namespace

std::expected<Url, std::string> parse_url(std::string_view written) {
    if (written.size() > longest_url) return std::unexpected{"the address is too long"};
    if (auto const wrong = wrong_character(written); !wrong.empty())
        return std::unexpected{"there is " + std::string{wrong} + " in the address"};

    auto const colon = written.find("://");
    if (colon == std::string_view::npos) return std::unexpected{"the address does not begin with https://"};
    Url url;
    url.scheme = lower(written.substr(0, colon));
    auto const usual_port = port_of(url.scheme);
    if (!usual_port) return std::unexpected{"the scheme is none of https, http, wss, ws"};

    auto const rest = written.substr(colon + 3);
    auto const authority = rest.substr(0, rest.find_first_of("/?"));
    url.target = rest.substr(authority.size());
    if (!url.target.starts_with('/')) url.target.insert(0, "/");
    if (!percent_forms_are_whole(url.target)) return std::unexpected{"a % is not followed by two hexadecimal digits"};
    if (authority.find('@') != std::string_view::npos)
        return std::unexpected{"there is user information (@) before the host"};

    auto const bracketed = authority.starts_with('[');
    auto const end = bracketed ? authority.find(']') : authority.find(':');
    if (bracketed && end == std::string_view::npos) return std::unexpected{"a bracket is not closed"};
    auto host = bracketed ? parse_v6(authority.substr(1, end - 1)) : parse_host(authority.substr(0, end));
    if (!host) return std::unexpected{std::move(host.error())};
    url.host = std::move(*host);

    auto after = end == std::string_view::npos ? std::string_view{} : authority.substr(bracketed ? end + 1 : end);
    url.port = *usual_port;
    if (after.empty()) return url;
    auto const port = after.starts_with(':') ? parse_port(after.substr(1)) : std::nullopt;
    if (!port) return std::unexpected{"what follows the host is no port from 1 to 65535"};
    url.port = *port;
    return url;
}

std::string text(Url const& url) {
    auto out = url.scheme + "://";
    out += url.host.find(':') == std::string::npos ? url.host : "[" + url.host + "]";
    if (url.port != port_of(url.scheme)) out += ":" + std::to_string(url.port);
    return out + url.target;
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    constexpr std::string_view unreserved = "-._~";
    std::string out;
    out.reserve(text.size());
    for (char const c : text) {
        if (is_letter(c) || is_digit(c) || unreserved.contains(c)) {
            out += c;
            continue;
        }
        auto const byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

bool is_loopback(std::string_view host) {
    if (host == "localhost") return true;
    if (is_dotted_quad(host)) return host.starts_with("127.");
    boost::system::error_code error;
    auto const address = ip::make_address_v6(std::string{host}, error);
    return !error && address.is_loopback();
}

bool is_private_address(std::string_view host) {
    if (host == "localhost") return true;
    boost::system::error_code error;
    auto const address = ip::make_address(std::string{host}, error);
    if (error) return false;
    return address.is_v4() ? is_private(address.to_v4()) : is_private(address.to_v6());
}

} // namespace cox::net
