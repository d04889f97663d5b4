#include "adapters/matrix/event.hpp"

#include "adapters/json/untrusted.hpp"

#include <algorithm>

namespace cox::matrix {
namespace {

using nlohmann::json;
using untrusted::at;
using untrusted::text_at;

constexpr std::size_t most_members = 1'000'000;              // an account in very many rooms
constexpr std::int64_t last_moment_ms = 253'402'300'799'999; // of the year 9999

json object_at(json const& value, char const* name) {
    auto const& found = at(value, name);
    return found.is_object() ? found : json::object();
}

} // namespace

std::expected<nlohmann::json, std::string> read_with_events(std::string_view text) {
    return untrusted::read_object_of_many(text, most_members);
}

std::optional<Event> read_event(json const& value) {
    Event event;
    event.type = text_at(value, "type");
    event.sender = text_at(value, "sender");
    if (event.type.empty() || event.sender.empty()) return std::nullopt;
    event.id = text_at(value, "event_id");
    if (at(value, "state_key").is_string()) event.state_key = text_at(value, "state_key");
    auto const ms = untrusted::count_at(value, "origin_server_ts").value_or(0);
    event.at = Time{Duration{std::min(ms, last_moment_ms)}};
    event.content = object_at(value, "content");
    event.unsigned_part = object_at(value, "unsigned");
    // Which of the two it is depends on the version of the room.
    event.redacts = text_at(event.content, "redacts");
    if (event.redacts.empty()) event.redacts = text_at(value, "redacts");
    return event;
}

std::vector<Event> read_events(json const& list) {
    std::vector<Event> events;
    if (!list.is_array()) return events;
    events.reserve(list.size());
    for (auto const& each : list)
        if (auto event = read_event(each)) events.push_back(std::move(*event));
    return events;
}

std::string relation_of(Event const& event) {
    return text_at(at(event.content, "m.relates_to"), "rel_type");
}

std::string related_to(Event const& event) {
    return text_at(at(event.content, "m.relates_to"), "event_id");
}

std::string thread_of(Event const& event) {
    return relation_of(event) == "m.thread" ? related_to(event) : std::string{};
}

} // namespace cox::matrix
