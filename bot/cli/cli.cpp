#include "bot/cli/cli.hpp"

#include "bot/version.hpp"
#include "core/rules/rule.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <iostream>

namespace cox::bot {
namespace {

constexpr char const* about = "Incident command for chat channels: one channel, one command, and an update on every beat.";

void add_log(CLI::App& app, LogFlags& flags) {
    app.add_option("--log", flags.style, "how log lines read: text or json")->check(CLI::IsMember({"text", "json"}));
}

} // namespace

void complain(std::string_view what) {
    std::fprintf(stderr, "coxswain: %.*s\n", static_cast<int>(what.size()), what.data());
}

std::vector<KnownRule> known_rules() {
    std::vector<KnownRule> known;
    for (auto const& rule : rules()) known.push_back({rule.name, !rule.invariant()});
    return known;
}

std::optional<ConfigFolder> config_or_complaints(std::optional<std::filesystem::path> const& folder) {
    auto const known = known_rules();
    auto config = load_config(folder, known);
    if (config) return std::move(*config);
    for (auto const& problem : config.error()) complain(text(problem));
    return std::nullopt;
}

int run_command_line(int argc, char** argv) {
    CLI::App app{about, "coxswain"};
    app.require_subcommand(1);
    int result = code::done;

    DemoFlags demo_flags;
    auto* demo_command = app.add_subcommand("demo", "a web channel to try it in; nothing to configure");
    demo_command->add_option("--port", demo_flags.port, "where to listen on loopback; 0 takes any that is free")->capture_default_str();
    auto* rate = demo_command->add_option("--clock-rate", demo_flags.clock_rate, "how many times faster than life the clock goes")
                     ->check(CLI::Range(0.001, 100000.0));
    demo_command->add_option("--clock", demo_flags.clock, "manual: time stands still until POST /api/clock moves it")
        ->check(CLI::IsMember({"manual"}))
        ->excludes(rate);
    demo_command->add_option("--play", demo_flags.play, "a drill to play, or none");
    demo_command->add_option("--data", demo_flags.data, "where to keep it; a folder that goes away with the process by default");
    add_log(*demo_command, demo_flags.log);
    demo_command->callback([&] { result = demo(demo_flags); });

    FolderFlags serve_flags;
    auto* serve_command = app.add_subcommand("serve", "the bot, with what the folder's coxswain.yaml names");
    serve_command->add_option("--config", serve_flags.config, "the folder with coxswain.yaml, policy.yaml, templates, drills");
    add_log(*serve_command, serve_flags.log);
    serve_command->callback([&] { result = serve(serve_flags); });

    FolderFlags check_flags;
    bool online = false;
    auto* check_command = app.add_subcommand("check", "reads policy, templates, drills and secrets and names every mistake");
    check_command->add_option("--config", check_flags.config, "the folder to check; the shipped configuration by default");
    check_command->add_flag("--online", online, "also asks the networks about tokens and rights");
    check_command->callback([&] { result = check(check_flags, online); });

    std::filesystem::path replayed;
    std::optional<std::filesystem::path> replay_config;
    auto* replay_command = app.add_subcommand("replay", "a log (JSON lines) to state, topic and posts, as when it happened");
    replay_command->add_option("FILE", replayed, "the log, as `coxswain export --format log` writes it")->required();
    replay_command->add_option("--config", replay_config, "the folder whose policy and templates to use");
    replay_command->callback([&] { result = replay(replayed, replay_config); });

    ExportFlags export_flags;
    auto* export_command = app.add_subcommand("export", "one incident as a file, on standard output");
    export_command->add_option("INCIDENT", export_flags.incident, "INC-42 or 42")->required();
    export_command->add_option("--format", export_flags.format, "md or log")->capture_default_str()->check(CLI::IsMember({"md", "log"}));
    export_command->add_option("--data", export_flags.data, "the data folder; the configuration's by default");
    export_command->add_option("--config", export_flags.config, "the folder whose policy, templates and data to use");
    export_command->callback([&] { result = export_incident(export_flags); });

    SayFlags say_flags;
    auto* say_command = app.add_subcommand("say", "says something to the running coxswain, for when chat itself is down");
    say_command->add_option("--as", say_flags.as, "who is speaking")->required();
    say_command->add_option("--in", say_flags.in, "the channel; the only open incident's, else ops, by default");
    say_command->add_option("TEXT", say_flags.text, "the command, such as: ic me")->required();
    say_command->add_option("--data", say_flags.data, "the data folder of the running coxswain");
    say_command->add_option("--config", say_flags.config, "its configuration folder");
    say_command->callback([&] { result = say(say_flags); });

    auto* version_command = app.add_subcommand("version", "which one this is");
    version_command->callback([] { std::cout << "coxswain " << version << "\n"; });
    auto* help_command = app.add_subcommand("help", "this text");
    help_command->callback([&] { std::cout << app.help(); });

    try {
        app.parse(argc, argv);
    } catch (CLI::CallForHelp const& help) {
        return app.exit(help);
    } catch (CLI::ParseError const& error) {
        complain(std::string{error.what()} + "; `coxswain help` lists what there is");
        return code::usage;
    }
    return result;
}

} // namespace cox::bot
