#pragma once
// One alternative per thing a responder can say. `parse` makes it from text; a button is a command already typed.
#include "core/ids.hpp"
#include "core/time.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cox {

enum class Confidence { suspected, likely, confirmed };

// Where a field is optional and a rule may ask for it, the command still parses: the rule does the asking.
// A severity or role field holds the policy's key. An item is "A1", "P1" or "F1"; empty means "the only one that fits".
namespace command {

struct Declare {
    std::optional<std::string> severity;
    std::string title;
    std::optional<std::string> impact;
    std::optional<Time> started;
    bool here = false;
};
// Without a number: the only one that is open elsewhere.
struct Move {
    std::optional<IncidentId> incident;
};
struct Status {};
struct Help {
    std::string about;
};
struct ShowPolicy {
    std::optional<std::string> severity;
};

struct AskRole {
    std::string role;
};
struct GiveRole {
    std::string role;
    Person person;
}; // `ic me` gives it to the actor
struct Accept {
    std::string item;
};
struct Decline {
    std::string item;
};
struct Release {
    std::string role;
};
struct Takeover {};
struct Page {
    std::string whom;
};
struct Call {
    std::string url;
}; // empty: which one is set
struct Invite {
    std::vector<Person> people;
};

struct SetImpact {
    std::string text;
};
struct Hypothesise {
    std::string text;
    std::optional<Confidence> confidence;
};
struct RuleOut {};
struct Need {
    std::string text;
    std::optional<Time> by;
};
struct Note {
    std::string text;
};
struct Started {
    Time at;
};

struct Act {
    std::string item;
    std::string what;
    std::optional<Person> owner;
    std::optional<Time> eta;
    bool mitigation = false;
}; // with an item: that one, reassigned or started
struct Acknowledge {
    std::string item;
};
struct MoveEta {
    std::string item;
    std::optional<Time> to;
    std::optional<Duration> by;
};
struct Done {
    std::string item;
    std::string result;
};
struct Fail {
    std::string item;
    std::string result;
};
struct Drop {
    std::string item;
};
struct ListActions {};
struct Decide {
    std::string what;
};
struct Strategy {
    std::string choice;
};
struct Freeze {
    std::string what;
};
struct Unfreeze {};
struct Approve {
    std::string item;
};
struct Reject {
    std::string item;
};
// A runbook's name, or the answer to the question that is open: "yes", "deploy yes". Empty: the question again.
struct Runbook {
    std::string word;
};
// The commander's answer to the five questions of the command loop: what is not given stands as it is.
struct Loop {
    bool confirms = false; // "loop ok": all of it stands
    std::optional<std::string> impact;
    std::optional<std::string> hypothesis;
    std::optional<Confidence> confidence;
    std::optional<std::string> need;
    std::optional<Time> next;
};

struct SetSeverity {
    std::string severity;
};
struct Update {
    std::string headline;
    std::optional<std::string> impact;
    std::optional<std::string> hypothesis;
    std::optional<Confidence> confidence;
    std::optional<std::string> need;
};
struct NextUpdate {
    Time at;
};
struct Broadcast {
    std::string text;
};

struct Contained {
    std::string what;
    std::optional<std::string> impact;
};
struct Unstable {
    std::string why;
};
struct Resolve {
    std::string summary;
    std::optional<std::string> impact;
};
struct Reopen {};
struct Cancel {};
struct Merge {
    std::string into;
};

struct Timeline {};
struct Report {};
struct Review {};
struct Answer {
    int number = 0;
    std::string text;
};
struct Why {
    std::string text;
};
struct Followup {
    std::string what;
    std::optional<Person> owner;
    std::optional<Time> due;
};
struct Followups {};
struct Stats {
    std::optional<int> days;
};
struct Drill {
    std::string name;
};

// Not typed by people:
struct Absorb {
    IncidentId merged;
};               // another incident was merged into this one
struct Tick {};  // the clock: something may be due
struct Heard {}; // somebody said something that is no command
struct ChannelReady {
    Channel channel;
}; // the network made the channel that was asked for
struct ChannelRefused {
    std::string reason;
    std::optional<Channel> room; // where it can be commanded instead; none: nowhere
};                               // the network would not make it

} // namespace command

using Command =
    std::variant<command::Declare, command::Move, command::Status, command::Help, command::ShowPolicy, command::AskRole,
                 command::GiveRole, command::Accept, command::Decline, command::Release, command::Takeover,
                 command::Page, command::Call, command::Invite, command::SetImpact, command::Hypothesise,
                 command::RuleOut, command::Need, command::Note, command::Started, command::Act, command::Acknowledge,
                 command::MoveEta, command::Done, command::Fail, command::Drop, command::ListActions, command::Decide,
                 command::Strategy, command::Freeze, command::Unfreeze, command::Approve, command::Reject,
                 command::Runbook, command::Loop, command::SetSeverity, command::Update, command::NextUpdate,
                 command::Broadcast, command::Contained, command::Unstable, command::Resolve, command::Reopen,
                 command::Cancel, command::Merge, command::Timeline, command::Report, command::Review, command::Answer,
                 command::Why, command::Followup, command::Followups, command::Stats, command::Drill, command::Absorb,
                 command::Tick, command::Heard, command::ChannelReady, command::ChannelRefused>;

// What the network says of the account behind the actor.
enum class Standing {
    member,
    guest,     // a restricted account of this workspace
    stranger,  // an account of another organisation
    unverified // the network could not say just now
};

// A command with everything the engine must know about how it came.
struct Request {
    Command command;
    Person actor; // the clock and the network have an empty id
    Channel place;
    Time at;
    std::string because;                               // "" when no reason was given
    bool override_rules = false;                       // `verb!`
    std::string typed;                                 // as the person wrote it, for refusals that hand it back
    std::optional<IncidentId> incident = std::nullopt; // set when no person's place decides which one is meant
    Standing standing = Standing::member;
    bool room = true; // people can work together in the place; false for a conversation with one person
};

} // namespace cox
