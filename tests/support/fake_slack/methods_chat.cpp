#include "blocks.hpp"
#include "deeds.hpp"
#include "methods.hpp"

namespace cox::fake_slack {
namespace {

constexpr std::size_t longest_post = 40'000;
constexpr std::size_t longest_update = 4'000;

// At most `most` code points.
std::string cut(std::string text, std::size_t most) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        bool const starts = (static_cast<unsigned char>(text[i]) & 0xc0) != 0x80;
        if (starts && ++count > most) return text.substr(0, i);
    }
    return text;
}

json metadata_of(Args const& args) {
    auto const metadata = args.nested("metadata", "invalid_metadata_format");
    if (metadata.is_null() || metadata.empty()) return {};
    if (!metadata.contains("event_type") || !metadata.contains("event_payload"))
        throw Refused{"invalid_metadata_schema"};
    return metadata;
}

json words_of(Args const& args) {
    json body = json::object();
    if (auto blocks = blocks_of(args); !blocks.is_null()) body["blocks"] = std::move(blocks);
    if (!args.has("text") && !body.contains("blocks") && !args.has("attachments")) throw Refused{"no_text"};
    body["text"] = cut(args.text("text"), longest_post);
    return body;
}

// Where a post goes: a channel by id or name, or somebody's direct messages.
Channel& place_of(Slack& slack, Args const& args) {
    auto const wanted = args.text("channel");
    if (slack.world.users.contains(wanted)) return slack.world.im_with(wanted);
    auto* const channel = slack.world.channel(wanted);
    if (!channel) throw Refused{"channel_not_found"};
    bool const inside = channel->has(slack.world.bot_user);
    if (!inside && (channel->is_private || channel->is_im)) throw Refused{"channel_not_found"};
    auto const& scopes = slack.settings.scopes;
    bool const anywhere = std::find(scopes.begin(), scopes.end(), "chat:write.public") != scopes.end();
    if (!inside && !anywhere) throw Refused{"not_in_channel"};
    need_open(*channel);
    return *channel;
}

json shown(Message const& message) {
    auto body = message.body;
    if (!message.metadata.is_null()) body["metadata"] = message.metadata;
    return body;
}

json post_message(Slack& slack, Args const& args) {
    auto& channel = place_of(slack, args);
    auto message = by_the_bot(slack.world);
    message.update(words_of(args));
    if (auto const thread = args.text("thread_ts"); !thread.empty()) {
        auto const& parent = message_of(channel, thread, "thread_not_found");
        message["thread_ts"] = parent.body.value("thread_ts", thread);
        if (args.flag("reply_broadcast")) message["subtype"] = "thread_broadcast";
    }
    auto const ts = add_message(slack, channel, std::move(message), metadata_of(args));
    json answer = {{"channel", channel.id}, {"ts", ts}, {"message", shown(channel.messages.at(ts))}};
    if (length(args.text("text")) > longest_post) {
        answer["warning"] = "message_truncated";
        answer["response_metadata"]["warnings"] = {"message_truncated"};
    }
    return answer;
}

Message& own_message_of(Slack& slack, Channel& channel, std::string const& ts, char const* error) {
    auto& message = message_of(channel, ts);
    if (message.body.value("bot_id", "") != slack.world.bot) throw Refused{error};
    return message;
}

json update(Slack& slack, Args const& args) {
    auto& channel = channel_of(slack, args);
    auto const ts = args.text("ts");
    auto& message = own_message_of(slack, channel, ts, "cant_update_message");
    if (channel.is_archived) throw Refused{"is_inactive"}; // a word of this method alone
    if (length(args.text("text")) > longest_update) throw Refused{"msg_too_long"};
    auto changes = words_of(args);
    // Text without blocks takes the blocks away; metadata that is not given stays, and {} takes it away.
    if (!changes.contains("blocks")) changes["blocks"] = json::array();
    if (!args.has("text")) changes.erase("text");
    changes["edited"] = {{"user", slack.world.bot_user}, {"ts", slack.clock.ts()}};
    if (args.has("metadata")) message.metadata = metadata_of(args);
    edit_message(slack, channel, ts, changes);
    auto const& now = channel.messages.at(ts);
    return {{"channel", channel.id}, {"ts", ts}, {"text", now.body.value("text", "")}, {"message", shown(now)}};
}

json post_ephemeral(Slack& slack, Args const& args) {
    auto& channel = own_channel_of(slack, args);
    need_open(channel);
    if (!channel.has(args.text("user"))) throw Refused{"user_not_in_channel"};
    auto words = words_of(args);
    if (args.has("thread_ts")) words["thread_ts"] = args.text("thread_ts");
    return {{"message_ts", whisper(slack, channel.id, args.text("user"), "chat.postEphemeral", std::move(words))}};
}

json remove(Slack& slack, Args const& args) {
    auto& channel = channel_of(slack, args);
    own_message_of(slack, channel, args.text("ts"), "cant_delete_message");
    delete_message(slack, channel, args.text("ts"));
    return {{"channel", channel.id}, {"ts", args.text("ts")}};
}

json permalink(Slack& slack, Args const& args) {
    auto& channel = channel_of(slack, args);
    auto const ts = args.text("message_ts");
    auto const& body = message_of(channel, ts).body;
    auto digits = ts;
    std::erase(digits, '.');
    auto link = "https://" + slack.world.domain + ".slack.com/archives/" + channel.id + "/p" + digits;
    auto const thread = body.value("thread_ts", ts);
    if (thread != ts) link += "?thread_ts=" + thread + "&cid=" + channel.id;
    return {{"channel", channel.id}, {"permalink", link}};
}

constexpr std::string_view scope = "chat:write";

} // namespace

std::span<Method const> chat_methods() {
    static Method const table[] = {
        {"chat.postMessage", scope, true, {"channel"}, post_message},
        {"chat.update", scope, true, {"channel", "ts"}, update},
        {"chat.postEphemeral", scope, true, {"channel", "user"}, post_ephemeral},
        {"chat.delete", scope, true, {"channel", "ts"}, remove},
        {"chat.getPermalink", "", false, {"channel", "message_ts"}, permalink},
    };
    return table;
}

} // namespace cox::fake_slack
