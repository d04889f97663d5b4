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

LocalService::LocalService(boost::asio::io_context& io, std::filesystem::path socket, Wiring wiring)
    : wiring_{std::move(wiring)}, session_{std::to_string(std::random_device{}())},
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

std::expected<Channel, std::string> LocalService::place_of(std::string in) const {
    if (in.starts_with('#')) in.erase(0, 1);
    std::vector<Channel> open;
    for (auto const& [id, incident] : wiring_.loop.world().incidents()) {
        if (incident.open() && incident.channel) open.push_back(*incident.channel);
    }
    // Where only one incident is open, that is the one meant.
    if (in.empty() && open.size() == 1) return open.front();
    if (in.empty()) in = default_place;
    if (wiring_.has_channel(in)) return Channel{ChannelId{in}, in};
    std::erase_if(open, [&](Channel const& each) { return each.id.value != in && each.name != in; });
    if (open.size() == 1) return open.front();
    if (open.empty()) {
        return std::unexpected{"there is no channel #" + in +
                               "; --in names one that is there, such as ops or that of an open incident"};
    }
    std::string ids;
    for (auto const& each : open)
        ids += (ids.empty() ? "" : ", ") + each.id.value;
    return std::unexpected{"#" + in + " means several channels; --in takes one of these: " + ids};
}

std::expected<Person, std::string> LocalService::speaker(Channel const& place, std::string const& as) const {
    auto* network = wiring_.network_of(place.id);
    if (!network)
        return std::unexpected{"#" + place.name + " belongs to a network that is not set up; --in names another"};
    auto const people = network->find_people(place.id, as, true);
    if (people.size() == 1) return people.front();
    if (wiring_.has_channel(place.id.value)) {
        return std::unexpected{
            "\"" + as +
            "\" cannot be a user; --as takes 1 to 32 letters, digits, dots, dashes or underscores, and neither "
            "the bot's own name nor a word for everybody"};
    }
    std::string ids;
    for (auto const& person : people)
        ids += (ids.empty() ? "" : ", ") + person.id.value;
    auto const in = " in #" + place.name + " (" + std::string{network->name()} + ")";
    if (people.empty()) {
        return std::unexpected{"nobody" + in + " is known as \"" + as +
                               "\"; --as takes the id or the name of somebody who is in the channel"};
    }
    return std::unexpected{"\"" + as + "\" may be several people" + in + "; --as takes one of these: " + ids};
}

void LocalService::say(std::string const& as, std::string const& in, std::string const& text,
                       LocalServer::Reply reply) {
    auto const place = place_of(in);
    if (!place) return reply(error_line(place.error()));
    auto const person = speaker(*place, as);
    if (!person) return reply(error_line(person.error()));
    Inbound inbound{"say:" + session_ + ":" + std::to_string(++said_), *place, *person, text, Form::command, {}};
    wiring_.loop.receive(std::move(inbound), [reply = std::move(reply)](Outcome const& outcome) {
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
    wiring_.store.read_events(*id, [reply = std::move(reply)](std::vector<Event> const& log) {
        Json lines = Json::array();
        for (auto const& event : log)
            lines.push_back(to_json_line(event));
        reply(dumped(Json{{"log", std::move(lines)}}));
    });
}

} // namespace cox::bot
