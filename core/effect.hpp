#pragma once
// What the world should see. One way out: adapters draw these, each in its network's own form.
// Every text here is marked text (core/marks.hpp).
#include "core/ids.hpp"
#include "core/time.hpp"

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cox {

// A command already typed: pressing it is the same as saying `command`.
struct Button {
    std::string command; // "accept A1"
    std::string label;   // "Accept"
    bool operator==(Button const&) const = default;
};

struct CardRole {
    std::string tag;
    std::string title;
    std::string person;
    bool operator==(CardRole const&) const = default;
};
struct CardItem {
    std::string id;
    std::string what;
    std::string owner;
    std::string eta;
    std::string state;
    bool mitigation = false;
    bool operator==(CardItem const&) const = default;
};

// Something else that holds now: "Strategy", "rollback".
struct CardLine {
    std::string name;
    std::string text; // marked
    bool operator==(CardLine const&) const = default;
};

// The live card of an incident: the same facts for every network, drawn by each; what it says is marked text. A missing
// value is never left out, it says what is missing.
struct Card {
    IncidentId incident;
    std::string severity; // "SEV-1"
    std::string title;
    std::string status;
    std::vector<CardRole> roles;
    std::string impact;
    std::string hypothesis;
    std::string need;
    std::string call;            // its link; the exception: empty while none is set
    std::vector<CardItem> items; // not closed
    std::vector<CardLine> more;  // the exception too: only what there is
    std::string last_update;
    std::string next_update_text;
    std::optional<Time> next_update;
    std::string text; // the whole card in words
    std::vector<Button> buttons;
    bool operator==(Card const&) const = default;
};

namespace effect {

enum class PostKind { word, alert, update, stabilisation, resolution, escalation };

// A public message. Posts of one channel appear in order.
struct Post {
    ChannelId channel;
    PostKind kind = PostKind::word;
    std::string text;
    std::vector<Button> buttons;
    ChannelId instead_of = {}; // the place that could not be reached, and which the text names
    bool pointer = false;      // only says in which channel the incident is
};
// For one person's eyes, in that channel where the network can.
struct Tell {
    ChannelId channel;
    Person to;
    std::string text;
    std::vector<Button> buttons;
};
// Slots: of those not yet delivered the newest wins.
struct ShowCard {
    ChannelId channel;
    Card card;
};
struct SetTopic {
    ChannelId channel;
    std::string topic;
};
// Puts back what stood in the topic before the incident.
struct RestoreTopic {
    ChannelId channel;
};
// A link that the channel keeps at hand, by its title, where the network can.
struct SetLink {
    ChannelId channel;
    std::string title;
    std::string url;
};
// Asks for a channel; the network answers with ChannelReady or ChannelRefused.
struct OpenChannel {
    ChannelId origin;
    std::string name;
    std::string purpose;
    Person invite;
};
// Lets people into the channel who are not in it yet.
struct Invite {
    ChannelId channel;
    std::vector<Person> people;
};
// Tells a machine outside, by an HTTP POST of JSON. `channel` names the queue: "hook:freeze".
struct CallHook {
    ChannelId channel;
    std::string url;
    std::string body;
};
// Gets somebody in, by whatever reaches them.
struct PagePerson {
    ChannelId channel;
    Person person;
    std::string text;
};

} // namespace effect

using Effect = std::variant<effect::Post, effect::Tell, effect::ShowCard, effect::SetTopic, effect::RestoreTopic,
                            effect::SetLink, effect::OpenChannel, effect::Invite, effect::CallHook, effect::PagePerson>;

// The channel whose order the effect belongs to.
ChannelId const& channel_of(Effect const&);
// "post", "topic", "card", "link", "tell", "channel", "invite", "hook", "page"
std::string_view kind_of(Effect const&);
// Topic, card and link: a newer one makes an older one pointless.
bool is_slot(Effect const&);

std::string to_json(Effect const&);
std::expected<Effect, std::string> effect_from_json(std::string_view);

} // namespace cox
