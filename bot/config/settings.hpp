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
    // People and servers are named by their ids: "@ana:example.org", "example.org".
    struct Matrix {
        std::string homeserver; // its address, or a server's name whose .well-known is asked
        std::string websocket;  // an application service's proxy; "" without
        std::string user;       // for a password; in full or its first part
        std::string device = "COXSWAIN";
        std::vector<std::string> allow;  // whose commands count; none: people of the bot's own server
        std::vector<std::string> deny;   // who is not heard at all
        std::vector<std::string> invite; // whose invitations are accepted; none: of those whose commands count
        int power = 0;                   // that who commands needs in the room
        bool federate = false;           // the rooms it makes
        bool public_rooms = false;
        std::string proxy; // "" without; http://user@host:port, its password is a secret
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
    std::optional<Slack> slack;   // none: not connected to Slack
    std::optional<Matrix> matrix; // none: not connected to Matrix
    Log log;
};

// Which secrets there are.
struct TokensThere {
    bool web = false;
    bool slack_app = false;
    bool slack_bot = false;
    bool matrix_token = false;
    bool matrix_password = false;
    bool matrix_as_token = false;
};

// Beyond loopback the web channel needs its token: without one the address is a problem. Slack needs both of its
// tokens, and is connected to where there are both, whether or not the file has a section for it. Matrix needs its
// section, and a token or a password.
std::expected<Settings, std::vector<Problem>> load_settings(std::string_view file_name, std::string_view text,
                                                            TokensThere);

} // namespace cox::bot
