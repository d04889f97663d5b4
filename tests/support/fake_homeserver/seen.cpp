// What a test looks at.
#include "control.hpp"

#include <array>

namespace cox::fake_homeserver {
namespace {

json rooms(Homeserver& server) {
    json all = json::object();
    for (auto const& [id, room] : server.world.rooms) {
        all[id] = seen_room(room);
        for (auto const& [alias, its] : server.world.aliases)
            if (its == id) all[id]["aliases"].push_back(alias);
    }
    return all;
}

json users(Homeserver& server) {
    json all = json::object();
    for (auto const& [id, account] : server.world.accounts)
        all[id] = {{"displayname", account.displayname}, {"account_data", account.account_data}};
    return all;
}

json calls(Homeserver& server) {
    return server.log.calls;
}

json violations(Homeserver& server) {
    return server.log.violations;
}

json settings(Homeserver& server) {
    return server.settings;
}

json summary(Homeserver& server) {
    return {{"position", server.world.last},
            {"rooms", server.world.rooms.size()},
            {"calls", server.log.calls.size()},
            {"violations", server.log.violations.size()},
            {"connections_ever", server.http.connections_ever()},
            {"faults_left", server.faults.left()}};
}

constexpr std::array<std::pair<std::string_view, json (*)(Homeserver&)>, 6> parts{{
    {"rooms", rooms},
    {"users", users},
    {"calls", calls},
    {"violations", violations},
    {"settings", settings},
    {"summary", summary},
}};

json seen_event(Event const& event) {
    json all{{"event_id", event.id},   {"type", event.type},
             {"sender", event.sender}, {"content", event.content},
             {"ts", event.ts},         {"position", event.position},
             {"txn", event.txn},       {"redacted", !event.redacted_by.empty()}};
    if (event.state_key) all["state_key"] = *event.state_key;
    return all;
}

} // namespace

json seen_messages(Room const& room) {
    json all = json::array();
    for (auto const& event : room.events) {
        if (event.type != "m.room.message" || !event.redacted_by.empty()) continue;
        auto const relates = event.content.value("m.relates_to", json::object());
        if (relates.value("rel_type", "") != "m.replace") {
            all.push_back(event.content);
            all.back().update({{"event_id", event.id}, {"sender", event.sender}, {"edits", 0}});
            continue;
        }
        for (auto& earlier : all) {
            if (earlier["event_id"] != relates.value("event_id", "") || earlier["sender"] != event.sender) continue;
            auto const edits = earlier["edits"].get<int>() + 1;
            earlier = event.content.value("m.new_content", json::object());
            earlier.update({{"event_id", relates["event_id"]}, {"sender", event.sender}, {"edits", edits}});
        }
    }
    return all;
}

json seen_room(Room const& room) {
    json events = json::array();
    for (auto const& event : room.events)
        events.push_back(seen_event(event));
    json state = json::object();
    for (auto const& [key, id] : room.state)
        state[key.first][key.second] = room.event(id)->content;
    return {{"id", room.id},
            {"version", room.version},
            {"name", room.content_of("m.room.name").value("name", "")},
            {"topic", room.content_of("m.room.topic").value("topic", "")},
            {"pinned", room.content_of("m.room.pinned_events").value("pinned", json::array())},
            {"members", room.members()},
            {"invited", room.members("invite")},
            {"state", state},
            {"aliases", json::array()},
            {"messages", seen_messages(room)},
            {"events", events}};
}

json seen(Homeserver& server, std::string_view part) {
    json all = json::object();
    for (auto const& [name, show] : parts)
        if (part.empty() || part == name) all[std::string{name}] = show(server);
    return all;
}

} // namespace cox::fake_homeserver
