#pragma once
// One event of a room, as /sync, /messages and /event give it. Any key may be missing or of a wrong type.
#include "core/time.hpp"

#include <nlohmann/json.hpp>

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cox::matrix {

struct Event {
    std::string id;
    std::string type;
    std::string sender;
    std::optional<std::string> state_key; // there for states, "" too
    Time at{};                            // the sender's server says so; it may lie
    nlohmann::json content = nlohmann::json::object();
    nlohmann::json unsigned_part = nlohmann::json::object();
    std::string redacts; // of a redaction: which event

    bool is_state(std::string_view wanted) const { return state_key && type == wanted; }
    // Somebody removed what it said.
    bool redacted() const { return unsigned_part.contains("redacted_because"); }
};

// An object in which events stand. What one of them nests too deep is left out: else whoever may write in one room
// could keep us from reading all of them.
std::expected<nlohmann::json, std::string> read_with_events(std::string_view text);
// None when it has no type or no sender; stripped states of an invitation have no id.
std::optional<Event> read_event(nlohmann::json const&);
std::vector<Event> read_events(nlohmann::json const& list);

// Their rel_type and the event that they are about; "" where there is none.
std::string relation_of(Event const&);
std::string related_to(Event const&);
// "" outside threads.
std::string thread_of(Event const&);

} // namespace cox::matrix
