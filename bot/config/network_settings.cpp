#include "bot/config/network_settings.hpp"

#include "adapters/matrix/names.hpp"
#include "adapters/net/outside.hpp"
#include "adapters/net/url.hpp"
#include "bot/config/web_address.hpp"

#include <algorithm>
#include <array>

namespace cox::bot {
namespace {

// The place in the file, or its beginning.
void add(Report& report, YamlNode const* node, std::string what) {
    report.add(node ? node->line : 1, node ? node->column : 1, std::move(what));
}

void read_proxy(Report& report, YamlNode const* node, std::string const& variable, std::string& into) {
    auto const proxy = text_of(report, node, "proxy", 500);
    if (!proxy) return;
    into = *proxy;
    auto const parsed = net::parse_proxy(*proxy);
    if (!parsed) return add(report, node, "\"proxy\" cannot be used: " + parsed.error());
    if (parsed->password.empty()) return;
    add(report, node,
        "\"proxy\" holds a password, and no secret stands in this file; leave the user there and put the password "
        "into " +
            variable + ", or into a file that " + variable + "_FILE names");
}

void read_extra_ca(Report& report, YamlNode const* node, std::filesystem::path& into) {
    if (auto const path = text_of(report, node, "extra_ca", 1000)) into = *path;
}

void read_flag(Report& report, YamlNode const* node, std::string_view key, bool& into) {
    if (auto const yes = yes_or_no_of(report, node, key)) into = *yes;
}

void read_slack(Report& report, YamlNode const& node, Settings::Slack& into) {
    Fields const fields{report, node, "slack", {"api_url", "connections", "private_channels", "proxy", "extra_ca"}};
    auto const* url_node = fields.find("api_url");
    if (auto const url = text_of(report, url_node, "api_url", 500)) {
        into.api_url = *url;
        check_web_address(report, *url_node, "api_url", *url);
    }
    if (auto const places = number_of(report, fields.find("connections"), "connections", 1, 2)) {
        into.connections = *places;
    }
    read_flag(report, fields.find("private_channels"), "private_channels", into.private_channels);
    read_proxy(report, fields.find("proxy"), "COXSWAIN_SLACK_PROXY_PASSWORD", into.proxy);
    read_extra_ca(report, fields.find("extra_ca"), into.extra_ca);
}

void read_homeserver(Report& report, YamlNode const& node, Settings::Matrix& into) {
    auto const name = text_of(report, &node, "homeserver", 500);
    if (!name) return;
    into.homeserver = *name;
    bool const is_name = !name->contains("://");
    if (is_name && !net::parse_url("https://" + *name)) {
        return add(report, &node,
                   "\"homeserver\" is neither an address nor a server's name; write https://matrix.example.org, or "
                   "example.org where its .well-known says where that is");
    }
    if (!is_name) check_web_address(report, node, "homeserver", *name);
}

void read_websocket(Report& report, YamlNode const& node, Settings::Matrix& into) {
    auto const address = text_of(report, &node, "websocket", 500);
    if (!address) return;
    into.websocket = *address;
    auto const url = net::parse_url(*address);
    bool const good = url && (url->scheme == "wss" || (url->scheme == "ws" && net::is_loopback(url->host)));
    if (!good) {
        add(report, &node,
            "\"websocket\" is no address of an application service's proxy; write wss://wsproxy.example.org, or ws:// "
            "on this machine");
    }
}

// "@ana:example.org" or "example.org"
void read_accounts(Report& report, YamlNode const* node, std::string_view key, std::vector<std::string>& into) {
    for (auto const& entry : list_of(report, node, key, "[example.org, \"@ana:example.org\"]")) {
        auto const account = text_of(report, &entry, key, 255);
        if (!account) continue;
        bool const good = account->starts_with('@') ? matrix::is_user(*account)
                                                    : net::parse_url("https://" + *account).has_value() &&
                                                          !account->contains('/') && !account->contains('*');
        if (!good) {
            add(report, &entry,
                "\"" + *account + "\" is neither a user nor a server; write \"@ana:example.org\" or example.org");
        } else {
            into.push_back(*account);
        }
    }
}

void read_matrix(Report& report, YamlNode const& node, Settings::Matrix& into) {
    constexpr auto known =
        std::to_array<std::string_view>({"homeserver", "websocket", "user", "device", "allow", "deny", "invite",
                                         "power", "federate", "public_rooms", "proxy", "extra_ca"});
    Fields const fields{report, node, "matrix", std::span{known}};
    if (auto const* homeserver = fields.need("homeserver", "homeserver: https://matrix.example.org"))
        read_homeserver(report, *homeserver, into);
    if (auto const* node_of_it = fields.find("websocket")) read_websocket(report, *node_of_it, into);
    if (auto const user = text_of(report, fields.find("user"), "user", 255)) into.user = *user;
    if (auto const device = word_of(report, fields.find("device"), "device")) into.device = *device;
    read_accounts(report, fields.find("allow"), "allow", into.allow);
    read_accounts(report, fields.find("deny"), "deny", into.deny);
    read_accounts(report, fields.find("invite"), "invite", into.invite);
    if (auto const power = number_of(report, fields.find("power"), "power", 0, 100)) into.power = *power;
    read_flag(report, fields.find("federate"), "federate", into.federate);
    read_flag(report, fields.find("public_rooms"), "public_rooms", into.public_rooms);
    read_proxy(report, fields.find("proxy"), "COXSWAIN_MATRIX_PROXY_PASSWORD", into.proxy);
    read_extra_ca(report, fields.find("extra_ca"), into.extra_ca);
}

} // namespace

// Slack is on where it is named, or where its tokens are there.
void settle_slack(Report& report, YamlNode const* node, TokensThere there, Settings& into) {
    if (!node && !there.slack_app && !there.slack_bot) return;
    auto& slack = into.slack.emplace();
    if (node && node->kind != YamlNode::Kind::nothing) read_slack(report, *node, slack);
    auto const need = [&](bool is_there, std::string_view name, std::string_view what) {
        if (is_there) return;
        add(report, node,
            "Slack needs " + std::string{what} + " and there is none; set " + std::string{name} + ", or " +
                std::string{name} + "_FILE to a file that holds it" +
                (node ? "; without Slack, remove this section" : ""));
    };
    need(there.slack_app, "COXSWAIN_SLACK_APP_TOKEN", "the app-level token (xapp-…)");
    need(there.slack_bot, "COXSWAIN_SLACK_BOT_TOKEN", "the bot token (xoxb-…)");
}

// A secret alone does not say which homeserver it is for, and may be meant for another program.
void settle_matrix(Report& report, YamlNode const* node, TokensThere there, Settings& into) {
    if (!node) return;
    auto& matrix = into.matrix.emplace();
    read_matrix(report, *node, matrix);
    if (!matrix.websocket.empty() && !there.matrix_as_token) {
        add(report, node,
            "\"websocket\" needs the application service's token; set COXSWAIN_MATRIX_AS_TOKEN, or "
            "COXSWAIN_MATRIX_AS_TOKEN_FILE to a file that holds it");
    }
    if (!there.matrix_token && !there.matrix_password && !there.matrix_as_token) {
        add(report, node,
            "Matrix needs a password, an access token or an application service's token and there is none; set "
            "COXSWAIN_MATRIX_PASSWORD, COXSWAIN_MATRIX_TOKEN or COXSWAIN_MATRIX_AS_TOKEN, or the same name with _FILE "
            "to a file that holds it; without Matrix, remove this section");
    } else if (!there.matrix_token && matrix.user.empty()) {
        add(report, node, "the secret of Matrix is there, and whose it is is not; add \"user: coxswain\"");
    }
}

} // namespace cox::bot
