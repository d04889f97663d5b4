// Who and what there is, and what befalls it.
#include "acts.hpp"
#include "deeds.hpp"
#include "events.hpp"

namespace cox::fake_slack {
namespace {

void change(User& user, json const& args) {
    auto text = [&](char const* key, std::string& field) { field = args.value(key, field); };
    auto flag = [&](char const* key, bool& field) { field = args.value(key, field); };
    text("name", user.name);
    text("real_name", user.real_name);
    text("display_name", user.display_name);
    text("email", user.email);
    text("team", user.team);
    text("enterprise", user.enterprise);
    text("tz", user.tz);
    flag("is_bot", user.is_bot);
    flag("deleted", user.deleted);
    flag("is_restricted", user.is_restricted);
    flag("is_ultra_restricted", user.is_ultra_restricted);
    flag("is_stranger", user.is_stranger);
    flag("is_admin", user.is_admin);
}

json add_user(Slack& slack, json const& args) {
    auto const id = args.value("id", slack.world.new_id("U"));
    auto const name = args.at("name").get<std::string>();
    auto& user = slack.world.users[id];
    user = {.id = id,
            .name = name,
            .real_name = name,
            .display_name = name,
            .email = name + "@acme.test",
            .team = slack.world.team};
    change(user, args);
    return {{"user", id}};
}

json change_user(Slack& slack, json const& args) {
    auto& user = slack.world.users.at(user_in(slack, args));
    change(user, args);
    tell(slack, {{"type", "user_change"}, {"user", slack.world.shown(user)}});
    return {{"user", user.id}};
}

json add_channel(Slack& slack, json const& args) {
    auto const id = args.value("id", slack.world.new_id("C"));
    auto& channel = slack.world.channels[id];
    channel = {.id = id, .name = args.at("name"), .creator = args.value("creator", "U0ALICE01")};
    channel.is_private = args.value("is_private", false);
    channel.is_ext_shared = args.value("is_ext_shared", false);
    channel.is_archived = args.value("is_archived", false);
    channel.created = slack.clock.now_ms() / 1000;
    channel.topic.value = args.value("topic", "");
    for (auto const& member : args.value("members", json::array()))
        channel.members.insert(user_in(slack, {{"user", member}}));
    if (args.value("bot", true)) channel.members.insert(slack.world.bot_user);
    return {{"channel", id}};
}

json join_it(Slack& slack, json const& args) {
    join(slack, channel_in(slack, args), user_in(slack, args),
         args.contains("inviter") ? user_in(slack, args, "inviter") : "");
    return json::object();
}

json leave_it(Slack& slack, json const& args) {
    leave(slack, channel_in(slack, args), user_in(slack, args));
    return json::object();
}

json invite_bot(Slack& slack, json const& args) {
    join(slack, channel_in(slack, args), slack.world.bot_user, user_in(slack, args));
    return json::object();
}

json kick_bot(Slack& slack, json const& args) {
    leave(slack, channel_in(slack, args), slack.world.bot_user);
    return json::object();
}

template <bool archived>
json archive_it(Slack& slack, json const& args) {
    archive(slack, channel_in(slack, args), args.contains("user") ? user_in(slack, args) : "U0ALICE01", archived);
    return json::object();
}

json rename_it(Slack& slack, json const& args) {
    rename(slack, channel_in(slack, args), args.contains("user") ? user_in(slack, args) : "U0ALICE01", args.at("name"));
    return json::object();
}

json change_its_id(Slack& slack, json const& args) {
    auto const id = args.value("id", slack.world.new_id("C"));
    change_id(slack, channel_in(slack, args), id);
    return {{"channel", id}};
}

json delete_channel(Slack& slack, json const& args) {
    auto const& channel = channel_in(slack, args);
    tell_of(slack, channel,
            {{"type", channel.is_private ? "group_deleted" : "channel_deleted"}, {"channel", channel.id}});
    slack.world.channels.erase(channel.id);
    return json::object();
}

// After this the token is no good any more.
json revoke_tokens(Slack& slack, json const&) {
    json const bots = json::array({slack.world.bot_user});
    tell(slack, {{"type", "tokens_revoked"}, {"tokens", {{"oauth", json::array()}, {"bot", bots}}}});
    slack.settings.bot_token = "token_revoked:" + slack.settings.bot_token;
    return json::object();
}

json app_rate_limited(Slack& slack, json const&) {
    tell_app_rate_limited(slack);
    return json::object();
}

json set_workspace(Slack& slack, json const& args) {
    auto& world = slack.world;
    auto const before = world.team;
    world.team = args.value("team", world.team);
    world.domain = args.value("domain", world.domain);
    world.enterprise = args.value("enterprise", world.enterprise);
    for (auto& [id, user] : world.users)
        if (user.team == before) user.team = world.team;
    return json::object();
}

json let_pass(Slack& slack, json const& args) {
    slack.clock.pass(args.at("ms"));
    return json::object();
}

// Words as they are, from words as they came: only what is named changes.
json settings(Slack& slack, json const& args) {
    json all = slack.settings;
    for (auto const& [name, value] : args.items()) {
        if (name == "do") continue;
        if (!all.contains(name)) throw Refused{"no such setting: " + name};
        all[name] = value;
    }
    slack.settings = all.get<Settings>();
    return {{"settings", all}};
}

json fault(Slack& slack, json const& args) {
    slack.faults.add(fault_of(args));
    return json::object();
}

json clear_faults(Slack& slack, json const&) {
    slack.faults.clear();
    return json::object();
}

} // namespace

std::span<Act const> world_acts() {
    static Act const table[] = {
        {"add_user", add_user},
        {"change_user", change_user},
        {"add_channel", add_channel},
        {"join", join_it},
        {"leave", leave_it},
        {"invite_bot", invite_bot},
        {"kick_bot", kick_bot},
        {"archive", archive_it<true>},
        {"unarchive", archive_it<false>},
        {"rename", rename_it},
        {"change_channel_id", change_its_id},
        {"delete_channel", delete_channel},
        {"revoke_tokens", revoke_tokens},
        {"app_rate_limited", app_rate_limited},
        {"set_workspace", set_workspace},
        {"let_pass", let_pass},
        {"settings", settings},
        {"fault", fault},
        {"clear_faults", clear_faults},
    };
    return table;
}

} // namespace cox::fake_slack
