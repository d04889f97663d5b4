// replay and export: the log as it reads afterwards.
#include "adapters/local/local_socket.hpp"
#include "adapters/store/store.hpp"
#include "bot/cli/cli.hpp"
#include "core/announce.hpp"
#include "core/event_json.hpp"
#include "core/overloaded.hpp"
#include "core/views.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <optional>

namespace cox::bot {
namespace {

namespace fs = std::filesystem;

void show(std::string const& time, std::string const& place, std::string const& marked) {
    auto text = marks::plain(marked);
    for (auto at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 5))
        text.replace(at, 1, "\n    ");
    std::cout << time << " " << place << ": " << text << "\n";
}

// A log as it stands in a file; events[i] stands in line lines[i].
struct Lines {
    std::vector<Event> events;
    std::vector<int> lines;
};

struct Misfit {
    std::size_t event = 0; // which of them
    std::string why;
    int exit_code = code::bad_data;
};

// The log names a severity that the policy at hand does not.
std::string severity_unknown(Incident const& incident) {
    return text(incident.id) + " has severity \"" + incident.severity +
           "\", which the policy does not name; name the folder of the policy it was written under with --config";
}

// One decision as the room saw it. What was said to one person alone is not in the log.
std::expected<void, Misfit> show_decision(World& world, std::span<Event const> events, ConfigFolder const& config) {
    auto const id = events.front().incident;
    std::optional<Incident> before;
    if (auto const* held = world.find(id)) before = *held;
    for (std::size_t i = 0; i < events.size(); ++i) {
        if (auto const applied = world.apply(events[i]); !applied) {
            return std::unexpected{Misfit{i, applied.error() + "; the log is not whole, export it again"}};
        }
        auto const& incident = *world.find(id);
        if (!config.policy.severity(incident.severity)) {
            return std::unexpected{Misfit{i, severity_unknown(incident), code::configuration}};
        }
    }
    auto const* after = world.find(id);
    Decision decision;
    decision.events.assign(events.begin(), events.end());
    auto const& place = after->channel ? *after->channel : after->origin;
    Request const request{command::Tick{}, events.front().actor, place, events.front().at, "", false, "", id};
    auto const time = clock_digits(events.front().at, config.policy.zone);
    for (auto const& effect :
         announce(before ? &*before : nullptr, after, decision, request, world, config.policy, config.words)) {
        std::visit(
            overloaded{[&](effect::Post const& e) { show(time, "#" + e.channel.value, e.text); },
                       [&](effect::Tell const& e) { show(time, "to " + e.to.name, e.text); },
                       [&](effect::SetTopic const& e) { show(time, "#" + e.channel.value + " topic", e.topic); },
                       [&](effect::RestoreTopic const& e) { show(time, "#" + e.channel.value + " topic", "put back"); },
                       [&](effect::PagePerson const& e) { show(time, "page " + e.person.name, e.text); },
                       [](auto const&) {}},
            effect);
    }
    return {};
}

std::expected<Lines, std::string> read_log(std::istream& in) {
    Lines log;
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
        if (line.empty()) continue;
        auto event = event_from_json_line(line);
        if (!event) {
            auto const& why = event.error();
            return std::unexpected{
                std::to_string(number) + ":1: " + why +
                (why.contains(';') ? "" : "; a log is what `coxswain export INCIDENT --format log` writes")};
        }
        log.events.push_back(std::move(*event));
        log.lines.push_back(number);
    }
    return log;
}

std::string why_unreached(fs::path const& data, LocalFailure failure) {
    // The kernel's limit on a socket's name.
    constexpr std::size_t longest_name = 107;
    if (failure == LocalFailure::no_answer) return "the running coxswain did not answer; try again";
    if ((data / local_socket_name).string().size() > longest_name) {
        return data.string() + ": the name of this folder is too long to reach a coxswain that runs on it; move the "
                               "data to a folder with a shorter name";
    }
    return "no coxswain runs on " + data.string() + "; start one with `coxswain serve`, or name its folder with --data";
}

std::expected<std::vector<Event>, int> log_of_running(fs::path const& data, IncidentId id) {
    auto const request = nlohmann::json{{"do", "log"}, {"incident", text(id)}}.dump();
    auto const answer = ask_local(data / local_socket_name, request);
    if (!answer) return std::unexpected{answer.error() == LocalFailure::nobody_there ? code::done : code::unreachable};
    auto const json = nlohmann::json::parse(*answer, nullptr, false);
    std::vector<Event> log;
    if (!json.is_object() || !json.contains("log")) return std::unexpected{code::unreachable};
    for (auto const& line : json["log"]) {
        auto event = event_from_json_line(line.get<std::string>());
        if (!event) {
            complain(event.error());
            return std::unexpected{code::bad_data};
        }
        log.push_back(std::move(*event));
    }
    return log;
}

// From a database that nobody has open.
store::Result<std::vector<Event>> log_of_file(fs::path const& database, IncidentId id) {
    boost::asio::io_context io;
    auto const busy = boost::asio::make_work_guard(io);
    auto store = store::open_sqlite(
        {database, true}, [&](std::function<void()> call) { boost::asio::post(io, std::move(call)); },
        [](store::Trouble const&) {});
    if (!store) return std::unexpected{store.error()};
    std::vector<Event> log;
    (*store)->read_events(id, [&](std::vector<Event> events) {
        log = std::move(events);
        io.stop();
    });
    io.run();
    (*store)->close();
    return log;
}

} // namespace

int replay(fs::path const& file, std::optional<fs::path> const& folder) {
    auto const config = config_or_complaints(folder);
    if (!config) return code::configuration;
    std::ifstream in{file};
    if (!in || fs::is_directory(file)) {
        complain(file.string() +
                 ": cannot be read as a file; name a log as `coxswain export INCIDENT --format log` writes it");
        return code::bad_data;
    }
    auto const log = read_log(in);
    if (!log) {
        complain(file.string() + ":" + log.error());
        return code::bad_data;
    }
    if (log->events.empty()) {
        complain(file.string() + ": holds no event; name a log as `coxswain export INCIDENT --format log` writes it");
        return code::bad_data;
    }
    World world;
    for (std::span<Event const> rest{log->events}; !rest.empty();) {
        auto const end = std::ranges::find_if(rest, [&](Event const& event) {
            return event.incident != rest.front().incident || event.decision != rest.front().decision;
        });
        auto const count = static_cast<std::size_t>(end - rest.begin());
        if (auto const shown = show_decision(world, rest.first(count), *config); !shown) {
            auto const line = log->lines[log->events.size() - rest.size() + shown.error().event];
            complain(file.string() + ":" + std::to_string(line) + ":1: " + shown.error().why);
            return shown.error().exit_code;
        }
        rest = rest.subspan(count);
    }
    for (auto const& [id, incident] : world.incidents())
        std::cout << incident_json(incident, config->policy) << "\n";
    return code::done;
}

int export_incident(ExportFlags const& flags) {
    auto const id = incident_id(flags.incident);
    if (!id) {
        complain("\"" + flags.incident + "\" is not an incident's number; it looks like INC-42 or 42");
        return code::usage;
    }
    auto const config = config_or_complaints(flags.config);
    if (!config) return code::configuration;
    auto const data = flags.data.value_or(config->settings.data);
    auto const database = flags.data ? *flags.data / "coxswain.db" : config->settings.storage.sqlite;

    std::vector<Event> log;
    if (auto running = log_of_running(data, *id)) {
        log = std::move(*running);
    } else if (running.error() != code::done) {
        if (running.error() == code::unreachable) complain("the running coxswain did not give the log; try again");
        return running.error();
    } else {
        auto read = log_of_file(database, *id);
        if (!read) {
            complain(read.error().what);
            return read.error().exit_code;
        }
        log = std::move(*read);
    }
    if (log.empty()) {
        complain("there is no " + text(*id) + " in " + data.string() + "; --data names another folder");
        return code::bad_data;
    }
    if (flags.format == "log") {
        for (auto const& event : log)
            std::cout << to_json_line(event) << "\n";
        return code::done;
    }
    World world;
    for (auto const& event : log) {
        if (auto const applied = world.apply(event); !applied) {
            complain(applied.error());
            return code::bad_data;
        }
    }
    auto const& incident = *world.find(*id);
    if (!config->policy.severity(incident.severity)) {
        complain(severity_unknown(incident));
        return code::configuration;
    }
    std::cout << markdown_report(incident, log, config->policy, config->words);
    return code::done;
}

int say(SayFlags const& flags) {
    auto data = flags.data;
    if (!data) {
        auto const config = config_or_complaints(flags.config);
        if (!config) return code::configuration;
        data = config->settings.data;
    }
    auto const request = nlohmann::json{{"do", "say"}, {"as", flags.as}, {"in", flags.in}, {"text", flags.text}}.dump(
        -1, ' ', false, nlohmann::json::error_handler_t::replace);
    if (request.size() >= longest_local_line) {
        complain("that is longer than a command can be; say the short form");
        return code::usage;
    }
    auto const answer = ask_local(*data / local_socket_name, request);
    if (!answer) {
        complain(why_unreached(*data, answer.error()));
        return code::unreachable;
    }
    auto const json = nlohmann::json::parse(*answer, nullptr, false);
    if (!json.is_object() || json.contains("error")) {
        complain(json.is_object() ? json["error"].get<std::string>()
                                  : "the answer could not be read; is it the same version?");
        return code::usage;
    }
    for (auto const& line : json["lines"])
        std::cout << line.get<std::string>() << "\n";
    return json.value("refused", false) ? code::refused : code::done;
}

} // namespace cox::bot
