// What people do in rooms.
#include "acts.hpp"
#include "deeds.hpp"

namespace cox::fake_homeserver {
namespace {

json of_event(std::string id) {
    return {{"event_id", std::move(id)}};
}

Draft draft_of(json const& args, std::string type, json content) {
    Draft draft{.type = std::move(type), .content = std::move(content)};
    if (args.contains("ts")) draft.ts = args["ts"].get<std::int64_t>();
    return draft;
}

json text_content(json const& args) {
    json content{
        {"msgtype", args.value("msgtype", "m.text")}, {"body", args.at("text")}, {"m.mentions", json::object()}};
    if (args.contains("html")) {
        content["format"] = "org.matrix.custom.html";
        content["formatted_body"] = args["html"];
    }
    content.update(args.value("content", json::object()));
    return content;
}

json say(Homeserver& server, json const& args) {
    auto& room = room_in(server, args);
    return of_event(send(server, room, user_in(server, args), draft_of(args, "m.room.message", text_content(args))));
}

json send_any(Homeserver& server, json const& args) {
    auto& room = room_in(server, args);
    return of_event(send(server, room, user_in(server, args), draft_of(args, args.at("type"), args.at("content"))));
}

json edit(Homeserver& server, json const& args) {
    auto& room = room_in(server, args);
    auto const original = event_in(room, args);
    auto content = text_content(args);
    auto fresh = content;
    content["body"] = "* " + args.at("text").get<std::string>();
    content["m.new_content"] = std::move(fresh);
    content["m.relates_to"] = {{"rel_type", "m.replace"}, {"event_id", original}};
    return of_event(send(server, room, user_in(server, args), draft_of(args, "m.room.message", std::move(content))));
}

json redact_any(Homeserver& server, json const& args) {
    auto& room = room_in(server, args);
    return of_event(redact(server, room, user_in(server, args), event_in(room, args), json::object(), {}));
}

json react(Homeserver& server, json const& args) {
    auto& room = room_in(server, args);
    json const content{
        {"m.relates_to", {{"rel_type", "m.annotation"}, {"event_id", event_in(room, args)}, {"key", args.at("key")}}}};
    return of_event(send(server, room, user_in(server, args), draft_of(args, "m.reaction", content)));
}

json set_any_state(Homeserver& server, json const& args) {
    auto draft = draft_of(args, args.at("type"), args.at("content"));
    draft.state_key = args.value("key", "");
    return of_event(set_state(server, room_in(server, args), user_in(server, args), std::move(draft)));
}

json pin(Homeserver& server, json const& args) {
    auto& room = room_in(server, args);
    auto pinned = room.content_of("m.room.pinned_events").value("pinned", json::array());
    pinned.push_back(event_in(room, args));
    Draft draft{.type = "m.room.pinned_events", .content = {{"pinned", pinned}}, .state_key = ""};
    return of_event(set_state(server, room, user_in(server, args), std::move(draft)));
}

// By whoever made the room, so that it goes through.
json set_level(Homeserver& server, json const& args) {
    auto& room = room_in(server, args);
    auto levels = room.content_of("m.room.power_levels");
    levels["users"][user_in(server, args)] = args.at("level");
    auto const creator = room.state_of("m.room.create")->sender;
    return of_event(
        add_event(server, room, creator, {.type = "m.room.power_levels", .content = std::move(levels), .state_key = ""})
            .id);
}

json join_room(Homeserver& server, json const& args) {
    join(server, room_in(server, args), user_in(server, args));
    return json::object();
}

json invite_somebody(Homeserver& server, json const& args) {
    invite(server, room_in(server, args), user_in(server, args), user_in(server, args, "whom"));
    return json::object();
}

json leave_room(Homeserver& server, json const& args) {
    leave(server, room_in(server, args), user_in(server, args));
    return json::object();
}

json kick_somebody(Homeserver& server, json const& args) {
    kick(server, room_in(server, args), user_in(server, args), user_in(server, args, "whom"), args.value("reason", ""));
    return json::object();
}

json ban_somebody(Homeserver& server, json const& args) {
    ban(server, room_in(server, args), user_in(server, args), user_in(server, args, "whom"));
    return json::object();
}

json upgrade_room(Homeserver& server, json const& args) {
    auto& room = room_in(server, args);
    return {{"room_id", upgrade(server, room, user_in(server, args), args.value("version", "12")).id}};
}

constexpr Act all[] = {
    {"say", say},          {"send", send_any},           {"edit", edit},        {"redact", redact_any},
    {"react", react},      {"set_state", set_any_state}, {"pin", pin},          {"set_level", set_level},
    {"join", join_room},   {"invite", invite_somebody},  {"leave", leave_room}, {"kick", kick_somebody},
    {"ban", ban_somebody}, {"upgrade", upgrade_room},
};

} // namespace

std::span<Act const> people_acts() {
    return all;
}

} // namespace cox::fake_homeserver
