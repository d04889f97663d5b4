// Who comes and goes.
#include "deeds.hpp"

#include <algorithm>

namespace cox::fake_homeserver {
namespace {

void set_membership(Homeserver& server, Room& room, std::string const& sender, std::string const& whom,
                    std::string const& membership, std::string const& reason = {}) {
    json content{{"membership", membership}};
    if (auto const* const account = server.world.account(whom); account && !account->displayname.empty())
        if (membership == "join" || membership == "invite") content["displayname"] = account->displayname;
    if (!reason.empty()) content["reason"] = reason;
    add_event(server, room, sender, {.type = "m.room.member", .content = std::move(content), .state_key = whom});
}

// Whether they are in a room whose members may come in here.
bool is_in_one_of(Homeserver& server, json const& rules, std::string const& user) {
    return std::ranges::any_of(rules.value("allow", json::array()), [&](json const& each) {
        auto const* const room = server.world.room(each.value("room_id", ""));
        return each.value("type", "") == "m.room_membership" && room && room->membership(user) == "join";
    });
}

void must_be_here(Room const& room, std::string const& user) {
    if (room.membership(user) != "join") throw Refused{403, "M_FORBIDDEN", user + " not in room " + room.id + "."};
}

} // namespace

void join(Homeserver& server, Room& room, std::string const& user) {
    auto const now = room.membership(user);
    if (now == "join") return;
    if (now == "ban") throw Refused{403, "M_FORBIDDEN", "You are banned from this room"};
    auto const rules = room.content_of("m.room.join_rules");
    auto const rule = rules.value("join_rule", "invite");
    bool const is_open = rule == "public" || (rule == "restricted" && is_in_one_of(server, rules, user));
    if (now != "invite" && !is_open) throw Refused{403, "M_FORBIDDEN", "You are not invited to this room."};
    set_membership(server, room, user, user, "join");
}

void invite(Homeserver& server, Room& room, std::string const& user, std::string const& whom) {
    must_be_here(room, user);
    auto const now = room.membership(whom);
    if (now == "ban") throw Refused{403, "M_BAD_STATE", whom + " is banned from the room"};
    if (now == "join") throw Refused{403, "M_FORBIDDEN", whom + " is already in the room."};
    if (room.level_of(user) < room.level_named("invite", 0))
        throw Refused{403, "M_FORBIDDEN", "You don't have permission to invite users"};
    if (now != "invite") set_membership(server, room, user, whom, "invite");
}

void leave(Homeserver& server, Room& room, std::string const& user) {
    auto const now = room.membership(user);
    if (now == "join" || now == "invite") set_membership(server, room, user, user, "leave");
}

void kick(Homeserver& server, Room& room, std::string const& user, std::string const& whom, std::string const& reason) {
    must_be_here(room, user);
    if (room.membership(whom) != "join" && room.membership(whom) != "invite")
        throw Refused{403, "M_FORBIDDEN", "The target user is not in the room"};
    if (room.level_of(user) < room.level_named("kick", 50) || room.level_of(whom) >= room.level_of(user))
        throw Refused{403, "M_FORBIDDEN", "You cannot kick user " + whom + "."};
    set_membership(server, room, user, whom, "leave", reason);
}

void ban(Homeserver& server, Room& room, std::string const& user, std::string const& whom) {
    must_be_here(room, user);
    if (room.level_of(user) < room.level_named("ban", 50) || room.level_of(whom) >= room.level_of(user))
        throw Refused{403, "M_FORBIDDEN", "You don't have permission to ban"};
    set_membership(server, room, user, whom, "ban");
}

void set_displayname(Homeserver& server, Account& account, std::string const& name) {
    account.displayname = name;
    for (auto& [id, room] : server.world.rooms)
        if (room.membership(account.id) == "join") set_membership(server, room, account.id, account.id, "join");
}

} // namespace cox::fake_homeserver
