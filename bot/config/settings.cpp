#include "bot/config/settings.hpp"

#include "bot/config/nearest.hpp"
#include "bot/config/network_settings.hpp"
#include "bot/config/yaml_reader.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <utility>

namespace cox::bot {
namespace {

// Sections of releases to come; a file that names one expects something that would not happen.
constexpr std::string_view not_yet[] = {"integrations"};

struct Address {
    bool valid = false;
    bool loopback = false;
};

Address look_at(std::string const& text) {
    in_addr v4{};
    if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return {true, (ntohl(v4.s_addr) >> 24) == 127};
    in6_addr v6{};
    if (inet_pton(AF_INET6, text.c_str(), &v6) == 1) return {true, IN6_IS_ADDR_LOOPBACK(&v6) != 0};
    return {};
}

template <class Value, std::size_t N>
void choose(Report& report, YamlNode const* node, std::string_view key,
            std::array<std::pair<std::string_view, Value>, N> const& choices, Value& into) {
    auto const word = word_of(report, node, key);
    if (!word) return;
    std::vector<std::string_view> known;
    for (auto const& [name, value] : choices) {
        if (name == *word) {
            into = value;
            return;
        }
        known.push_back(name);
    }
    report.add(node->line, node->column,
               "\"" + std::string{key} + "\" cannot be \"" + *word + "\"; " + did_you_mean(*word, known));
}

void read_path(Report& report, YamlNode const* node, std::string_view key, std::filesystem::path& into) {
    if (auto const path = text_of(report, node, key, 1000)) into = *path;
}

void read_storage(Report& report, YamlNode const& node, Settings::Storage& into) {
    if (node.kind == YamlNode::Kind::map) {
        auto const postgres =
            std::ranges::find_if(node.keys, [](YamlKey const& k) { return k.name.starts_with("postgres"); });
        if (postgres != node.keys.end()) {
            report.add(postgres->line, postgres->column,
                       "PostgreSQL is not in this release; remove this line, SQLite is what it has");
            return;
        }
    }
    Fields const fields{report, node, "storage", {"sqlite"}};
    read_path(report, fields.find("sqlite"), "sqlite", into.sqlite);
}

void read_web(Report& report, YamlNode const& node, bool has_token, Settings::Web& into) {
    Fields const fields{report, node, "web", {"address", "port", "hosts"}};
    auto const* address_node = fields.find("address");
    if (auto const address = text_of(report, address_node, "address", 100)) {
        into.address = *address == "localhost" ? "127.0.0.1" : *address;
        auto const [valid, loopback] = look_at(into.address);
        if (!valid) {
            report.add(address_node->line, address_node->column,
                       "\"" + *address +
                           "\" is no IP address; write 127.0.0.1 for this machine only, 0.0.0.0 or :: for all "
                           "networks");
        } else if (!loopback && !has_token) {
            report.add(
                address_node->line, address_node->column,
                "beyond this machine the web channel needs a token and there is none; set COXSWAIN_WEB_TOKEN, or "
                "write address: 127.0.0.1");
        }
    }
    if (auto const port = number_of(report, fields.find("port"), "port", 0, 65535)) {
        into.port = static_cast<std::uint16_t>(*port);
    }
    for (auto const& entry : list_of(report, fields.find("hosts"), "hosts", "[coxswain.example.org]")) {
        auto const host = word_of(report, &entry, "hosts");
        if (!host) continue;
        if (host->contains('/') || host->contains(':') || host->contains('*')) {
            report.add(entry.line, entry.column,
                       "\"" + *host +
                           "\" is more than a host's name; write the name alone, "
                           "such as coxswain.example.org");
        } else {
            into.hosts.push_back(*host);
        }
    }
}

void read_log(Report& report, YamlNode const& node, Settings::Log& into) {
    using Form = Settings::LogForm;
    using Level = Settings::LogLevel;
    using namespace std::string_view_literals;
    Fields const fields{report, node, "log", {"form", "level"}};
    choose(report, fields.find("form"), "form",
           std::array{std::pair{"text"sv, Form::text}, std::pair{"json"sv, Form::json}}, into.form);
    choose(report, fields.find("level"), "level",
           std::array{std::pair{"trace"sv, Level::trace}, std::pair{"debug"sv, Level::debug},
                      std::pair{"info"sv, Level::info}, std::pair{"warn"sv, Level::warn},
                      std::pair{"error"sv, Level::error}},
           into.level);
}

// Takes the sections of later releases out of the tree, each with its own sentence.
void refuse_later_sections(Report& report, YamlNode& root) {
    for (std::size_t i = 0; i < root.keys.size();) {
        auto const& key = root.keys[i];
        if (std::ranges::find(not_yet, key.name) == std::end(not_yet)) {
            ++i;
            continue;
        }
        report.add(key.line, key.column,
                   "\"" + key.name +
                       "\" is not in this release; remove this section, it has the web channel, "
                       "Slack and Matrix");
        root.keys.erase(root.keys.begin() + static_cast<std::ptrdiff_t>(i));
        root.items.erase(root.items.begin() + static_cast<std::ptrdiff_t>(i));
    }
}

} // namespace

std::expected<Settings, std::vector<Problem>> load_settings(std::string_view file_name, std::string_view text,
                                                            TokensThere there) {
    Report report{file_name};
    Settings settings;
    if (auto root = read_yaml(text, report)) {
        refuse_later_sections(report, *root);
        Fields const fields{report, *root, "coxswain.yaml", {"data", "storage", "web", "slack", "matrix", "log"}};
        read_path(report, fields.find("data"), "data", settings.data);
        if (auto const* node = fields.find("storage")) read_storage(report, *node, settings.storage);
        if (auto const* node = fields.find("web")) read_web(report, *node, there.web, settings.web);
        settle_slack(report, fields.find("slack"), there, settings);
        settle_matrix(report, fields.find("matrix"), there, settings);
        if (auto const* node = fields.find("log")) read_log(report, *node, settings.log);
    }
    if (!report.empty()) return std::unexpected{report.take()};
    return settings;
}

} // namespace cox::bot
