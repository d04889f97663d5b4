#pragma once
// What happens in Slack, as values. frame.hpp reads them from what comes in.
#include <map>
#include <string>
#include <variant>

namespace cox::slack {

// Who did it, as far as the payload says. Whether a person is a guest only users.info tells.
struct Author {
    std::string team;      // the workspace in whose name the id counts
    std::string user;      // "U1"
    std::string home_team; // where the account lives, when the payload says so: another one is a stranger
};

namespace happening {

// A message of a person that may hold a command: neither a bot's, nor edited, nor one of the kinds that Slack writes.
struct Said {
    Author author;
    std::string channel;
    std::string text;      // Slack's mark-up as it came
    std::string ts;        // the message's id in its channel, "1790000002.000300"
    std::string thread_ts; // "" outside threads
    bool shared_channel = false;
};
// A person changed the words of a message. What it says now is never carried out.
struct Edited {
    Author author;
    std::string channel;
    std::string text;
    std::string ts;
};
// The slash command.
struct Typed {
    Author author;
    std::string channel;
    std::string channel_name;
    std::string command; // "/inc"
    std::string text;
    std::string response_url;
    std::string trigger_id;
};
// A button of ours.
struct Pressed {
    Author author;
    std::string channel; // "" in App Home
    std::string message_ts;
    std::string action_id;
    std::string value; // the command, as we wrote it into the button
    std::string action_ts;
    std::string response_url;
    std::string trigger_id;
    std::string thread_ts;
};
// A form was sent.
struct Submitted {
    Author author;
    std::string view_id;
    std::string hash;
    std::string callback_id;
    std::string private_metadata;
    std::map<std::string, std::string> fields; // by block_id: what was typed or the chosen option's value
};
// "Declare from this message".
struct Shortcut {
    Author author;
    std::string callback_id;
    std::string channel;
    std::string message_text;
    std::string message_ts;
    std::string trigger_id;
    std::string response_url;
};
struct Reacted {
    Author author;
    std::string emoji; // without colons
    std::string channel;
    std::string message_ts;
    std::string event_ts;
};
struct Pinned {
    Author author;
    std::string channel;
    std::string message_ts;
    std::string message_user; // "" when nobody said it
    std::string message_text;
    std::string event_ts;
};
struct TopicChanged {
    Author author;
    std::string channel;
    std::string topic;
    std::string ts;
};
struct ChannelChanged {
    enum class What {
        archived,
        unarchived,
        deleted,
        renamed,
        id_changed,
        left_by_us,
        joined_by_us
    } what = What::archived;
    std::string team;
    std::string channel;
    std::string name;        // renamed
    std::string new_channel; // id_changed
};
struct MemberChanged {
    Author author;
    std::string channel;
    bool joined = false;
};
// A profile changed: the name, a guest's standing, a deactivation.
struct UserChanged {
    Author author;
};
struct HomeOpened {
    Author author;
};
struct TokensRevoked {
    std::string team;
};
// Slack drops events for a minute: too many were sent.
struct RateLimited {
    std::string team;
};
// Nothing to do, and why: "edited", "bot", "own", "unknown type chat_x". It is acknowledged like the rest.
struct Passed {
    std::string why;
};

} // namespace happening

using Happening =
    std::variant<happening::Said, happening::Edited, happening::Typed, happening::Pressed, happening::Submitted,
                 happening::Shortcut, happening::Reacted, happening::Pinned, happening::TopicChanged,
                 happening::ChannelChanged, happening::MemberChanged, happening::UserChanged, happening::HomeOpened,
                 happening::TokensRevoked, happening::RateLimited, happening::Passed>;

} // namespace cox::slack
