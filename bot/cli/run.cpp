// demo and serve: the two ways to run it.
#include "adapters/matrix/check_online.hpp"
#include "adapters/slack/check_online.hpp"
#include "bot/cli/cli.hpp"
#include "bot/house.hpp"
#include "bot/logging.hpp"
#include "bot/matrix_wiring.hpp"
#include "bot/slack_wiring.hpp"

#include <csignal>
#include <cstdlib>
#include <iostream>

namespace cox::bot {
namespace {

namespace fs = std::filesystem;

// A folder that goes away with the process.
struct TemporaryFolder {
    fs::path path;
    TemporaryFolder() {
        auto pattern = (fs::temp_directory_path() / "coxswain-XXXXXX").string();
        if (::mkdtemp(pattern.data())) path = pattern;
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        if (!path.empty()) fs::remove_all(path, ignored);
    }
    TemporaryFolder(TemporaryFolder const&) = delete;
    TemporaryFolder& operator=(TemporaryFolder const&) = delete;
};

std::string_view level_name(Settings::LogLevel level) {
    switch (level) {
    case Settings::LogLevel::trace: return "trace";
    case Settings::LogLevel::debug: return "debug";
    case Settings::LogLevel::info: return "info";
    case Settings::LogLevel::warn: return "warn";
    case Settings::LogLevel::error: return "error";
    }
    return "info";
}

void set_up_logging(LogFlags const& flags, Settings::Log const& log) {
    bool const json = flags.style ? *flags.style == "json" : log.form == Settings::LogForm::json;
    set_up_logging(json ? LogStyle::json : LogStyle::text, level_name(log.level));
}

// The folder is made where its parent is there; what is wrong is said.
bool make_folder(fs::path const& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (!fs::is_directory(folder)) {
        complain(folder.string() + ": cannot be used as the data folder (" +
                 (error ? error.message() : std::string{"something else has that name"}) +
                 "); name another with --data");
        return false;
    }
    return true;
}

std::string address_shown(std::string const& address, unsigned short port) {
    bool const six = address.contains(':');
    return "http://" + (six ? "[" + address + "]" : address) + ":" + std::to_string(port) + "/";
}

// "" where all of them are on.
std::string networks_off(Settings const& settings) {
    std::string off;
    if (!settings.slack)
        off = "Slack is off: COXSWAIN_SLACK_APP_TOKEN and COXSWAIN_SLACK_BOT_TOKEN (or …_FILE) are not set.";
    if (settings.matrix) return off;
    return off + (off.empty() ? "" : " ") + "Matrix is off: coxswain.yaml has no matrix part.";
}

int run(ConfigFolder config, HouseOptions options, std::string const& note = {}) {
    // Whoever read our log may go away: that is no reason to end.
    std::signal(SIGPIPE, SIG_IGN);
    auto const data = options.data.string();
    auto const address = options.address;
    auto house = House::open(std::move(config), std::move(options));
    if (!house) {
        complain(house.error().what);
        return house.error().exit_code;
    }
    // Scripts wait for this line.
    std::cout << "coxswain is at " << address_shown(address, (*house)->port()) << std::endl;
    std::cout << "its data is in " << data << std::endl;
    if (!note.empty()) std::cout << note << std::endl;
    return (*house)->run();
}

// A network's findings, printed; the exit code.
template <class Check>
int tell(Check const& found) {
    using Result = typename Check::Result;
    for (auto const& line : found.lines)
        std::cout << line << "\n";
    switch (found.result) {
    case Result::good: return code::done;
    case Result::incomplete:
    case Result::refused: return code::configuration;
    case Result::not_reached: return code::unreachable;
    }
    return code::internal;
}

int check_slack(Settings::Slack const& settings) {
    auto const tokens = slack_tokens();
    if (!tokens) return code::configuration;
    auto options = slack_options(settings, {});
    options.outside.name_cache.reset();
    return tell(slack::check_online(options, *tokens));
}

int check_matrix(Settings::Matrix const& settings) {
    auto const secrets = matrix_secrets();
    if (!secrets) return code::configuration;
    auto options = matrix_options(settings, {});
    options.outside.name_cache.reset();
    return tell(matrix::check_online(options, *secrets));
}

} // namespace

int demo(DemoFlags const& flags) {
    auto config = config_or_complaints(std::nullopt);
    if (!config) return code::configuration;
    set_up_logging(flags.log, config->settings.log);

    std::optional<TemporaryFolder> temporary;
    if (!flags.data) temporary.emplace();
    HouseOptions options;
    options.data = flags.data ? *flags.data : temporary->path;
    if (options.data.empty()) {
        complain("no temporary folder could be made; name one with --data");
        return code::configuration;
    }
    if (!make_folder(options.data)) return code::configuration;
    options.database = options.data / "coxswain.db";
    options.port = flags.port;
    options.channels = {"ops"};
    bool const manual = flags.clock == "manual";
    if (manual) {
        options.clocks = Clocks::manual(std::chrono::floor<Duration>(std::chrono::system_clock::now()));
    } else if (flags.clock_rate) {
        options.clocks = Clocks::scaled(*flags.clock_rate);
    }
    auto const play = flags.play.value_or(manual ? "none" : "checkout-47");
    if (play != "none") options.play = play;
    return run(std::move(*config), std::move(options));
}

int serve(FolderFlags const& flags) {
    auto config = config_or_complaints(flags.config, Networks::used);
    if (!config) return code::configuration;
    set_up_logging(flags.log, config->settings.log);
    for (auto const& name : config->secrets.exposed) {
        log_warning(std::string{name} +
                    " comes from the environment, where every child process can read it; a file named by " +
                    std::string{name} + "_FILE or a systemd credential is safer");
    }
    for (auto const& doubt : config->doubts)
        log_warning(text(doubt));
    HouseOptions options;
    options.data = config->settings.data;
    if (!make_folder(options.data)) return code::configuration;
    options.database = config->settings.storage.sqlite;
    options.address = config->settings.web.address;
    options.port = config->settings.web.port;
    options.hosts = config->settings.web.hosts;
    options.slack = config->settings.slack;
    options.matrix = config->settings.matrix;
    options.channels = {"ops"};
    // Who forgot to export a token in this shell sees it here, and not by the silence in Slack.
    auto const off = networks_off(config->settings);
    return run(std::move(*config), std::move(options), off);
}

int check(FolderFlags const& flags, bool online) {
    auto const config = config_or_complaints(flags.config, Networks::used);
    if (!config) return code::configuration;
    for (auto const& doubt : config->doubts)
        complain(text(doubt));
    std::cout << (flags.config ? flags.config->string() : std::string{"the shipped configuration"})
              << " is good: " << config->policy.severities.size() << " severities, " << config->policy.roles.size()
              << " roles, " << config->drills.size() << (config->drills.size() == 1 ? " drill\n" : " drills\n");
    if (!online) return code::done;
    auto const& slack = config->settings.slack;
    auto const& matrix = config->settings.matrix;
    if (!slack && !matrix) {
        std::cout << "online: the web channel is the only network, and needs no token or right. "
                  << networks_off(config->settings) << "\n";
        return code::done;
    }
    auto const of_slack = slack ? check_slack(*slack) : code::done;
    auto const of_matrix = matrix ? check_matrix(*matrix) : code::done;
    return of_slack == code::done ? of_matrix : of_slack;
}

} // namespace cox::bot
