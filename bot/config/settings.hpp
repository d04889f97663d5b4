#pragma once
// coxswain.yaml: how the bot runs on its machine. An empty file is a good one.
#include "bot/config/problem.hpp"

#include <cstdint>
#include <expected>
#include <filesystem>
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
    enum class LogForm { text, json };
    enum class LogLevel { trace, debug, info, warn, error };
    struct Log {
        LogForm form = LogForm::text;
        LogLevel level = LogLevel::info;
    };

    std::filesystem::path data; // empty: not named
    Storage storage;
    Web web;
    Log log;
};

// Beyond loopback the web channel needs its token: without one the address is a problem.
std::expected<Settings, std::vector<Problem>> load_settings(std::string_view file_name, std::string_view text,
                                                            bool has_web_token);

} // namespace cox::bot
