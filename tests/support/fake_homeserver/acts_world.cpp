// What becomes of accounts, rooms, tokens and of the server itself.
#include "acts.hpp"
#include "deeds.hpp"

#include <algorithm>

namespace cox::fake_homeserver {
namespace {

json add_user(Homeserver& server, json const& args) {
    auto const name = args.at("name").get<std::string>();
    auto const id = name.starts_with('@') ? name : "@" + name + ":" + server.world.server_name;
    server.world.accounts[id] = {
        .id = id, .password = args.value("password", "aye"), .displayname = args.value("displayname", name)};
    return {{"user_id", id}};
}

json set_name(Homeserver& server, json const& args) {
    set_displayname(server, server.world.accounts.at(user_in(server, args)), args.at("displayname"));
    return json::object();
}

json set_password(Homeserver& server, json const& args) {
    server.world.accounts.at(user_in(server, args)).password = args.at("password");
    return json::object();
}

// {"name":"war-room","creator":"alice","members":["bob"], …}: what else is there goes to createRoom.
json add_room(Homeserver& server, json const& args) {
    auto words = args;
    words["room_alias_name"] = args.at("name");
    std::vector<std::string> members;
    for (auto const& each : args.value("members", json::array()))
        members.push_back(user_in(server, {{"user", each}}));
    auto const creator = user_in(server, {{"user", args.value("creator", "alice")}});
    auto& room = create_room(server, creator, words);
    for (auto const& each : members) {
        invite(server, room, creator, each);
        join(server, room, each);
    }
    return {{"room_id", room.id}};
}

json login(Homeserver& server, json const& args) {
    auto const token = server.world.new_token("syt");
    auto const user = user_in(server, args);
    server.world.sessions[token] = {
        .token = token, .user = user, .device = args.value("device", server.world.new_device_id())};
    return {{"access_token", token}, {"user_id", user}, {"device_id", server.world.sessions[token].device}};
}

// {"token":"as-…","sender":"coxswain-service","users":["coxswain"]}: none of them need be there.
json add_service(Homeserver& server, json const& args) {
    auto const full = [&](std::string const& name) { return "@" + name + ":" + server.world.server_name; };
    Service service{.sender = full(args.at("sender")), .users = {}};
    server.world.accounts[service.sender] = {.id = service.sender, .password = ""};
    for (auto const& each : args.at("users"))
        service.users.push_back(full(each));
    server.world.services[args.at("token")] = std::move(service);
    return json::object();
}

json revoke(Homeserver& server, json const& args) {
    auto const user = user_in(server, args);
    bool const soft = args.value("soft", false);
    for (auto& [token, session] : server.world.sessions) {
        if (session.user != user) continue;
        session.fate = soft ? Session::Fate::soft : Session::Fate::hard;
        if (!soft) server.world.forget_transactions(user, session.device);
    }
    return json::object();
}

json forget_transactions(Homeserver& server, json const&) {
    server.world.transactions.clear();
    return json::object();
}

json position(Homeserver& server, json const&) {
    return {{"position", server.world.last}};
}

// As from a backup: what happened after the position never did.
json restore(Homeserver& server, json const& args) {
    auto const last = args.at("position").get<Position>();
    for (auto& [id, room] : server.world.rooms) {
        std::erase_if(room.events, [&](Event const& each) { return each.position > last; });
        std::erase_if(room.edits, [&](auto const& each) { return !room.event(each.second); });
        room.state.clear();
        for (auto const& event : room.events)
            if (event.state_key) room.state[{event.type, *event.state_key}] = event.id;
    }
    std::erase_if(server.world.rooms, [](auto const& each) { return each.second.events.empty(); });
    std::erase_if(server.world.aliases, [&](auto const& each) { return !server.world.rooms.contains(each.second); });
    std::erase_if(server.world.transactions, [&](auto const& each) { return !server.world.event(each.second.event); });
    server.world.last = last;
    return json::object();
}

// Servers agreed that an older event is the state after all.
json reset_state(Homeserver& server, json const& args) {
    auto& room = room_in(server, args);
    auto const* const event = room.event(args.at("event").get<std::string>());
    if (!event || !event->state_key) throw Refused{400, "M_UNKNOWN", "no such state event"};
    room.state[{event->type, *event->state_key}] = event->id;
    room.resets.emplace_back(++server.world.last, event->id);
    return json::object();
}

json let_pass(Homeserver& server, json const& args) {
    server.pass(args.at("ms"));
    return json::object();
}

json settings(Homeserver& server, json const& args) {
    json all = server.settings;
    for (auto const& [key, value] : args.items()) {
        if (key == "do") continue;
        if (!all.contains(key)) throw Refused{400, "M_UNKNOWN", "no such setting: " + key};
        all[key] = value;
    }
    server.settings = all.get<Settings>();
    return json::object();
}

json fault(Homeserver& server, json const& args) {
    server.faults.add(fault_of(args));
    return json::object();
}

json clear_faults(Homeserver& server, json const&) {
    server.faults.clear();
    return json::object();
}

json go_down(Homeserver& server, json const&) {
    server.http.go_down();
    return json::object();
}

json come_up(Homeserver& server, json const&) {
    server.http.come_up();
    return json::object();
}

json reset_connections(Homeserver& server, json const&) {
    server.http.reset_connections();
    return json::object();
}

json close_idle(Homeserver& server, json const& args) {
    server.http.close_idle_after(std::chrono::milliseconds{args.at("ms").get<int>()});
    return json::object();
}

json forget_violations(Homeserver& server, json const&) {
    server.log.violations.clear();
    return json::object();
}

constexpr Act all[] = {
    {"add_user", add_user},
    {"set_displayname", set_name},
    {"set_password", set_password},
    {"add_room", add_room},
    {"login", login},
    {"add_service", add_service},
    {"revoke", revoke},
    {"forget_transactions", forget_transactions},
    {"position", position},
    {"restore", restore},
    {"reset_state", reset_state},
    {"let_pass", let_pass},
    {"settings", settings},
    {"fault", fault},
    {"clear_faults", clear_faults},
    {"go_down", go_down},
    {"come_up", come_up},
    {"reset_connections", reset_connections},
    {"close_idle", close_idle},
    {"forget_violations", forget_violations},
};

} // namespace

std::span<Act const> world_acts() {
    return all;
}

} // namespace cox::fake_homeserver
