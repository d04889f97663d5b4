#include "shown.hpp"

#include <algorithm>
#include <charconv>

namespace cox::fake_homeserver {
namespace {

bool fits(std::string_view pattern, std::string_view name) {
    auto const star = pattern.find('*');
    if (star == std::string_view::npos) return pattern == name;
    auto const before = pattern.substr(0, star);
    auto const after = pattern.substr(star + 1);
    return name.size() >= before.size() + after.size() && name.starts_with(before) && name.ends_with(after);
}

bool any_fits(json const& patterns, std::string const& name) {
    return std::ranges::any_of(patterns, [&](json const& each) { return fits(each.get<std::string>(), name); });
}

// The newest edit that counts: by the same person, of the same type.
Event const* newest_edit(Room const& room, Event const& of) {
    Event const* newest = nullptr;
    auto const [first, last] = room.edits.equal_range(of.id);
    for (auto at = first; at != last; ++at) {
        auto const& edit = *room.event(at->second);
        if (edit.sender != of.sender || edit.type != of.type || !edit.redacted_by.empty()) continue;
        if (!newest || std::pair{edit.ts, edit.id} > std::pair{newest->ts, newest->id}) newest = &edit;
    }
    return newest;
}

} // namespace

EventFilter::EventFilter(json words) : words_(words.is_object() ? std::move(words) : json::object()) {}

bool EventFilter::lets(Event const& event) const {
    auto const none = json::array();
    if (words_.contains("types") && !any_fits(words_["types"], event.type)) return false;
    if (any_fits(words_.value("not_types", none), event.type)) return false;
    auto names = [&](char const* key) {
        auto const& list = words_[key];
        return std::ranges::find(list, json(event.sender)) != list.end();
    };
    if (words_.contains("senders") && !names("senders")) return false;
    return !(words_.contains("not_senders") && names("not_senders"));
}

std::size_t EventFilter::limit(std::size_t otherwise, std::size_t most) const {
    return std::min(words_.value("limit", otherwise), most);
}

json shown(Homeserver const& server, Room const& room, Event const& event, Viewer const& viewer, bool with_room_id) {
    json unsigned_part{{"age", server.now_ms() - event.ts}};
    if (!event.prev_content.is_null()) unsigned_part["prev_content"] = event.prev_content;
    if (!event.txn.empty() && event.sender == viewer.user && event.device == viewer.device)
        unsigned_part["transaction_id"] = event.txn;
    if (!event.redacted_by.empty()) {
        unsigned_part["redacted_by"] = event.redacted_by;
        if (auto const* const redaction = room.event(event.redacted_by))
            unsigned_part["redacted_because"] = shown(server, room, *redaction, viewer, with_room_id);
    } else if (auto const* const edit = newest_edit(room, event)) {
        unsigned_part["m.relations"] = {{"m.replace", shown(server, room, *edit, viewer, with_room_id)}};
    }
    json all{{"type", event.type},           {"event_id", event.id},     {"sender", event.sender},
             {"origin_server_ts", event.ts}, {"content", event.content}, {"unsigned", unsigned_part}};
    if (event.state_key) all["state_key"] = *event.state_key;
    if (!event.redacts.empty()) all["redacts"] = event.redacts;
    if (with_room_id) all["room_id"] = room.id;
    return all;
}

json stripped(Event const& event) {
    return {{"type", event.type},
            {"sender", event.sender},
            {"content", event.content},
            {"state_key", event.state_key.value_or("")}};
}

std::vector<Event const*> visible_to(Room const& room, std::string_view user) {
    // Up to where they left for the last time; of what was before they came, as much as the room then showed.
    std::vector<Event const*> seen;
    std::size_t until = 0;
    std::string membership = "leave";
    std::string visibility = "shared";
    for (auto const& event : room.events) {
        bool const own = event.type == "m.room.member" && event.state_key == user;
        auto const before = membership;
        if (own) membership = event.content.value("membership", "leave");
        if (event.type == "m.room.history_visibility") visibility = event.content.value("history_visibility", "shared");
        bool const was_here = membership == "join" || (own && before == "join");
        bool const was_shown = visibility == "shared" || visibility == "world_readable" ||
                               (visibility == "invited" && (membership == "invite" || (own && before == "invite")));
        if (was_here || was_shown || own) seen.push_back(&event);
        if (was_here) until = seen.size();
    }
    seen.resize(membership == "join" ? seen.size() : until);
    return seen;
}

std::string token_at(Position position) {
    return "s" + std::to_string(position) + "_0";
}

Position position_of(std::string_view token) {
    Position position = 0;
    auto const* const end = token.data() + token.size();
    if (token.starts_with('s')) {
        auto const [at, wrong] = std::from_chars(token.data() + 1, end, position);
        if (wrong == std::errc{} && at != end && *at == '_') return position;
    }
    throw Refused{400, "M_UNKNOWN", "Invalid stream token"};
}

} // namespace cox::fake_homeserver
