#include "bot/cli/cli.hpp"

#include "bot/config/nearest.hpp"
#include "bot/version.hpp"
#include "core/rules/rule.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <iostream>

namespace cox::bot {
namespace {

constexpr char const* about =
    "Incident command for chat channels: one channel, one command, and an update on every beat.";

constexpr char const* exit_codes = "Exit codes: 0 done, 64 usage, 65 bad data, 69 not reached, 70 internal, 75 try "
                                   "again, 77 refused, 78 configuration.";

using Check = std::function<std::string(std::string const&)>;

CLI::Validator checked(Check check, std::string shown) {
    return {[check = std::move(check)](std::string& given) { return check(given); }, std::move(shown)};
}

CLI::Validator one_of(std::vector<std::string> words) {
    std::string listed;
    for (auto const& word : words)
        listed += (listed.empty() ? "" : &word == &words.back() ? " or " : ", ") + word;
    return checked(
        [words, listed](std::string const& given) {
            bool const known = std::ranges::find(words, given) != words.end();
            return known ? "" : "there is no \"" + given + "\"; it can be " + listed;
        },
        "");
}

CLI::Validator port_number() {
    return checked(
        [](std::string const& given) {
            unsigned short port = 0;
            auto const* end = given.data() + given.size();
            auto const [ptr, error] = std::from_chars(given.data(), end, port);
            bool const good = error == std::errc{} && ptr == end;
            return good ? "" : "\"" + given + "\" is not a port; name one from 1 to 65535, or 0 for any that is free";
        },
        "");
}

CLI::Validator clock_rate() {
    return checked(
        [](std::string const& given) {
            double rate = 0;
            bool const good = CLI::detail::lexical_cast(given, rate) && rate >= 0.001 && rate <= 100000.0;
            return good ? "" : "\"" + given + "\" is not a rate; name a number from 0.001 to 100000, such as 60";
        },
        "");
}

// An empty path is most often a variable that was not set.
void check_paths(CLI::App& app) {
    auto const path =
        checked([](std::string const& given) { return given.empty() ? "is empty; name a path" : ""; }, "");
    for (auto* command : app.get_subcommands([](CLI::App*) { return true; })) {
        for (auto const* name : {"--data", "--config", "FILE"}) {
            if (auto* option = command->get_option_no_throw(name)) option->check(path);
        }
    }
}

void add_log(CLI::App& app, LogFlags& flags) {
    app.add_option("--log", flags.style, "how log lines read: text or json")->check(one_of({"text", "json"}));
}

std::string help_of(CLI::App const& app, std::string const& name) {
    return app.get_formatter()->make_help(&app, name, CLI::AppFormatMode::Normal);
}

std::vector<CLI::App const*> commands_of(CLI::App const& app) {
    return app.get_subcommands([](CLI::App const*) { return true; });
}

// Null when there is none.
CLI::App const* command_named(CLI::App const& app, std::string_view name) {
    for (auto const* command : commands_of(app)) {
        if (command->get_name() == name) return command;
    }
    return nullptr;
}

// The first word when no command has that name.
std::optional<std::string> unknown_command(CLI::App const& app, int argc, char** argv) {
    if (argc < 2) return std::nullopt;
    std::string const word = argv[1];
    if (word.empty() || word.starts_with('-') || command_named(app, word)) return std::nullopt;
    return word;
}

int no_command(CLI::App const& app, std::string const& word) {
    if (word == "migrate") {
        complain(
            "migrate is not there yet: this release keeps everything in SQLite; copy the database file of a stopped "
            "coxswain to move it");
        return code::usage;
    }
    std::vector<std::string> names;
    for (auto const* command : commands_of(app))
        names.push_back(command->get_name());
    auto const near = nearest(word, std::vector<std::string_view>{names.begin(), names.end()});
    complain("there is no command \"" + word + "\"; " +
             (near ? "did you mean \"" + std::string{*near} + "\"? " : std::string{}) +
             "`coxswain help` lists what there is");
    return code::usage;
}

// Says what was wrong with the command line; what to do follows unless it is said already.
void complain_about(CLI::ParseError const& error, CLI::App const& app, int argc, char** argv) {
    auto const chosen = app.get_subcommands();
    if (chosen.empty()) {
        complain(argc > 1 ? "a command comes first, and \"" + std::string{argv[1]} +
                                "\" is none; `coxswain help` lists what there is"
                          : "name a command; `coxswain help` lists what there is");
        return;
    }
    std::string const what = error.what();
    auto const hint = "; `coxswain help " + chosen.front()->get_name() + "` shows how it is used";
    complain(what.contains(';') ? what : what + hint);
}

} // namespace

void complain(std::string_view what) {
    std::fprintf(stderr, "coxswain: %.*s\n", static_cast<int>(what.size()), what.data());
}

std::vector<KnownRule> known_rules() {
    std::vector<KnownRule> known;
    for (auto const& rule : rules())
        known.push_back({rule.name, !rule.invariant()});
    return known;
}

std::optional<ConfigFolder> config_or_complaints(std::optional<std::filesystem::path> const& folder,
                                                 Networks networks) {
    auto const known = known_rules();
    auto config = load_config(folder, known, SecretSources::of_process(), networks);
    if (config) return std::move(*config);
    for (auto const& problem : config.error())
        complain(text(problem));
    return std::nullopt;
}

int run_command_line(int argc, char** argv) {
    CLI::App app{about, "coxswain"};
    app.require_subcommand(1);
    app.footer(exit_codes);
    int result = code::done;

    DemoFlags demo_flags;
    auto* demo_command = app.add_subcommand("demo", "a web channel to try it in; nothing to configure");
    demo_command->add_option("--port", demo_flags.port, "where to listen on loopback; 0 takes any that is free")
        ->capture_default_str()
        ->check(port_number());
    auto* rate =
        demo_command
            ->add_option("--clock-rate", demo_flags.clock_rate, "how many times faster than life the clock goes")
            ->check(clock_rate());
    demo_command->add_option("--clock", demo_flags.clock, "manual: time stands still until POST /api/clock moves it")
        ->check(one_of({"manual"}))
        ->excludes(rate);
    demo_command->add_option("--play", demo_flags.play, "a drill to play, or none");
    demo_command->add_option("--data", demo_flags.data,
                             "where to keep it; a folder that goes away with the process by default");
    add_log(*demo_command, demo_flags.log);
    demo_command->callback([&] { result = demo(demo_flags); });

    FolderFlags serve_flags;
    auto* serve_command = app.add_subcommand("serve", "the bot, with what the folder's coxswain.yaml names");
    serve_command->add_option("--config", serve_flags.config,
                              "the folder with coxswain.yaml, policy.yaml, templates, drills");
    add_log(*serve_command, serve_flags.log);
    serve_command->callback([&] { result = serve(serve_flags); });

    FolderFlags check_flags;
    bool online = false;
    auto* check_command =
        app.add_subcommand("check", "reads policy, templates, drills and secrets and names every mistake");
    check_command->add_option("--config", check_flags.config,
                              "the folder to check; the shipped configuration by default");
    check_command->add_flag("--online", online, "also asks the networks about tokens and rights");
    check_command->callback([&] { result = check(check_flags, online); });

    std::filesystem::path replayed;
    std::optional<std::filesystem::path> replay_config;
    auto* replay_command =
        app.add_subcommand("replay", "a log (JSON lines) to state, topic and posts, as when it happened");
    replay_command->add_option("FILE", replayed, "the log, as `coxswain export --format log` writes it")->required();
    replay_command->add_option("--config", replay_config, "the folder whose policy and templates to use");
    replay_command->callback([&] { result = replay(replayed, replay_config); });

    ExportFlags export_flags;
    auto* export_command = app.add_subcommand("export", "one incident as a file, on standard output");
    export_command->add_option("INCIDENT", export_flags.incident, "INC-42 or 42")->required();
    export_command->add_option("--format", export_flags.format, "md or log")
        ->capture_default_str()
        ->check(one_of({"md", "log"}));
    export_command->add_option("--data", export_flags.data, "the data folder; the configuration's by default");
    export_command->add_option("--config", export_flags.config, "the folder whose policy, templates and data to use");
    export_command->callback([&] { result = export_incident(export_flags); });

    SayFlags say_flags;
    auto* say_command =
        app.add_subcommand("say", "says something to the running coxswain, for when chat itself is down");
    say_command->add_option("--as", say_flags.as, "who is speaking")->required();
    say_command->add_option("--in", say_flags.in, "the channel; the only open incident's, else ops, by default");
    std::vector<std::string> words;
    say_command->add_option("TEXT", words, "the command, such as: ic me")->required();
    say_command->add_option("--data", say_flags.data, "the data folder of the running coxswain");
    say_command->add_option("--config", say_flags.config, "its configuration folder");
    say_command->callback([&] {
        say_flags.text = CLI::detail::join(words, " ");
        result = say(say_flags);
    });

    auto* version_command = app.add_subcommand("version", "which one this is");
    version_command->callback([] { std::cout << "coxswain " << version << "\n"; });
    std::string asked;
    auto* help_command = app.add_subcommand("help", "this text, or how one command is used");
    help_command->add_option("COMMAND", asked, "one of them");
    help_command->callback([&] {
        CLI::App const* command = asked.empty() ? &app : command_named(app, asked);
        if (command) {
            std::cout << help_of(*command, asked.empty() ? "coxswain" : "coxswain " + asked);
        } else {
            result = no_command(app, asked);
        }
    });

    check_paths(app);
    if (auto const word = unknown_command(app, argc, argv)) return no_command(app, *word);
    try {
        app.parse(argc, argv);
    } catch (CLI::CallForHelp const& help) {
        return app.exit(help);
    } catch (CLI::ParseError const& error) {
        complain_about(error, app, argc, argv);
        return code::usage;
    }
    std::cout.flush();
    if (!std::cout) {
        complain("standard output cannot be written, so what stands there is not whole; free some space or name "
                 "another place");
        return code::internal;
    }
    return result;
}

} // namespace cox::bot
