// Rooms themselves: made, entered, left, named.
#include "endpoints.hpp"

namespace cox::fake_homeserver {
namespace {

json create(Call& call) {
    return {{"room_id", create_room(call.server, call.user(), call.body).id}};
}

json enter(Call& call, std::string const& id_or_alias) {
    auto* const room = call.server.world.room(id_or_alias);
    if (!room && id_or_alias.starts_with('#')) throw Refused{404, "M_NOT_FOUND", "No known servers"};
    if (!room)
        throw Refused{404, "M_UNKNOWN",
                      "Can't join remote room because no servers that are in the room have been provided."};
    join(call.server, *room, call.user());
    return {{"room_id", room->id}};
}

json enter_by_name(Call& call) {
    return enter(call, call.path("name"));
}

json enter_by_id(Call& call) {
    return enter(call, call.path("room"));
}

json invite_somebody(Call& call) {
    invite(call.server, call.room(), call.user(), call.text("user_id"));
    return json::object();
}

json leave_room(Call& call) {
    auto& room = call.room();
    leave(call.server, room, call.user());
    return json::object();
}

json kick_somebody(Call& call) {
    kick(call.server, call.room(), call.user(), call.text("user_id"), call.body.value("reason", ""));
    return json::object();
}

json ban_somebody(Call& call) {
    ban(call.server, call.room(), call.user(), call.text("user_id"));
    return json::object();
}

json upgrade_room(Call& call) {
    return {{"replacement_room", upgrade(call.server, call.room(), call.user(), call.text("new_version")).id}};
}

json nothing(Call&) {
    return json::object();
}

json resolve(Call& call) {
    auto const alias = call.path("alias");
    auto const at = call.server.world.aliases.find(alias);
    if (at == call.server.world.aliases.end()) throw Refused{404, "M_NOT_FOUND", "Room alias " + alias + " not found"};
    return {{"room_id", at->second}, {"servers", {call.server.world.server_name}}};
}

json name_room(Call& call) {
    auto const alias = call.path("alias");
    auto const id = call.text("room_id");
    if (call.server.world.aliases.contains(alias))
        throw Refused{409, "M_UNKNOWN", "Room alias " + alias + " already exists"};
    if (!call.server.world.rooms.contains(id)) throw Refused{400, "M_UNKNOWN", "No such room"};
    call.server.world.aliases[alias] = id;
    return json::object();
}

json unname_room(Call& call) {
    if (call.server.world.aliases.erase(call.path("alias")) == 0)
        throw Refused{404, "M_NOT_FOUND", "Unknown room alias"};
    return json::object();
}

constexpr Endpoint all[] = {
    {"createRoom", "POST", "/_matrix/client/v3/createRoom", create},
    {"join", "POST", "/_matrix/client/v3/join/{name}", enter_by_name},
    {"join", "POST", "/_matrix/client/v3/rooms/{room}/join", enter_by_id},
    {"invite", "POST", "/_matrix/client/v3/rooms/{room}/invite", invite_somebody},
    {"leave", "POST", "/_matrix/client/v3/rooms/{room}/leave", leave_room},
    {"forget", "POST", "/_matrix/client/v3/rooms/{room}/forget", nothing},
    {"kick", "POST", "/_matrix/client/v3/rooms/{room}/kick", kick_somebody},
    {"ban", "POST", "/_matrix/client/v3/rooms/{room}/ban", ban_somebody},
    {"upgrade", "POST", "/_matrix/client/v3/rooms/{room}/upgrade", upgrade_room},
    {"directory", "GET", "/_matrix/client/v3/directory/room/{alias}", resolve},
    {"directory", "PUT", "/_matrix/client/v3/directory/room/{alias}", name_room},
    {"directory", "DELETE", "/_matrix/client/v3/directory/room/{alias}", unname_room},
};

} // namespace

std::span<Endpoint const> room_endpoints() {
    return all;
}

} // namespace cox::fake_homeserver
