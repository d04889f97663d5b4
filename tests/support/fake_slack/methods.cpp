#include "methods.hpp"

#include "blocks.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace cox::fake_slack {

Method const* find_method(std::string_view name) {
    static std::array const tables{chat_methods(), conversation_methods(), mark_methods(), people_methods(),
                                   view_methods()};
    for (auto const& table : tables)
        for (auto const& method : table)
            if (method.name == name) return &method;
    return nullptr;
}

Channel& channel_of(Slack& slack, Args const& args, std::string_view name) {
    auto const at = slack.world.channels.find(args.text(name));
    if (at == slack.world.channels.end()) throw Refused{"channel_not_found"};
    auto& channel = at->second;
    // A private channel does not exist for those who are not in it.
    if ((channel.is_private || channel.is_im) && !channel.has(slack.world.bot_user)) throw Refused{"channel_not_found"};
    return channel;
}

Channel& own_channel_of(Slack& slack, Args const& args, std::string_view name) {
    auto& channel = channel_of(slack, args, name);
    if (!channel.has(slack.world.bot_user)) throw Refused{"not_in_channel"};
    return channel;
}

void need_open(Channel const& channel) {
    if (channel.is_archived) throw Refused{"is_archived"};
}

Message& message_of(Channel& channel, std::string const& ts, char const* error) {
    auto* const message = channel.message(ts);
    if (!message) throw Refused{error};
    return *message;
}

json blocks_of(Args const& args) {
    auto const blocks = args.nested("blocks", "invalid_blocks_format");
    if (blocks.is_null()) return {};
    if (!blocks.is_array()) throw Refused{"invalid_blocks_format"};
    if (auto const wrong = wrong_with_blocks(blocks, 50); !wrong.empty())
        throw Refused{"invalid_blocks", {{"response_metadata", {{"messages", wrong}}}}};
    if (text_in(blocks) > 13'200) throw Refused{"msg_blocks_too_long"};
    return with_ids(blocks);
}

// A cursor ends in "=", as Slack's do, so that it must be encoded in a URL.
json page_of(Slack const& slack, char const* name, std::vector<json> const& rows, Args const& args, int limit) {
    std::size_t first = 0;
    if (auto const cursor = args.text("cursor"); !cursor.empty()) {
        auto const digits = std::string_view{cursor}.substr(std::min<std::size_t>(cursor.size(), 5));
        auto const end = std::from_chars(digits.data(), digits.data() + digits.size(), first);
        if (!cursor.starts_with("next:") || !cursor.ends_with('=') || end.ec != std::errc{})
            throw Refused{"invalid_cursor"};
    }
    if (slack.settings.page_size > 0) limit = std::min(limit, slack.settings.page_size);
    auto const last = std::min(rows.size(), first + static_cast<std::size_t>(std::max(limit, 1)));
    json page = {{name, json::array()}, {"response_metadata", {{"next_cursor", ""}}}};
    for (auto i = first; i < last; ++i)
        page[name].push_back(rows[i]);
    if (last < rows.size()) page["response_metadata"]["next_cursor"] = "next:" + std::to_string(last) + "=";
    return page;
}

} // namespace cox::fake_slack
