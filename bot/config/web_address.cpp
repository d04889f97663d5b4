#include "bot/config/web_address.hpp"

#include "adapters/net/url.hpp"

namespace cox::bot {

void check_web_address(Report& report, YamlNode const& node, std::string_view key, std::string const& address) {
    auto const name = "\"" + std::string{key} + "\"";
    auto const parsed = net::parse_url(address);
    if (!parsed) {
        report.add(node.line, node.column,
                   name + " is no address: " + parsed.error() + "; write one such as https://example.org/path");
    } else if (!parsed->secure() && !net::is_loopback(parsed->host)) {
        report.add(node.line, node.column, name + " is plain http, which is for this machine only; write https://");
    }
}

} // namespace cox::bot
