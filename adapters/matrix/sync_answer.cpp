#include "adapters/matrix/sync_answer.hpp"

#include "adapters/json/untrusted.hpp"

#include <iterator>

namespace cox::matrix {
namespace {

using nlohmann::json;
using untrusted::at;

// Each room of one kind, as (id, what came of it).
template <class F>
void each_room(json const& rooms, char const* kind, F f) {
    auto const& listed = at(rooms, kind);
    if (!listed.is_object()) return;
    for (auto const& [id, room] : listed.items())
        f(id, room);
}

JoinedRoom read_joined(std::string const& id, json const& room) {
    JoinedRoom joined;
    joined.id = id;
    auto const& timeline = at(room, "timeline");
    joined.state = read_events(at(at(room, "state"), "events"));
    joined.timeline = read_events(at(timeline, "events"));
    joined.limited = untrusted::flag_at(timeline, "limited");
    joined.prev_batch = untrusted::text_at(timeline, "prev_batch");
    return joined;
}

json wanted(std::string_view self) {
    // Who is in a room is asked for once, and then told by its timeline: not again with every message.
    json const state = {"m.room.create",    "m.room.name",       "m.room.topic",           "m.room.power_levels",
                        "m.room.tombstone", "m.room.encryption", "m.room.canonical_alias", "m.room.pinned_events"};
    json timeline = {"m.room.message", "m.reaction", "m.room.redaction", "m.room.encrypted", "m.room.member"};
    timeline.insert(timeline.end(), std::next(state.begin()), state.end());
    json const nothing{{"types", json::array()}};
    return {{"presence", nothing},
            {"account_data", nothing},
            {"room",
             {{"include_leave", false},
              {"account_data", nothing},
              {"ephemeral", nothing},
              // Else Synapse waits until it has all members of a room, and tells nothing of it before.
              {"state", {{"lazy_load_members", true}, {"types", state}}},
              {"timeline", {{"limit", most_in_timeline}, {"not_senders", {self}}, {"types", timeline}}}}}};
}

} // namespace

std::expected<SyncAnswer, std::string> read_sync(std::string_view body) {
    auto const whole = read_with_events(body);
    if (!whole) return std::unexpected{whole.error()};
    SyncAnswer answer;
    answer.next_batch = untrusted::text_at(*whole, "next_batch");
    if (answer.next_batch.empty()) return std::unexpected{"it has no next_batch"};
    auto const& rooms = at(*whole, "rooms");
    each_room(rooms, "leave", [&](std::string const& id, json const& room) {
        answer.left.push_back({id, read_events(at(at(room, "timeline"), "events"))});
    });
    each_room(rooms, "invite", [&](std::string const& id, json const& room) {
        answer.invited.push_back({id, read_events(at(at(room, "invite_state"), "events"))});
    });
    each_room(rooms, "join",
              [&](std::string const& id, json const& room) { answer.joined.push_back(read_joined(id, room)); });
    return answer;
}

std::string sync_filter(std::string_view self) {
    return wanted(self).dump();
}

} // namespace cox::matrix
