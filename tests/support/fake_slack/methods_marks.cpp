#include "deeds.hpp"
#include "methods.hpp"

#include <algorithm>

namespace cox::fake_slack {
namespace {

constexpr std::size_t most_marks = 100; // pins, or bookmarks, of a channel

std::string emoji_of(Args const& args) {
    auto const name = args.text("name");
    if (name.find(':') != std::string::npos) throw Refused{"invalid_name"};
    return name;
}

bool is_pinned(Channel const& channel, std::string const& ts) {
    return std::ranges::find(channel.pins, ts) != channel.pins.end();
}

json pins_add(Slack& slack, Args const& args) {
    auto& channel = own_channel_of(slack, args);
    need_open(channel);
    auto const ts = args.text("timestamp");
    message_of(channel, ts);
    if (is_pinned(channel, ts)) throw Refused{"already_pinned"};
    if (channel.pins.size() >= most_marks) throw Refused{"too_many_pins"};
    pin(slack, channel, ts, slack.world.bot_user, true);
    return json::object();
}

json pins_remove(Slack& slack, Args const& args) {
    auto& channel = own_channel_of(slack, args);
    if (!is_pinned(channel, args.text("timestamp"))) throw Refused{"no_pin"};
    pin(slack, channel, args.text("timestamp"), slack.world.bot_user, false);
    return json::object();
}

json pins_list(Slack& slack, Args const& args) {
    auto& channel = own_channel_of(slack, args);
    json items = json::array();
    for (auto const& ts : channel.pins)
        items.push_back({{"type", "message"}, {"channel", channel.id}, {"message", message_of(channel, ts).body}});
    return {{"items", items}};
}

std::string link_of(Args const& args) {
    auto const link = args.text("link");
    if (!link.starts_with("http://") && !link.starts_with("https://")) throw Refused{"invalid_link"};
    return link;
}

json& bookmark_of(Channel& channel, std::string const& id) {
    auto const at = std::ranges::find_if(channel.bookmarks, [&](json const& one) { return one["id"] == id; });
    if (at == channel.bookmarks.end()) throw Refused{"not_found"};
    return *at;
}

json bookmarks_add(Slack& slack, Args const& args) {
    auto& channel = own_channel_of(slack, args, "channel_id");
    need_open(channel);
    if (args.text("type") != "link") throw Refused{"invalid_bookmark_type"};
    auto const link = link_of(args);
    if (channel.bookmarks.size() >= most_marks) throw Refused{"too_many_bookmarks"};
    channel.bookmarks.push_back({{"id", slack.world.new_id("Bk")},
                                 {"channel_id", channel.id},
                                 {"title", args.text("title")},
                                 {"link", link},
                                 {"emoji", args.text("emoji")},
                                 {"type", "link"}});
    return {{"bookmark", channel.bookmarks.back()}};
}

json bookmarks_edit(Slack& slack, Args const& args) {
    auto& channel = own_channel_of(slack, args, "channel_id");
    auto& bookmark = bookmark_of(channel, args.text("bookmark_id"));
    if (args.has("link")) bookmark["link"] = link_of(args);
    for (auto const* field : {"title", "emoji"})
        if (args.has(field)) bookmark[field] = args.text(field);
    return {{"bookmark", bookmark}};
}

json bookmarks_remove(Slack& slack, Args const& args) {
    auto& channel = own_channel_of(slack, args, "channel_id");
    auto const gone = bookmark_of(channel, args.text("bookmark_id"));
    std::erase(channel.bookmarks, gone);
    return json::object();
}

json bookmarks_list(Slack& slack, Args const& args) {
    return {{"bookmarks", own_channel_of(slack, args, "channel_id").bookmarks}};
}

json reactions_add(Slack& slack, Args const& args) {
    auto& channel = own_channel_of(slack, args);
    need_open(channel);
    auto const ts = args.text("timestamp");
    auto const emoji = emoji_of(args);
    for (auto const& one : message_of(channel, ts).body.value("reactions", json::array()))
        if (one["name"] == emoji && std::ranges::find(one["users"], json(slack.world.bot_user)) != one["users"].end())
            throw Refused{"already_reacted"};
    react(slack, channel, ts, slack.world.bot_user, emoji, true);
    return json::object();
}

} // namespace

std::span<Method const> mark_methods() {
    static Method const table[] = {
        {"pins.add", "pins:write", true, {"channel", "timestamp"}, pins_add},
        {"pins.remove", "pins:write", true, {"channel", "timestamp"}, pins_remove},
        {"pins.list", "pins:read|pins:write", false, {"channel"}, pins_list},
        {"bookmarks.add", "bookmarks:write", true, {"channel_id", "title", "type"}, bookmarks_add},
        {"bookmarks.edit", "bookmarks:write", true, {"channel_id", "bookmark_id"}, bookmarks_edit},
        {"bookmarks.remove", "bookmarks:write", true, {"channel_id", "bookmark_id"}, bookmarks_remove},
        {"bookmarks.list", "bookmarks:read|bookmarks:write", true, {"channel_id"}, bookmarks_list},
        {"reactions.add", "reactions:write", true, {"channel", "timestamp", "name"}, reactions_add},
    };
    return table;
}

} // namespace cox::fake_slack
