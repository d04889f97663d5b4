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

// A preview changes a message, too, and so do bots; only a person's new words are told of.
Reading read_edit(Event const& event) {
    auto const& message = at(event.inner, "message");
    auto const& before = at(event.inner, "previous_message");
    auto const by = id_at(at(message, "edited"), "user");
    happening::Edited edited{{event.team, by, id_at(message, "user_team")},
                             id_at(event.inner, "channel"),
                             text_at(message, "text"),
                             id_at(message, "ts")};
    bool const by_a_person = !by.empty() && by != event.us.user && at(message, "bot_id").is_null();
    bool const new_words = !before.is_null() && text_at(before, "text") != edited.text;
    if (!by_a_person || !new_words || edited.channel.empty() || edited.ts.empty()) return passed("edited");
    auto key = key_of("edit", {event.team, edited.channel, edited.ts, id_at(at(message, "edited"), "ts")});
    return {std::move(edited), std::move(key), event_time(event)};
}

} // namespace

Reading read_message(Event const& event) {
    auto const& message = event.inner;
    auto const subtype = text_at(message, "subtype");
    if (is_own(event)) return passed("own");
    if (subtype == "channel_topic" || subtype == "group_topic") return read_topic(event);
    if (subtype == "message_changed") return read_edit(event);
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
