// message and app_mention. One text that mentions us comes as both, with two event ids: the key is the message's own.
#include "adapters/slack/event.hpp"

#include <algorithm>
#include <array>

namespace cox::slack {
namespace {

// Of the many subtypes those that a person's words come with: an answer in a thread that is shown in the channel too,
// and words beside a file.
constexpr std::array spoken{std::string_view{"thread_broadcast"}, std::string_view{"file_share"}};

// Why nobody's command is in it; "" when a person said it just now.
std::string not_said(Event const& event, std::string const& subtype) {
    auto const& message = event.inner;
    if (subtype == "message_changed") return "edited";
    if (subtype == "message_deleted") return "deleted";
    if (subtype == "bot_message") return "bot";
    if (flag_at(message, "hidden")) return "hidden";
    if (!subtype.empty() && std::ranges::find(spoken, subtype) == spoken.end()) return "subtype " + plain_word(subtype);
    for (auto const* sign : {"bot_id", "bot_profile", "app_id"})
        if (!at(message, sign).is_null()) return "bot";
    if (text_at(message, "user") == "USLACKBOT") return "slackbot";
    // A mention that an edit has added arrives as an app_mention of its own.
    if (!at(message, "edited").is_null()) return "edited";
    return {};
}

Reading read_topic(Event const& event) {
    auto const& message = event.inner;
    happening::TopicChanged changed{author_of(event), id_at(message, "channel"), text_at(message, "topic"),
                                    id_at(message, "ts")};
    if (changed.author.user.empty() || changed.channel.empty() || changed.ts.empty()) return malformed("topic");
    auto key = key_of("topic", {event.team, changed.channel, changed.ts});
    return {std::move(changed), std::move(key), event_time(event)};
}

} // namespace

Reading read_message(Event const& event) {
    auto const& message = event.inner;
    auto const subtype = text_at(message, "subtype");
    if (is_own(event)) return passed("own");
    if (subtype == "channel_topic" || subtype == "group_topic") return read_topic(event);
    if (auto why = not_said(event, subtype); !why.empty()) return passed(std::move(why));

    happening::Said said;
    said.author = author_of(event);
    said.channel = id_at(message, "channel");
    said.text = text_at(message, "text");
    said.ts = id_at(message, "ts");
    said.thread_ts = id_at(message, "thread_ts");
    said.shared_channel = flag_at(event.outer, "is_ext_shared_channel");
    if (said.author.user.empty() || said.channel.empty() || said.ts.empty()) return malformed("message");
    auto key = key_of("msg", {event.team, said.channel, said.ts});
    return {std::move(said), std::move(key), event_time(event)};
}

Reading read_mention(Event const& event) {
    return read_message(event);
}

} // namespace cox::slack
