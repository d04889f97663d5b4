#include "bot/local_service.hpp"

#include "core/event_json.hpp"
#include "core/marks.hpp"
#include "core/overloaded.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <random>

namespace cox::bot {
namespace {

using Json = nlohmann::json;

constexpr std::string_view default_place = "ops";

std::string dumped(Json const& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string error_line(std::string_view what) {
    return dumped(Json{{"error", what}});
}

// An effect as a terminal shows it; what is drawn elsewhere (the card, a request for a channel) is left out.
std::string shown(Effect const& effect) {
    return std::visit(
        overloaded{[](effect::Post const& e) { return "#" + e.channel.value + ": " + marks::plain(e.text); },
                   [](effect::Tell const& e) { return "to " + e.to.name + ": " + marks::plain(e.text); },
                   [](effect::SetTopic const& e) { return "#" + e.channel.value + " topic: " + e.topic; },
                   [](effect::PagePerson const& e) { return "page " + e.person.name + ": " + marks::plain(e.text); },
                   [](effect::OpenChannel const& e) { return "opening #" + e.name; },
                   [](auto const&) { return std::string{}; }},
        effect);
}

} // namespace

LocalService::LocalService(boost::asio::io_context& io, std::filesystem::path socket, Loop& loop, store::Store& store,
                           Network& home, HasChannel has_channel)
    : loop_{loop}, store_{store}, home_{home}, has_channel_{std::move(has_channel)},
      session_{std::to_string(std::random_device{}())},
      server_{io, std::move(socket),
              [this](std::string line, LocalServer::Reply reply) { answer(line, std::move(reply)); }} {}

void LocalService::answer(std::string const& line, LocalServer::Reply reply) {
    auto const request = Json::parse(line, nullptr, false);
    auto const text_of = [&](char const* name) {
        auto const found = request.find(name);
        return found != request.end() && found->is_string() ? found->get<std::string>() : std::string{};
    };
    if (!request.is_object()) {
        reply(error_line("not a JSON object"));
    } else if (text_of("do") == "say") {
        say(text_of("as"), text_of("in"), text_of("text"), std::move(reply));
    } else if (text_of("do") == "log") {
        give_log(text_of("incident"), std::move(reply));
    } else {
        reply(error_line("\"do\" is neither \"say\" nor \"log\""));
    }
}

void LocalService::say(std::string const& as, std::string place, std::string const& text, LocalServer::Reply reply) {
    if (place.starts_with('#')) place.erase(0, 1);
    if (place.empty()) {
        // Where only one incident is open, that is the one meant.
        place = default_place;
        std::size_t open = 0;
        for (auto const& [id, incident] : loop_.world().incidents()) {
            if (incident.open() && incident.channel && ++open == 1) place = incident.channel->id.value;
        }
        if (open > 1) place = default_place;
    }
    ChannelId const channel{place};
    if (!has_channel_(place)) {
        reply(error_line("there is no channel #" + place + "; --in names one that is there, such as ops"));
        return;
    }
    auto const people = home_.find_people(channel, as, true);
    if (people.size() != 1) {
        reply(error_line(
            "\"" + as +
            "\" cannot be a user; --as takes 1 to 32 letters, digits, dots, dashes or underscores, and neither "
            "the bot's own name nor a word for everybody"));
        return;
    }
    Inbound inbound{
        "say:" + session_ + ":" + std::to_string(++said_), {channel, place}, people.front(), text, Form::command, {}};
    loop_.receive(std::move(inbound), [reply = std::move(reply)](Outcome const& outcome) {
        Json lines = Json::array();
        for (auto const& effect : outcome.effects) {
            if (auto line = shown(effect); !line.empty()) lines.push_back(std::move(line));
        }
        reply(dumped(Json{{"refused", outcome.what == Outcome::What::refused}, {"lines", std::move(lines)}}));
    });
}

void LocalService::give_log(std::string const& incident, LocalServer::Reply reply) {
    auto const id = incident_id(incident);
    if (!id) {
        reply(error_line("\"" + incident + "\" is not an incident's number"));
        return;
    }
    store_.read_events(*id, [reply = std::move(reply)](std::vector<Event> const& log) {
        Json lines = Json::array();
        for (auto const& event : log)
            lines.push_back(to_json_line(event));
        reply(dumped(Json{{"log", std::move(lines)}}));
    });
}

} // namespace cox::bot
