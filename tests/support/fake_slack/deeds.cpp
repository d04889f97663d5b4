#include "deeds.hpp"

#include "blocks.hpp"
#include "events.hpp"

#include <algorithm>

namespace cox::fake_slack {
namespace {

bool is_by_a_person(json const& body) {
    return !body.contains("subtype") && !body.contains("bot_id");
}

// A person's message has the same words once more as rich text.
json rich(std::string const& text) {
    return json::array(
        {{{"type", "rich_text"},
          {"block_id", "rich"},
          {"elements", json::array({{{"type", "rich_text_section"},
                                     {"elements", json::array({{{"type", "text"}, {"text", text}}})}}})}}});
}

json in_channel(Channel const& channel, json event) {
    event["channel"] = channel.id;
    event["channel_type"] = channel.type();
    return event;
}

// A line that Slack writes: "set the channel topic: …".
void add_line(Slack& slack, Channel& channel, char const* subtype, std::string const& user, std::string const& text,
              json more = json::object()) {
    json body = {{"subtype", subtype}, {"user", user}, {"text", "<@" + user + "> " + text}};
    body.update(more);
    add_message(slack, channel, std::move(body));
}

std::string hidden_ts(Slack& slack, Channel const& channel, char const* subtype, json more) {
    auto const ts = slack.clock.ts();
    json event = {{"type", "message"}, {"subtype", subtype}, {"hidden", true}, {"ts", ts}, {"event_ts", ts}};
    event.update(more);
    tell_in(slack, channel, in_channel(channel, std::move(event)));
    return ts;
}

} // namespace

json by_the_bot(World const& world) {
    return {{"user", world.bot_user},
            {"bot_id", world.bot},
            {"app_id", world.app},
            {"team", world.team},
            {"bot_profile", {{"id", world.bot}, {"app_id", world.app}, {"name", "coxswain"}, {"deleted", false}}}};
}

std::string add_message(Slack& slack, Channel& channel, json body, json metadata) {
    auto const ts = slack.clock.ts();
    body["type"] = "message";
    body["ts"] = ts;
    auto const text = body.value("text", "");
    bool const person = is_by_a_person(body);
    if (person) {
        if (!body.contains("team")) body["team"] = slack.world.team;
        body["client_msg_id"] = "fake-" + ts;
        if (!body.contains("blocks")) body["blocks"] = rich(text);
    }
    auto const thread = body.value("thread_ts", "");
    if (auto* const parent = channel.message(thread)) {
        parent->body["thread_ts"] = thread;
        parent->body["reply_count"] = parent->body.value("reply_count", 0) + 1;
        parent->body["latest_reply"] = ts;
        body["parent_user_id"] = parent->body.value("user", "");
    }
    channel.messages[ts] = {body, std::move(metadata), {}};

    auto event = in_channel(channel, body);
    event["event_ts"] = ts;
    tell_in(slack, channel, event);
    if (person && text.find("<@" + slack.world.bot_user + ">") != std::string::npos && !channel.is_im) {
        event["type"] = "app_mention";
        event.erase("channel_type");
        tell_in(slack, channel, event);
    }
    return ts;
}

void edit_message(Slack& slack, Channel& channel, std::string const& ts, json const& changes) {
    auto& message = channel.messages.at(ts);
    message.earlier.push_back(message.body);
    message.body.update(changes);
    hidden_ts(slack, channel, "message_changed",
              {{"message", message.body}, {"previous_message", message.earlier.back()}});
}

void delete_message(Slack& slack, Channel& channel, std::string const& ts) {
    auto const previous = channel.messages.at(ts).body;
    channel.messages.erase(ts);
    std::erase(channel.pins, ts);
    hidden_ts(slack, channel, "message_deleted", {{"deleted_ts", ts}, {"previous_message", previous}});
}

void set_topic(Slack& slack, Channel& channel, std::string const& user, std::string const& topic) {
    channel.topic = {topic, user, slack.clock.now_ms() / 1000};
    channel.topics.push_back(channel.topic);
    add_line(slack, channel, "channel_topic", user, "set the channel topic: " + topic, {{"topic", topic}});
}

void set_purpose(Slack& slack, Channel& channel, std::string const& user, std::string const& purpose) {
    channel.purpose = {purpose, user, slack.clock.now_ms() / 1000};
    add_line(slack, channel, "channel_purpose", user, "set the channel description: " + purpose,
             {{"purpose", purpose}});
}

void join(Slack& slack, Channel& channel, std::string const& user, std::string const& inviter) {
    if (!channel.members.insert(user).second) return;
    json event = {{"type", "member_joined_channel"},
                  {"user", user},
                  {"channel", channel.id},
                  {"channel_type", channel.is_private ? "G" : "C"},
                  {"team", slack.world.team}};
    json more = json::object();
    if (!inviter.empty()) event["inviter"] = more["inviter"] = inviter;
    tell_in(slack, channel, std::move(event));
    add_line(slack, channel, "channel_join", user, "has joined the channel", std::move(more));
}

void leave(Slack& slack, Channel& channel, std::string const& user) {
    if (!channel.has(user)) return;
    json const event = {{"type", "member_left_channel"},
                        {"user", user},
                        {"channel", channel.id},
                        {"channel_type", channel.is_private ? "G" : "C"},
                        {"team", slack.world.team}};
    if (user != slack.world.bot_user) {
        add_line(slack, channel, "channel_leave", user, "has left the channel");
        tell_in(slack, channel, event);
        channel.members.erase(user);
        return;
    }
    // Of its own departure the bot hears both ways.
    tell_in(slack, channel, event);
    tell_in(slack, channel, {{"type", channel.is_private ? "group_left" : "channel_left"}, {"channel", channel.id}});
    channel.members.erase(user);
}

void rename(Slack& slack, Channel& channel, std::string const& user, std::string const& name) {
    auto const old = std::exchange(channel.name, name);
    json const described = {{"id", channel.id}, {"name", name}, {"created", channel.created}};
    tell_of(slack, channel, {{"type", channel.is_private ? "group_rename" : "channel_rename"}, {"channel", described}});
    add_line(slack, channel, "channel_name", user, "has renamed the channel from \"" + old + "\" to \"" + name + "\"",
             {{"old_name", old}, {"name", name}});
}

void archive(Slack& slack, Channel& channel, std::string const& user, bool archived) {
    if (channel.is_archived == archived) return;
    auto const kind = std::string{channel.is_private ? "group" : "channel"} + (archived ? "_archive" : "_unarchive");
    add_line(slack, channel, archived ? "channel_archive" : "channel_unarchive", user,
             archived ? "archived the channel" : "un-archived the channel");
    channel.is_archived = archived;
    tell_of(slack, channel, {{"type", kind}, {"channel", channel.id}, {"user", user}});
}

void change_id(Slack& slack, Channel& channel, std::string const& id) {
    auto node = slack.world.channels.extract(channel.id);
    auto const old = node.key();
    node.key() = id;
    node.mapped().id = id;
    slack.world.channels.insert(std::move(node));
    tell_of(slack, *slack.world.channel(id),
            {{"type", "channel_id_changed"}, {"old_channel_id", old}, {"new_channel_id", id}});
}

Channel& create_channel(Slack& slack, std::string const& name, std::string const& creator, bool is_private) {
    auto const id = slack.world.new_id("C");
    auto& channel = slack.world.channels[id];
    channel = {.id = id, .name = name, .creator = creator, .is_private = is_private};
    channel.created = slack.clock.now_ms() / 1000;
    json const described = {{"id", id}, {"name", name}, {"created", channel.created}, {"creator", creator}};
    if (!is_private) tell(slack, {{"type", "channel_created"}, {"channel", described}});
    join(slack, channel, creator);
    return channel;
}

void pin(Slack& slack, Channel& channel, std::string const& ts, std::string const& user, bool pinned) {
    std::erase(channel.pins, ts);
    if (pinned) channel.pins.push_back(ts);
    auto const* message = channel.message(ts);
    json const item = {{"type", "message"},
                       {"channel", channel.id},
                       {"created", slack.clock.now_ms() / 1000},
                       {"created_by", user},
                       {"message", message ? message->body : json::object()}};
    tell_in(slack, channel,
            {{"type", pinned ? "pin_added" : "pin_removed"},
             {"user", user},
             {"channel_id", channel.id},
             {"item", item},
             {"has_pins", !channel.pins.empty()},
             {"pin_count", channel.pins.size()}});
}

void react(Slack& slack, Channel& channel, std::string const& ts, std::string const& user, std::string const& emoji,
           bool added) {
    auto& message = channel.messages.at(ts);
    auto& all = message.body["reactions"];
    if (!all.is_array()) all = json::array();
    auto at = std::ranges::find_if(all, [&](json const& one) { return one["name"] == emoji; });
    if (at == all.end()) {
        all.push_back({{"name", emoji}, {"users", json::array()}, {"count", 0}});
        at = all.end() - 1;
    }
    auto& users = (*at)["users"];
    users.erase(std::remove(users.begin(), users.end(), json(user)), users.end());
    if (added) users.push_back(user);
    (*at)["count"] = users.size();
    if (users.empty()) all.erase(at);
    tell_in(slack, channel,
            {{"type", added ? "reaction_added" : "reaction_removed"},
             {"user", user},
             {"reaction", emoji},
             {"item_user", message.body.value("user", "")},
             {"item", {{"type", "message"}, {"channel", channel.id}, {"ts", ts}}}});
}

std::string whisper(Slack& slack, std::string const& channel, std::string const& user, std::string via, json body) {
    auto const ts = slack.clock.ts();
    body["ts"] = ts;
    if (body.contains("blocks")) body["blocks"] = with_ids(body["blocks"]);
    slack.world.ephemerals.push_back({user, channel, std::move(via), std::move(body)});
    return ts;
}

void answer_interaction(Slack& slack, ResponseUrl const& from, std::string const& via, json body) {
    auto* const channel = slack.world.channel(from.channel);
    bool const replaces = body.value("replace_original", false);
    bool const deletes = body.value("delete_original", false);
    bool const in_channel = body.value("response_type", "ephemeral") == "in_channel";
    for (auto const* habit : {"replace_original", "delete_original", "response_type"})
        body.erase(habit);
    if (body.contains("blocks")) body["blocks"] = with_ids(body["blocks"]);

    if ((replaces || deletes) && !from.ts.empty()) {
        if (from.ephemeral) {
            for (auto& one : slack.world.ephemerals)
                if (one.body.value("ts", "") == from.ts) one.gone = true;
        } else if (channel && channel->message(from.ts)) {
            return deletes ? delete_message(slack, *channel, from.ts) : edit_message(slack, *channel, from.ts, body);
        }
        if (deletes) return;
    }
    if (in_channel && channel) {
        auto message = by_the_bot(slack.world);
        message.update(body);
        add_message(slack, *channel, std::move(message));
        return;
    }
    whisper(slack, from.channel, from.user, via, std::move(body));
}

} // namespace cox::fake_slack
