#include "adapters/matrix/facts.hpp"

#include "adapters/json/untrusted.hpp"
#include "core/parse.hpp"
#include "core/phrases.hpp"

namespace cox::matrix {
namespace {

using untrusted::at;
using untrusted::flag_at;
using untrusted::text_at;

constexpr std::size_t longest_name = 100;
constexpr std::size_t most_pinned = 200;

std::string shown_line(Event const& event, char const* key) {
    return one_line(normalise(text_at(event.content, key)), longest_name);
}

void learn_creation(Event const& event, Room& room) {
    read_creation(event.content, event.sender, room.power);
    room.is_space = text_at(event.content, "type") == "m.space";
}

void learn_pinned(Event const& event, Room& room) {
    room.pinned.clear();
    for (auto const& each : at(event.content, "pinned"))
        if (each.is_string() && room.pinned.size() < most_pinned) room.pinned.push_back(each.get<std::string>());
}

void learn_member(Event const& event, Room const& room, People& people) {
    if (membership(event) == "join")
        people.joined(room.address(), *event.state_key, text_at(event.content, "displayname"));
    else
        people.left(room.address(), *event.state_key);
}

} // namespace

void learn(Event const& event, Room& room, People& people) {
    if (!event.state_key) return;
    if (event.type == "m.room.member") return learn_member(event, room, people);
    if (!event.state_key->empty()) return;
    if (event.type == "m.room.create") {
        learn_creation(event, room);
    } else if (event.type == "m.room.name") {
        room.name = shown_line(event, "name");
    } else if (event.type == "m.room.canonical_alias") {
        room.alias = shown_line(event, "alias");
    } else if (event.type == "m.room.topic") {
        room.topic = text_at(event.content, "topic");
    } else if (event.type == "m.room.power_levels") {
        read_power_levels(event.content, room.power);
    } else if (event.type == "m.room.encryption") {
        room.encrypted = true; // clients never take it back
    } else if (event.type == "m.room.pinned_events") {
        learn_pinned(event, room);
    }
}

std::string membership(Event const& event) {
    return text_at(event.content, "membership");
}

std::string membership_before(Event const& event) {
    auto before = text_at(at(event.unsigned_part, "prev_content"), "membership");
    return before.empty() ? "leave" : before;
}

std::size_t behind_own_entry(std::span<Event const> timeline, std::string_view self) {
    for (auto i = timeline.size(); i > 0; --i) {
        auto const& event = timeline[i - 1];
        bool const own = event.is_state("m.room.member") && *event.state_key == self;
        if (own && membership(event) == "join" && membership_before(event) != "join") return i;
    }
    return 0;
}

} // namespace cox::matrix
