#pragma once
// coxswain.yaml: how the bot runs on its machine. An empty file is a good one.
#include "bot/config/problem.hpp"

#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cox::bot {

struct Settings {
    struct Storage {
        std::filesystem::path sqlite = "coxswain.db"; // below `data` unless absolute
    };
    struct Web {
        std::string address = "127.0.0.1"; // an IP address
        std::uint16_t port = 8080;         // 0: any that is free
        std::vector<std::string> hosts;    // names beside the loopback ones by which browsers reach it
    };
    struct Slack {
        std::string api_url = "https://slack.com/api/";
        int connections = 1;           // held at the same time
        bool private_channels = false; // those it makes for incidents
        std::string proxy;             // "" without; http://user@host:port, its password is a secret
        std::filesystem::path extra_ca;
    };
    enum class LogForm { text, json };
    enum class LogLevel { trace, debug, info, warn, error };
    struct Log {
        LogForm form = LogForm::text;
        LogLevel level = LogLevel::info;
    };

    std::filesystem::path data; // empty: not named
    Storage storage;
    Web web;
    std::optional<Slack> slack; // none: not connected to Slack
    Log log;
};

// Which secrets there are.
struct TokensThere {
    bool web = false;
    bool slack_app = false;
    bool slack_bot = false;
};

// Beyond loopback the web channel needs its token: without one the address is a problem. Slack needs both of its
// tokens, and is connected to where there are both, whether or not the file has a section for it.
std::expected<Settings, std::vector<Problem>> load_settings(std::string_view file_name, std::string_view text,
                                                            TokensThere);

} // namespace cox::bot
