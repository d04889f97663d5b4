#include "world.hpp"

#include <cstdio>

namespace cox::fake_slack {

Message* Channel::message(std::string const& ts) {
    auto const at = messages.find(ts);
    return at == messages.end() ? nullptr : &at->second;
}

json View::described(std::string const& team, std::string const& app, std::string const& bot) const {
    auto view = shown;
    view["id"] = id;
    view["team_id"] = team;
    view["app_id"] = app;
    view["bot_id"] = bot;
    view["hash"] = hash;
    view["root_view_id"] = root;
    view["previous_view_id"] = previous.empty() ? json{} : json(previous);
    for (auto const* text : {"callback_id", "private_metadata", "external_id"})
        if (!view.contains(text)) view[text] = "";
    if (!view.contains("state")) view["state"] = {{"values", json::object()}};
    return view;
}

// Enough to begin with: two people, and a channel that the bot is in.
World::World() {
    auto person = [&](std::string const& id, std::string const& name, bool is_bot) {
        users[id] = {.id = id,
                     .name = name,
                     .real_name = name,
                     .display_name = name,
                     .email = is_bot ? "" : name + "@acme.test",
                     .team = team,
                     .is_bot = is_bot};
    };
    person(bot_user, "coxswain", true);
    person("U0ALICE01", "alice", false);
    person("U0BOB0001", "bob", false);
    auto room = [&](std::string const& id, std::string const& name, std::set<std::string> members) {
        channels[id] = {.id = id, .name = name, .creator = "U0ALICE01", .members = std::move(members)};
    };
    room("C0GENERAL", "general", {"U0ALICE01", "U0BOB0001"});
    room("C0OPS0001", "ops", {"U0ALICE01", "U0BOB0001", bot_user});
}

std::string World::new_id(std::string_view letter) {
    char text[40];
    std::snprintf(text, sizeof text, "%.*s0NEW%05d", static_cast<int>(letter.size()), letter.data(), ++last_id_);
    return text;
}

User* World::user(std::string_view wanted) {
    if (wanted.starts_with('@')) wanted.remove_prefix(1);
    auto const at = users.find(std::string{wanted});
    if (at != users.end()) return &at->second;
    for (auto& [id, user] : users)
        if (user.name == wanted) return &user;
    return nullptr;
}

Channel* World::channel(std::string_view wanted) {
    if (wanted.starts_with('#')) wanted.remove_prefix(1);
    auto const at = channels.find(std::string{wanted});
    if (at != channels.end()) return &at->second;
    for (auto& [id, channel] : channels)
        if (channel.name == wanted && !channel.is_im) return &channel;
    return nullptr;
}

Channel& World::im_with(std::string const& user) {
    for (auto& [id, channel] : channels)
        if (channel.is_im && channel.has(user)) return channel;
    auto const id = new_id("D");
    auto& im = channels[id];
    im = {.id = id, .name = "directmessage", .creator = bot_user, .is_im = true, .members = {user, bot_user}};
    return im;
}

json World::shown(User const& user) const {
    json shown = {{"id", user.id},
                  {"team_id", user.team},
                  {"name", user.name},
                  {"real_name", user.real_name},
                  {"deleted", user.deleted},
                  {"tz", user.tz},
                  {"is_bot", user.is_bot},
                  {"is_app_user", false},
                  {"is_admin", user.is_admin},
                  {"is_restricted", user.is_restricted},
                  {"is_ultra_restricted", user.is_ultra_restricted},
                  {"profile", {{"display_name", user.display_name}, {"real_name", user.real_name}}}};
    if (!user.email.empty()) shown["profile"]["email"] = user.email;
    if (user.is_stranger) shown["is_stranger"] = true;
    if (!user.enterprise.empty()) shown["enterprise_user"] = {{"id", user.id}, {"enterprise_id", user.enterprise}};
    return shown;
}

json World::shown(Channel const& channel) const {
    json shown = {{"id", channel.id},
                  {"created", channel.created},
                  {"creator", channel.creator},
                  {"is_channel", !channel.is_private && !channel.is_im},
                  {"is_group", channel.is_private && !channel.is_im},
                  {"is_im", channel.is_im},
                  {"is_mpim", false},
                  {"is_private", channel.is_private || channel.is_im},
                  {"is_archived", channel.is_archived},
                  {"is_general", channel.name == "general"},
                  {"is_shared", channel.is_ext_shared},
                  {"is_ext_shared", channel.is_ext_shared},
                  {"is_org_shared", false},
                  {"is_member", channel.has(bot_user)},
                  {"context_team_id", team},
                  {"num_members", channel.members.size()},
                  {"topic", channel.topic.shown()},
                  {"purpose", channel.purpose.shown()}};
    if (!channel.is_im) {
        shown["name"] = channel.name;
        shown["name_normalized"] = channel.name;
        return shown;
    }
    for (auto const& member : channel.members)
        if (member != bot_user) shown["user"] = member;
    return shown;
}

} // namespace cox::fake_slack
