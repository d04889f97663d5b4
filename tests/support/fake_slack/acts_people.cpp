// What people do in channels.
#include "acts.hpp"
#include "deeds.hpp"
#include "events.hpp"

namespace cox::fake_slack {
namespace {

json say(Slack& slack, json const& args) {
    auto& channel =
        args.value("channel", "") == "@bot" ? slack.world.im_with(user_in(slack, args)) : channel_in(slack, args);
    auto const user = user_in(slack, args);
    auto const& team = slack.world.users.at(user).team;
    json body = {{"user", user}, {"text", args.at("text")}, {"team", team}};
    // Somebody from another organisation, in a shared channel.
    if (team != slack.world.team) body["user_team"] = body["source_team"] = team;
    if (args.contains("thread_ts")) body["thread_ts"] = args["thread_ts"];
    if (args.contains("subtype")) body["subtype"] = args["subtype"];
    // What the message holds besides, as it is.
    if (args.contains("more")) body.update(args["more"]);
    return {{"ts", add_message(slack, channel, std::move(body))}, {"channel", channel.id}};
}

json bot_says(Slack& slack, json const& args) {
    json body = {{"bot_id", args.value("bot", "B0OTHER01")}, {"text", args.at("text")}};
    if (args.value("old", false))
        body["subtype"] = "bot_message";
    else
        body["user"] = args.value("user", "U0OTHER01");
    return {{"ts", add_message(slack, channel_in(slack, args), std::move(body))}};
}

json edit(Slack& slack, json const& args) {
    auto& channel = channel_in(slack, args);
    auto const ts = message_in(channel, args);
    auto const editor = channel.messages.at(ts).body.value("user", "");
    edit_message(slack, channel, ts,
                 {{"text", args.at("text")}, {"edited", {{"user", editor}, {"ts", slack.clock.ts()}}}});
    return {{"ts", ts}};
}

// Slack adds a preview to a link: an edit that nobody made.
json unfurl(Slack& slack, json const& args) {
    auto& channel = channel_in(slack, args);
    auto const ts = message_in(channel, args);
    json const preview = {{"from_url", "https://x.test"}, {"title", "A page"}, {"id", 1}};
    edit_message(slack, channel, ts, {{"attachments", json::array({preview})}});
    return {{"ts", ts}};
}

json remove(Slack& slack, json const& args) {
    auto& channel = channel_in(slack, args);
    auto const ts = message_in(channel, args);
    delete_message(slack, channel, ts);
    return {{"ts", ts}};
}

template <bool added>
json react_to(Slack& slack, json const& args) {
    auto& channel = channel_in(slack, args);
    auto const ts = message_in(channel, args);
    react(slack, channel, ts, user_in(slack, args), args.at("emoji"), added);
    return {{"ts", ts}};
}

template <bool pinned>
json pin_it(Slack& slack, json const& args) {
    auto& channel = channel_in(slack, args);
    auto const ts = message_in(channel, args);
    pin(slack, channel, ts, user_in(slack, args), pinned);
    return {{"ts", ts}};
}

json change_topic(Slack& slack, json const& args) {
    set_topic(slack, channel_in(slack, args), user_in(slack, args), args.at("topic"));
    return json::object();
}

json event(Slack& slack, json const& args) {
    tell(slack, args.at("event"), args.value("ext_shared", false));
    return json::object();
}

} // namespace

std::span<Act const> people_acts() {
    static Act const table[] = {
        {"say", say},
        {"bot_says", bot_says},
        {"edit", edit},
        {"unfurl", unfurl},
        {"delete", remove},
        {"react", react_to<true>},
        {"unreact", react_to<false>},
        {"pin", pin_it<true>},
        {"unpin", pin_it<false>},
        {"set_topic", change_topic},
        {"event", event},
    };
    return table;
}

} // namespace cox::fake_slack
