#include "blocks.hpp"
#include "deeds.hpp"
#include "methods.hpp"

#include <algorithm>
#include <cctype>

namespace cox::fake_slack {
namespace {

constexpr std::string_view manage = "channels:manage|groups:write";
constexpr std::string_view read = "channels:read|groups:read|im:read";
constexpr std::string_view history_scope = "channels:history|groups:history|im:history";
constexpr std::size_t longest_line = 250; // characters of a topic or purpose

json described(Slack const& slack, Channel const& channel) {
    return {{"channel", slack.world.shown(channel)}};
}

std::string new_name(Slack& slack, Args const& args) {
    auto const name = args.text("name");
    if (name.empty()) throw Refused{"invalid_name_required"};
    if (name.size() > 80) throw Refused{"invalid_name_maxlength"};
    bool const fine = std::ranges::all_of(name, [](char c) {
        auto const byte = static_cast<unsigned char>(c);
        return (std::islower(byte) != 0) || (std::isdigit(byte) != 0) || c == '-' || c == '_' || byte >= 0x80;
    });
    if (!fine) throw Refused{"invalid_name_specials"};
    // Archived channels keep their names.
    if (auto const* taken = slack.world.channel(name); taken && taken->name == name) throw Refused{"name_taken"};
    return name;
}

json create(Slack& slack, Args const& args) {
    auto const name = new_name(slack, args);
    return described(slack, create_channel(slack, name, slack.world.bot_user, args.flag("is_private")));
}

json rename_it(Slack& slack, Args const& args) {
    auto& channel = own_channel_of(slack, args);
    need_open(channel);
    rename(slack, channel, slack.world.bot_user, new_name(slack, args));
    return described(slack, channel);
}

// What setTopic and setPurpose ask for alike.
Channel& channel_for_line(Slack& slack, Args const& args, std::string_view line) {
    auto& channel = own_channel_of(slack, args);
    if (channel.is_im) throw Refused{"method_not_supported_for_channel_type"};
    need_open(channel);
    if (length(args.text(line)) > longest_line) throw Refused{"too_long"};
    return channel;
}

json set_its_topic(Slack& slack, Args const& args) {
    auto& channel = channel_for_line(slack, args, "topic");
    set_topic(slack, channel, slack.world.bot_user, args.text("topic"));
    return described(slack, channel);
}

json set_its_purpose(Slack& slack, Args const& args) {
    auto& channel = channel_for_line(slack, args, "purpose");
    set_purpose(slack, channel, slack.world.bot_user, args.text("purpose"));
    return described(slack, channel);
}

char const* why_not_invited(Slack& slack, Channel const& channel, std::string const& user) {
    auto const known = slack.world.users.find(user);
    if (user == slack.world.bot_user) return "cant_invite_self";
    if (known == slack.world.users.end()) return "user_not_found";
    if (known->second.deleted) return "cant_invite";
    if (known->second.is_ultra_restricted) return "ura_max_channels";
    if (channel.has(user)) return "already_in_channel";
    return nullptr;
}

json invite(Slack& slack, Args const& args) {
    auto& channel = own_channel_of(slack, args);
    need_open(channel);
    std::vector<std::string> users;
    for (auto rest = args.text("users"); !rest.empty();) {
        auto const comma = rest.find(',');
        users.push_back(rest.substr(0, comma));
        rest = comma == std::string::npos ? "" : rest.substr(comma + 1);
    }
    if (users.size() > 100) throw Refused{"too_many_users"};
    json errors = json::array();
    for (auto const& user : users)
        if (auto const* why = why_not_invited(slack, channel, user))
            errors.push_back({{"user", user}, {"ok", false}, {"error", why}});
    // One who cannot be invited spoils it for all, unless `force` is given.
    if (!errors.empty() && !args.flag("force"))
        throw Refused{errors[0]["error"].get<std::string>(), {{"errors", errors}}};
    for (auto const& user : users)
        if (!why_not_invited(slack, channel, user)) join(slack, channel, user, slack.world.bot_user);
    if (errors.empty()) return described(slack, channel);
    throw Refused{errors[0]["error"].get<std::string>(), {{"errors", errors}, {"channel", slack.world.shown(channel)}}};
}

json join_it(Slack& slack, Args const& args) {
    auto& channel = channel_of(slack, args);
    if (channel.is_private || channel.is_im) throw Refused{"method_not_supported_for_channel_type"};
    need_open(channel);
    bool const already = channel.has(slack.world.bot_user);
    join(slack, channel, slack.world.bot_user);
    auto answer = described(slack, channel);
    if (already) {
        answer["warning"] = "already_in_channel";
        answer["response_metadata"]["warnings"] = {"already_in_channel"};
    }
    return answer;
}

json info(Slack& slack, Args const& args) {
    return described(slack, channel_of(slack, args));
}

// Newest first, without what was said in threads; a page goes on beneath the ts in its cursor, so that nothing is seen
// twice when more is said meanwhile.
json history(Slack& slack, Args const& args) {
    auto const& channel = own_channel_of(slack, args);
    auto const oldest = args.text("oldest");
    auto const latest = args.text("latest");
    bool const inclusive = args.flag("inclusive");
    auto limit = std::min(args.number("limit", 100), 999);
    if (slack.settings.page_size > 0) limit = std::min(limit, slack.settings.page_size);
    auto const cursor = args.text("cursor");
    if (!cursor.empty() && (!cursor.starts_with("below:") || !cursor.ends_with('='))) throw Refused{"invalid_cursor"};
    auto const below = cursor.empty() ? "" : cursor.substr(6, cursor.size() - 7);

    json messages = json::array();
    bool more = false;
    std::string last;
    for (auto at = channel.messages.rbegin(); at != channel.messages.rend(); ++at) {
        auto const& [ts, message] = *at;
        auto const thread = message.body.value("thread_ts", ts);
        if (thread != ts && message.body.value("subtype", "") != "thread_broadcast") continue;
        if (!below.empty() && ts >= below) continue;
        if (!oldest.empty() && (inclusive ? ts < oldest : ts <= oldest)) continue;
        if (!latest.empty() && (inclusive ? ts > latest : ts >= latest)) continue;
        if (messages.size() == static_cast<std::size_t>(std::max(limit, 1))) {
            more = true;
            break;
        }
        auto body = message.body;
        if (args.flag("include_all_metadata") && !message.metadata.is_null()) body["metadata"] = message.metadata;
        messages.push_back(std::move(body));
        last = ts;
    }
    return {{"messages", messages},
            {"has_more", more},
            {"pin_count", channel.pins.size()},
            {"response_metadata", {{"next_cursor", more ? "below:" + last + "=" : ""}}}};
}

json replies(Slack& slack, Args const& args) {
    auto const& channel = own_channel_of(slack, args);
    auto const parent = args.text("ts");
    if (!channel.messages.contains(parent)) throw Refused{"thread_not_found"};
    auto const oldest = args.text("oldest");
    std::vector<json> rows;
    for (auto const& [ts, message] : channel.messages) {
        if (ts != parent && message.body.value("thread_ts", "") != parent) continue;
        if (ts != parent && !oldest.empty() && ts <= oldest) continue;
        rows.push_back(message.body);
        if (args.flag("include_all_metadata") && !message.metadata.is_null())
            rows.back()["metadata"] = message.metadata;
    }
    auto page = page_of(slack, "messages", rows, args, std::min(args.number("limit", 1000), 1000));
    page["has_more"] = page["response_metadata"]["next_cursor"] != "";
    return page;
}

json list(Slack& slack, Args const& args) {
    auto const types = "," + (args.has("types") ? args.text("types") : "public_channel") + ",";
    std::vector<json> rows;
    for (auto const& [id, channel] : slack.world.channels) {
        bool const hidden = (channel.is_private || channel.is_im) && !channel.has(slack.world.bot_user);
        auto const* const type = channel.is_im ? ",im," : channel.is_private ? ",private_channel," : ",public_channel,";
        if (hidden || types.find(type) == std::string::npos) continue;
        if (channel.is_archived && args.flag("exclude_archived")) continue;
        rows.push_back(slack.world.shown(channel));
    }
    return page_of(slack, "channels", rows, args, args.number("limit", 100));
}

json members(Slack& slack, Args const& args) {
    auto const& channel = channel_of(slack, args);
    std::vector<json> const rows(channel.members.begin(), channel.members.end());
    return page_of(slack, "members", rows, args, args.number("limit", 100));
}

json archive_it(Slack& slack, Args const& args) {
    auto& channel = own_channel_of(slack, args);
    if (channel.is_archived) throw Refused{"already_archived"};
    if (channel.name == "general") throw Refused{"cant_archive_general"};
    archive(slack, channel, slack.world.bot_user, true);
    return json::object();
}

json open_im(Slack& slack, Args const& args) {
    if (!slack.world.users.contains(args.text("users"))) throw Refused{"user_not_found"};
    return described(slack, slack.world.im_with(args.text("users")));
}

} // namespace

std::span<Method const> conversation_methods() {
    static Method const table[] = {
        {"conversations.create", manage, true, {}, create},
        {"conversations.rename", manage, true, {"channel"}, rename_it},
        {"conversations.setTopic", manage, true, {"channel", "topic"}, set_its_topic},
        {"conversations.setPurpose", manage, true, {"channel", "purpose"}, set_its_purpose},
        {"conversations.invite", manage, true, {"channel", "users"}, invite},
        {"conversations.archive", manage, true, {"channel"}, archive_it},
        {"conversations.join", "channels:join", true, {"channel"}, join_it},
        {"conversations.open", "im:write", true, {"users"}, open_im},
        {"conversations.info", read, false, {"channel"}, info},
        {"conversations.list", read, false, {}, list},
        {"conversations.members", read, false, {"channel"}, members},
        {"conversations.history", history_scope, true, {"channel"}, history},
        {"conversations.replies", history_scope, false, {"channel", "ts"}, replies},
    };
    return table;
}

} // namespace cox::fake_slack
