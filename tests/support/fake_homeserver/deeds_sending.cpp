// Events: what may be sent, and what it does to what was there.
#include "deeds.hpp"

#include <algorithm>
#include <array>

namespace cox::fake_homeserver {
namespace {

constexpr std::size_t largest_event = 65'536; // bytes, as servers exchange it

void must_be_here(Room const& room, std::string const& user) {
    if (room.membership(user) != "join")
        throw Refused{403, "M_FORBIDDEN", "User " + user + " not in room " + room.id + " (None)"};
}

void must_reach(Room const& room, std::string const& user, Level needed) {
    auto const has = room.level_of(user);
    if (has < needed)
        throw Refused{403, "M_FORBIDDEN",
                      "You don't have permission to post that to the room. user_level (" + std::to_string(has) +
                          ") < send_level (" + std::to_string(needed) + ")"};
}

void must_hold_strings(json const& content, std::initializer_list<char const*> keys) {
    for (auto const* const key : keys) {
        if (!content.contains(key)) throw Refused{400, "M_UNKNOWN", "'" + std::string{key} + "' not in content"};
        if (!content[key].is_string()) throw Refused{400, "M_UNKNOWN", "'" + std::string{key} + "' not a string type"};
    }
}

void must_be_state(Draft const& draft) {
    if (!draft.state_key) throw Refused{400, "M_UNKNOWN", "'" + draft.type + "' must be state events"};
}

void check_form(Room const& room, Draft const& draft) {
    if (draft.type == "m.room.message") must_hold_strings(draft.content, {"body", "msgtype"});
    if (draft.type == "m.room.topic" || draft.type == "m.room.name") {
        must_hold_strings(draft.content, {draft.type == "m.room.topic" ? "topic" : "name"});
        must_be_state(draft);
    }
    if (draft.type == "m.room.tombstone") {
        if (!draft.content.contains("replacement_room"))
            throw Refused{400, "M_UNKNOWN", "Content has no replacement_room key"};
        if (draft.content["replacement_room"] == room.id)
            throw Refused{400, "M_UNKNOWN", "Tombstone cannot reference the room it was sent in"};
        must_be_state(draft);
    }
    if (draft.content.dump().size() > largest_event - 640) // what is around the content, and the signature
        throw Refused{413, "M_TOO_LARGE", "event too large"};
}

bool is_relation(Event const& event) {
    return event.content.contains("m.relates_to") && event.content["m.relates_to"].contains("rel_type");
}

void check_relation(Room const& room, std::string const& sender, Draft const& draft) {
    auto const relates = draft.content.value("m.relates_to", json::object());
    auto const kind = relates.value("rel_type", "");
    if (kind.empty()) return;
    auto const* const target = room.event(relates.value("event_id", ""));
    if (!target) throw Refused{400, "M_UNKNOWN", "Can't send relation to unknown event"};
    if (kind == "m.thread" && is_relation(*target))
        throw Refused{400, "M_UNKNOWN", "Cannot start threads from an event with a relation"};
    if (kind != "m.annotation") return;
    auto const same = std::ranges::any_of(room.events, [&](Event const& each) {
        return each.sender == sender && each.type == draft.type && each.redacted_by.empty() &&
               each.content.value("m.relates_to", json::object()) == relates;
    });
    if (same) throw Refused{400, "M_DUPLICATE_ANNOTATION", "Can't send same reaction twice"};
}

// Nobody gives more than they have, nor touches those who are their equals.
void check_levels(Room const& room, std::string const& sender, json const& wanted) {
    auto const own = room.level_of(sender);
    auto const before = room.content_of("m.room.power_levels").value("users", json::object());
    auto const after = wanted.value("users", json::object());
    for (auto const& [user, level] : after.items()) {
        if (room.is_creator(user))
            throw Refused{400, "M_UNKNOWN", "Creator user " + user + " must not appear in content.users"};
        if (before.contains(user) && before[user] == level) continue;
        bool const of_an_equal = user != sender && before.contains(user) && before[user].get<Level>() >= own;
        if (level.get<Level>() > own || of_an_equal)
            throw Refused{403, "M_FORBIDDEN", "You don't have permission to add ops level greater than your own"};
    }
}

json what_redaction_leaves(Event const& event) {
    if (event.type == "m.room.create") return event.content;
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kept{{
        {"m.room.member", "membership"},
        {"m.room.join_rules", "join_rule"},
        {"m.room.history_visibility", "history_visibility"},
        {"m.room.power_levels", "users"},
    }};
    json left = json::object();
    for (auto const& [type, key] : kept)
        if (event.type == type && event.content.contains(key)) left[key] = event.content[key];
    return left;
}

} // namespace

Event& add_event(Homeserver& server, Room& room, std::string const& sender, Draft draft) {
    Event event{.position = ++server.world.last,
                .id = server.world.new_event_id(),
                .room = room.id,
                .type = std::move(draft.type),
                .sender = sender,
                .ts = draft.ts.value_or(server.now_ms()),
                .content = std::move(draft.content),
                .state_key = std::move(draft.state_key),
                .redacts = std::move(draft.redacts),
                .device = std::move(draft.device),
                .txn = std::move(draft.txn)};
    if (event.state_key) {
        if (auto const* const before = room.state_of(event.type, *event.state_key))
            event.prev_content = before->content;
        room.state[{event.type, *event.state_key}] = event.id;
    }
    auto const relates = event.content.value("m.relates_to", json{});
    if (relates.is_object() && relates.value("rel_type", "") == "m.replace")
        room.edits.emplace(relates.value("event_id", ""), event.id);
    room.events.push_back(std::move(event));
    server.changed();
    return room.events.back();
}

std::string send(Homeserver& server, Room& room, std::string const& sender, Draft draft) {
    if (draft.type == "m.room.member")
        throw Refused{500, "M_UNKNOWN", "Tried to send member event through non-member codepath"};
    must_be_here(room, sender);
    check_form(room, draft);
    must_reach(room, sender, room.level_for_message(draft.type));
    check_relation(room, sender, draft);
    return add_event(server, room, sender, std::move(draft)).id;
}

std::string set_state(Homeserver& server, Room& room, std::string const& sender, Draft draft) {
    must_be_here(room, sender);
    check_form(room, draft);
    must_reach(room, sender, room.level_for_state(draft.type));
    if (draft.state_key->starts_with('@') && draft.state_key != sender)
        throw Refused{403, "M_FORBIDDEN", "You are not allowed to set others state"};
    if (draft.type == "m.room.power_levels") check_levels(room, sender, draft.content);
    if (draft.type == "m.room.canonical_alias" && draft.content.contains("alias")) {
        auto const* const meant = server.world.room(draft.content["alias"].get<std::string>());
        if (!meant || meant->id != room.id) throw Refused{400, "M_BAD_ALIAS", "Room alias does not point to the room"};
    }
    auto const* const before = room.state_of(draft.type, *draft.state_key);
    if (before && before->content == draft.content) return before->id;
    return add_event(server, room, sender, std::move(draft)).id;
}

std::string redact(Homeserver& server, Room& room, std::string const& sender, std::string const& id, json content,
                   Draft draft) {
    must_be_here(room, sender);
    must_reach(room, sender, room.level_for_message("m.room.redaction"));
    auto* const target = room.event(id);
    if (!target) throw Refused{404, "M_NOT_FOUND", "Could not find event " + id};
    if (target->sender != sender && room.level_of(sender) < room.level_named("redact", 50))
        throw Refused{403, "M_FORBIDDEN", "You don't have permission to redact events"};
    content["redacts"] = id;
    draft.type = "m.room.redaction";
    draft.content = std::move(content);
    draft.redacts = id;
    auto const& redaction = add_event(server, room, sender, std::move(draft));
    target->content = what_redaction_leaves(*target);
    target->redacted_by = redaction.id;
    return redaction.id;
}

} // namespace cox::fake_homeserver
