// Rooms: how they are made, and made anew in another version.
#include "deeds.hpp"

#include <algorithm>

namespace cox::fake_homeserver {
namespace {

constexpr std::size_t most_invites = 10;

struct Preset {
    char const* join_rule;
    char const* history_visibility;
    char const* guest_access;
};

Preset preset_of(std::string const& name) {
    if (name == "public_chat") return {"public", "shared", "forbidden"};
    if (name == "private_chat" || name == "trusted_private_chat") return {"invite", "shared", "can_join"};
    throw Refused{400, "M_BAD_JSON", "'" + name + "' is not a valid preset"};
}

void check_alias(Homeserver& server, std::string const& name) {
    if (name.empty()) return;
    if (name.find_first_of(": #\t\n") != std::string::npos)
        throw Refused{400, "M_UNKNOWN", "Invalid characters in room alias"};
    if (server.world.aliases.contains(server.world.alias_of(name)))
        throw Refused{400, "M_ROOM_IN_USE", "Room alias already taken"};
}

json levels_of(std::string const& creator, std::string const& version, json const& words) {
    bool const is_12 = version == "12";
    json users = json::object();
    if (!is_12) users[creator] = 100;
    if (!is_12 && words.value("preset", "") == "trusted_private_chat")
        for (auto const& each : words.value("invite", json::array()))
            users[each.get<std::string>()] = 100;
    json levels{{"users", users},
                {"users_default", 0},
                {"events",
                 {{"m.room.name", 50},
                  {"m.room.power_levels", 100},
                  {"m.room.history_visibility", 100},
                  {"m.room.canonical_alias", 50},
                  {"m.room.avatar", 50},
                  {"m.room.tombstone", is_12 ? 150 : 100},
                  {"m.room.server_acl", 100},
                  {"m.room.encryption", 100}}},
                {"events_default", 0},
                {"state_default", 50},
                {"ban", 50},
                {"kick", 50},
                {"redact", 50},
                {"invite", 0},
                {"historical", 100}};
    auto const& wanted = words.value("power_level_content_override", json::object());
    if (wanted.contains("users")) {
        bool const names_creator = wanted["users"].contains(creator);
        if (!is_12 && !names_creator)
            throw Refused{400, "M_UNKNOWN",
                          "Not a valid power_level_content_override: 'users' did not contain " + creator};
        if (is_12 && names_creator)
            throw Refused{400, "M_UNKNOWN", "Creator user " + creator + " must not appear in content.users"};
    }
    levels.update(wanted);
    return levels;
}

json create_content(std::string const& version, json const& words) {
    auto content = words.value("creation_content", json::object());
    content["room_version"] = version;
    if (version == "12" && words.value("preset", "") == "trusted_private_chat" && words.contains("invite"))
        content["additional_creators"] = words["invite"];
    return content;
}

json topic_content(std::string const& text) {
    json const plain{{"body", text}};
    return {{"topic", text}, {"m.topic", {{"m.text", json::array({plain})}}}};
}

} // namespace

Room& create_room(Homeserver& server, std::string const& creator, json const& words) {
    auto const version = words.value("room_version", server.settings.default_room_version);
    if (version != "10" && version != "11" && version != "12")
        throw Refused{400, "M_UNSUPPORTED_ROOM_VERSION", "Your homeserver does not support this room version"};
    auto const preset = preset_of(
        words.value("preset", words.value("visibility", "private") == "public" ? "public_chat" : "private_chat"));
    auto const alias_name = words.value("room_alias_name", "");
    check_alias(server, alias_name);
    auto const invited = words.value("invite", json::array());
    if (invited.size() > most_invites) throw Refused{400, "M_UNKNOWN", "Cannot invite so many users at once"};
    auto const levels = levels_of(creator, version, words);

    auto const id = server.world.new_room_id(version);
    auto& room = server.world.rooms[id];
    room.id = id;
    room.version = version;
    auto put = [&](char const* type, json content, std::string key = "") {
        add_event(server, room, creator, {.type = type, .content = std::move(content), .state_key = std::move(key)});
    };
    put("m.room.create", create_content(version, words));
    auto const* const account = server.world.account(creator);
    put("m.room.member", {{"membership", "join"}, {"displayname", account ? account->displayname : ""}}, creator);
    put("m.room.power_levels", levels);
    if (!alias_name.empty()) {
        auto const alias = server.world.alias_of(alias_name);
        server.world.aliases[alias] = id;
        put("m.room.canonical_alias", {{"alias", alias}});
    }
    auto const given = words.value("initial_state", json::array());
    auto is_given = [&](char const* type) {
        return std::ranges::any_of(given, [&](json const& each) { return each.at("type") == type; });
    };
    if (!is_given("m.room.join_rules")) put("m.room.join_rules", {{"join_rule", preset.join_rule}});
    if (!is_given("m.room.history_visibility"))
        put("m.room.history_visibility", {{"history_visibility", preset.history_visibility}});
    if (!is_given("m.room.guest_access")) put("m.room.guest_access", {{"guest_access", preset.guest_access}});
    if (server.settings.encrypts_new_rooms && !is_given("m.room.encryption"))
        put("m.room.encryption", {{"algorithm", "m.megolm.v1.aes-sha2"}});
    for (auto const& each : given)
        add_event(server, room, creator,
                  {.type = each.at("type"), .content = each.at("content"), .state_key = each.value("state_key", "")});
    if (words.contains("name")) put("m.room.name", {{"name", words["name"]}});
    if (words.contains("topic")) put("m.room.topic", topic_content(words["topic"]));
    for (auto const& each : invited)
        invite(server, room, creator, each);
    return room;
}

Room& upgrade(Homeserver& server, Room& old, std::string const& user, std::string const& version) {
    if (old.level_of(user) < old.level_for_state("m.room.tombstone"))
        throw Refused{403, "M_FORBIDDEN", "You don't have permission to post that to the room."};
    auto levels = old.content_of("m.room.power_levels");
    if (version == "12" && levels.contains("users")) levels["users"].erase(user);
    json words{{"room_version", version},
               {"creation_content", {{"predecessor", {{"room_id", old.id}}}}},
               {"power_level_content_override", levels},
               {"preset", old.content_of("m.room.join_rules").value("join_rule", "") == "public" ? "public_chat"
                                                                                                 : "private_chat"}};
    for (auto const* const key : {"name", "topic"})
        if (auto const* const set = old.state_of(std::string{"m.room."} + key)) words[key] = set->content.at(key);
    auto& fresh = create_room(server, user, words);
    for (auto& [alias, id] : server.world.aliases)
        if (id == old.id) id = fresh.id;
    auto put = [&](char const* type, json content) {
        add_event(server, old, user, {.type = type, .content = std::move(content), .state_key = ""});
    };
    put("m.room.tombstone", {{"body", "This room has been replaced"}, {"replacement_room", fresh.id}});
    if (auto const* const alias = old.state_of("m.room.canonical_alias")) {
        auto const content = alias->content;
        put("m.room.canonical_alias", json::object());
        add_event(server, fresh, user, {.type = "m.room.canonical_alias", .content = content, .state_key = ""});
    }
    auto restricted = old.content_of("m.room.power_levels");
    restricted["events_default"] = std::max<Level>(50, restricted.value("events_default", Level{0}));
    restricted["invite"] = std::max<Level>(50, restricted.value("invite", Level{0}));
    put("m.room.power_levels", restricted);
    return fresh;
}

} // namespace cox::fake_homeserver
