#pragma once
// The command line: one function per subcommand, each gives the exit code.
#include "bot/config/config_folder.hpp"

#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace cox::bot {

// Exit codes of the command line's contract.
namespace code {
constexpr int done = 0;
constexpr int usage = 64;
constexpr int bad_data = 65;
constexpr int unreachable = 69;
constexpr int internal = 70;
constexpr int try_again = 75;
constexpr int refused = 77;
constexpr int configuration = 78;
} // namespace code

struct LogFlags {
    std::optional<std::string> style; // "text" or "json"; else the settings'
};

struct DemoFlags {
    unsigned short port = 8080;
    std::string clock; // "", "manual"
    std::optional<double> clock_rate;
    std::optional<std::string> play; // a drill or "none"
    std::optional<std::filesystem::path> data;
    LogFlags log;
};
struct FolderFlags {
    std::optional<std::filesystem::path> config;
    LogFlags log;
};
struct ExportFlags {
    std::string incident;
    std::string format = "md";
    std::optional<std::filesystem::path> data;
    std::optional<std::filesystem::path> config;
};
struct SayFlags {
    std::string as;
    std::string in;
    std::string text;
    std::optional<std::filesystem::path> data;
    std::optional<std::filesystem::path> config;
};

int demo(DemoFlags const&);
int serve(FolderFlags const&);
int check(FolderFlags const&, bool online);
int replay(std::filesystem::path const& file, std::optional<std::filesystem::path> const& config);
int export_incident(ExportFlags const&);
int say(SayFlags const&);

// Reads the command line and runs what it names.
int run_command_line(int argc, char** argv);

// "coxswain: what is wrong; what to do", on standard error.
void complain(std::string_view what);
// The configuration, or its problems said and nothing.
std::optional<ConfigFolder> config_or_complaints(std::optional<std::filesystem::path> const& folder,
                                                 Networks = Networks::unused);
// The rules of the core, as the policy's loader wants them.
std::vector<KnownRule> known_rules();

} // namespace cox::bot
