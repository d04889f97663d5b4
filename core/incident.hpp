#pragma once
// An incident as the fold of its events. `apply` is the only code that changes it.
#include "core/event.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cox {

enum class Status { investigating, contained, resolved, cancelled, merged };

struct Offer {
    Person person;
    Person by;
    Time at;
    int reminded = 0; // steps of the reminder ladder taken
};

struct Seat {
    std::string role; // key
    std::optional<Person> holder;
    bool acting = false; // the declarer, until somebody takes or is given command
    Time since;
    std::optional<Offer> offer;
};

struct Item {
    std::string id; // "A1"
    std::string what;
    bool mitigation = false;
    std::optional<Person> owner;
    bool accepted = false;
    std::optional<Time> eta;
    ItemState state = ItemState::open;
    Time opened_at;
    std::optional<Offer> offer; // while the owner has not accepted
    std::string result;
    bool approved = false; // by the commander: a freeze does not hold it up
    int eta_reminded = 0;  // steps taken since its ETA passed
    bool closed() const {
        return state == ItemState::done || state == ItemState::failed || state == ItemState::dropped;
    }
};

// A fact with the time it was last stated, so that its age can be told.
struct Fact {
    std::string text;
    Time at;
    bool operator==(Fact const&) const = default;
};

enum class ProposalState { open, approved, rejected };

struct Proposal {
    event::Proposed asked;
    Person by;
    Time at;
    ProposalState state = ProposalState::open;
};

struct Freeze {
    std::string what; // "deploys"
    Person by;
    Time since;
};

struct Presence {
    Person person;
    Time last;
};

struct Incident {
    IncidentId id;
    std::int64_t seq = 0; // of the last event applied
    std::string title;
    std::string severity;       // policy key
    std::string severity_label; // as shown
    Status status = Status::investigating;
    Person declared_by;
    Time opened_at;
    std::optional<Time> started; // when impact began
    std::optional<Time> closed_at;
    Channel origin;                 // where it was declared
    std::optional<Channel> channel; // the channel of record; none until the network has made it
    bool own_channel = false;       // made for this incident
    std::optional<ChannelId> made;  // the one made for it, wherever it is commanded now
    std::string wanted_name;        // of the channel asked for

    std::vector<Seat> seats; // commander first
    std::optional<Person> command_requested_by;
    Time commander_seen;

    std::optional<Fact> impact;
    std::optional<Fact> hypothesis;
    Confidence confidence = Confidence::suspected;
    std::optional<Fact> need;
    std::optional<Time> need_by;
    std::string headline;
    std::string call; // the link of the call; "" while none is set

    std::vector<Item> items;
    int items_made = 0;                // the highest number given to an action
    std::optional<Time> observe_until; // after a mitigation ended
    bool line_held = false;            // contained or closed since: nothing starts by itself any more

    std::optional<Fact> strategy; // "rollback", "forward" or "degrade"
    std::string strategy_because;
    std::optional<Freeze> frozen;
    std::vector<Proposal> proposals;
    std::string runbook; // being walked; "" for none
    std::string runbook_step;
    std::optional<Fact> recent_change; // the last word of a deploy or another change, as somebody said it

    Time loop_from;              // when the five answers were last asked for or given
    int loops_unanswered = 0;    // in a row
    bool unattended = false;     // nobody heard of the commander for so many loops
    int hypothesis_reminded = 0; // since it was last stated
    std::string doubted_by;      // the mitigation whose failure speaks against the hypothesis; "" for none
    Time doubted_at;
    std::optional<Time> idle_since; // nobody does anything; none while somebody does, and while contained
    int idle_reminded = 0;
    int shift_reminded = 0;        // since command was last taken
    std::vector<Presence> present; // who did something here, and when last

    std::optional<Time> next_update;   // none: as needed, or closed
    Time last_update;                  // or the declaration, while there was none
    bool changed_since_update = false; // something that an update would tell, or that people did
    int unconfirmed_in_a_row = 0;
    std::optional<Time> draft_shown_for;
    std::optional<Time> contained_at; // start of the quiet time that `resolve` asks for
    Time roles_wanted_at;             // start of the response time: opened, raised or reopened
    int roles_reminded = 0;
    Time last_nudge; // of a stale as-needed incident

    bool open() const { return status == Status::investigating || status == Status::contained; }
    Person const& commander() const;
    Seat const* seat(std::string_view role) const;
    Item const* item(std::string_view id) const;
    // The mitigation that may change production now; null when none runs.
    Item const* running_mitigation() const;
    Proposal const* proposal(std::string_view id) const;
};

// Pure, and total for events that `decide` made. A log from outside goes through World::apply, which reports what
// cannot follow instead of stopping here.
void apply(Incident&, Event const&);

// Whoever declared it, holds or was offered a role, or owns an action; each of them once.
std::vector<Person> people_in(Incident const&);
bool holds_part(Incident const&, Person const&);
std::string_view status_word(Status);         // "investigating"
std::string_view confidence_word(Confidence); // "suspected"

} // namespace cox
