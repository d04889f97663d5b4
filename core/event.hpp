#pragma once
// One alternative per thing that happened. The log of events is the incident, the timeline and the audit.
// An event says everything that follows from it: `apply` needs neither the policy nor a clock.
#include "core/command.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace cox {

enum class ItemState {
    offered, // waits for its owner's word
    queued,  // a mitigation that waits for the one before it
    open,    // being done
    done,
    failed,
    dropped
};

namespace event {

// `fields` names each member once, for writing and reading the log.
// clang-format off
struct Declared {
    static constexpr std::string_view kind = "declared";
    std::string title; std::string severity; std::string severity_label; std::string impact; std::optional<Time> started;
    Channel origin; std::optional<Channel> channel; std::string wanted_name; std::optional<Time> next_update;
    template <class S, class F> static void fields(S& s, F&& f) { f("title", s.title); f("severity", s.severity); f("severity_label", s.severity_label); f("impact", s.impact); f("started", s.started); f("origin", s.origin); f("channel", s.channel); f("wanted_name", s.wanted_name); f("next_update", s.next_update); }
};
struct ChannelOpened { static constexpr std::string_view kind = "channel_opened"; Channel channel; bool fallback = false; std::string reason;
    template <class S, class F> static void fields(S& s, F&& f) { f("channel", s.channel); f("fallback", s.fallback); f("reason", s.reason); } };
// It goes on in another channel. `from` is missing where it had none yet.
struct ChannelMoved { static constexpr std::string_view kind = "channel_moved"; Channel channel; std::optional<Channel> from; std::string because;
    template <class S, class F> static void fields(S& s, F&& f) { f("channel", s.channel); f("from", s.from); f("because", s.because); } };
struct SeverityChanged { static constexpr std::string_view kind = "severity_changed"; std::string from; std::string to; std::string label; bool raised = false; std::string because; std::optional<Time> next_update;
    template <class S, class F> static void fields(S& s, F&& f) { f("from", s.from); f("to", s.to); f("label", s.label); f("raised", s.raised); f("because", s.because); f("next_update", s.next_update); } };
struct ImpactSet { static constexpr std::string_view kind = "impact_set"; std::string text;
    template <class S, class F> static void fields(S& s, F&& f) { f("text", s.text); } };
struct ImpactStarted { static constexpr std::string_view kind = "impact_started"; Time started;
    template <class S, class F> static void fields(S& s, F&& f) { f("started", s.started); } };
struct HypothesisSet { static constexpr std::string_view kind = "hypothesis_set"; std::string text; Confidence confidence = Confidence::suspected;
    template <class S, class F> static void fields(S& s, F&& f) { f("text", s.text); f("confidence", s.confidence); } };
struct HypothesisRuledOut { static constexpr std::string_view kind = "hypothesis_ruled_out"; std::string text; std::string because;
    template <class S, class F> static void fields(S& s, F&& f) { f("text", s.text); f("because", s.because); } };
struct NeedSet { static constexpr std::string_view kind = "need_set"; std::string text; std::optional<Time> by;
    template <class S, class F> static void fields(S& s, F&& f) { f("text", s.text); f("by", s.by); } };
struct Decided { static constexpr std::string_view kind = "decided"; std::string what; std::string because; std::string answers;
    template <class S, class F> static void fields(S& s, F&& f) { f("what", s.what); f("because", s.because); f("answers", s.answers); } };
struct CallSet { static constexpr std::string_view kind = "call_set"; std::string url;
    template <class S, class F> static void fields(S& s, F&& f) { f("url", s.url); } };
struct Noted { static constexpr std::string_view kind = "noted"; std::string text;
    template <class S, class F> static void fields(S& s, F&& f) { f("text", s.text); } };

struct RoleOffered { static constexpr std::string_view kind = "role_offered"; std::string role; Person person;
    template <class S, class F> static void fields(S& s, F&& f) { f("role", s.role); f("person", s.person); } };
struct RoleTaken { static constexpr std::string_view kind = "role_taken"; std::string role; Person person; bool takeover = false; std::string because; std::optional<Person> from;
    template <class S, class F> static void fields(S& s, F&& f) { f("role", s.role); f("person", s.person); f("takeover", s.takeover); f("because", s.because); f("from", s.from); } };
struct RoleDeclined { static constexpr std::string_view kind = "role_declined"; std::string role; Person person; std::string because;
    template <class S, class F> static void fields(S& s, F&& f) { f("role", s.role); f("person", s.person); f("because", s.because); } };
struct RoleReleased { static constexpr std::string_view kind = "role_released"; std::string role; Person person;
    template <class S, class F> static void fields(S& s, F&& f) { f("role", s.role); f("person", s.person); } };
struct CommandRequested { static constexpr std::string_view kind = "command_requested"; Person person;
    template <class S, class F> static void fields(S& s, F&& f) { f("person", s.person); } };

struct ItemOpened { static constexpr std::string_view kind = "item_opened"; std::string item; std::string what; bool mitigation = false; std::optional<Person> owner; std::optional<Time> eta; bool accepted = false; bool queued = false;
    template <class S, class F> static void fields(S& s, F&& f) { f("item", s.item); f("what", s.what); f("mitigation", s.mitigation); f("owner", s.owner); f("eta", s.eta); f("accepted", s.accepted); f("queued", s.queued); } };
struct ItemAssigned { static constexpr std::string_view kind = "item_assigned"; std::string item; Person owner; std::optional<Time> eta; bool accepted = false;
    template <class S, class F> static void fields(S& s, F&& f) { f("item", s.item); f("owner", s.owner); f("eta", s.eta); f("accepted", s.accepted); } };
struct ItemAccepted { static constexpr std::string_view kind = "item_accepted"; std::string item; Person owner;
    template <class S, class F> static void fields(S& s, F&& f) { f("item", s.item); f("owner", s.owner); } };
struct ItemDeclined { static constexpr std::string_view kind = "item_declined"; std::string item; Person owner; std::string because;
    template <class S, class F> static void fields(S& s, F&& f) { f("item", s.item); f("owner", s.owner); f("because", s.because); } };
// A mitigation leaves the line: it may now change production.
struct MitigationStarted { static constexpr std::string_view kind = "mitigation_started"; std::string item; std::optional<Time> eta;
    template <class S, class F> static void fields(S& s, F&& f) { f("item", s.item); f("eta", s.eta); } };
struct EtaMoved { static constexpr std::string_view kind = "eta_moved"; std::string item; Time eta;
    template <class S, class F> static void fields(S& s, F&& f) { f("item", s.item); f("eta", s.eta); } };
// `to` is done, failed or dropped; `observe_until` is set when a mitigation ends and its effect is to be watched.
struct ItemClosed { static constexpr std::string_view kind = "item_closed"; std::string item; ItemState to = ItemState::done; std::string result; std::optional<Time> observe_until;
    template <class S, class F> static void fields(S& s, F&& f) { f("item", s.item); f("to", s.to); f("result", s.result); f("observe_until", s.observe_until); } };

// A status update went out. `confirmed`: a person posted it. `silent_since` is set on the one update after downtime.
struct UpdatePosted { static constexpr std::string_view kind = "update_posted"; bool confirmed = false; std::string headline; std::optional<Time> next_update; std::optional<Time> silent_since;
    template <class S, class F> static void fields(S& s, F&& f) { f("confirmed", s.confirmed); f("headline", s.headline); f("next_update", s.next_update); f("silent_since", s.silent_since); } };
struct UpdateMoved { static constexpr std::string_view kind = "update_moved"; Time next_update; std::string because;
    template <class S, class F> static void fields(S& s, F&& f) { f("next_update", s.next_update); f("because", s.because); } };
// The draft for the update due at `due` was shown to `person`.
struct DraftShown { static constexpr std::string_view kind = "draft_shown"; Time due; Person person;
    template <class S, class F> static void fields(S& s, F&& f) { f("due", s.due); f("person", s.person); } };
// The clock reminded somebody. `about` is "role:comms", "A1", "eta:A1", "roles", "stale", "hypothesis", "idle", "shift"; `step` counts up from 1.
struct Reminded { static constexpr std::string_view kind = "reminded"; std::string about; int step = 1; std::optional<Person> person;
    template <class S, class F> static void fields(S& s, F&& f) { f("about", s.about); f("step", s.step); f("person", s.person); } };
// Updates go out unconfirmed: `step` 2 mentions commander and backup, 3 and more page them.
struct Escalated { static constexpr std::string_view kind = "escalated"; std::string about; int step = 0; std::optional<Person> backup; bool paged = false;
    template <class S, class F> static void fields(S& s, F&& f) { f("about", s.about); f("step", s.step); f("backup", s.backup); f("paged", s.paged); } };

// The five questions of the command loop were put to the commander.
struct LoopAsked { static constexpr std::string_view kind = "loop_asked"; Person person;
    template <class S, class F> static void fields(S& s, F&& f) { f("person", s.person); } };
// The commander's word: all of it holds. What was changed stands in events of its own.
struct LoopAnswered { static constexpr std::string_view kind = "loop_answered";
    template <class S, class F> static void fields(S&, F&&) {} };
// The commander has answered no loop for a while: `step` counts those unanswered.
struct Unattended { static constexpr std::string_view kind = "unattended"; int step = 0; std::optional<Person> backup; bool paged = false;
    template <class S, class F> static void fields(S& s, F&& f) { f("step", s.step); f("backup", s.backup); f("paged", s.paged); } };

struct StrategyChosen { static constexpr std::string_view kind = "strategy_chosen"; std::string choice; std::string because;
    template <class S, class F> static void fields(S& s, F&& f) { f("choice", s.choice); f("because", s.because); } };
struct Frozen { static constexpr std::string_view kind = "frozen"; std::string what;
    template <class S, class F> static void fields(S& s, F&& f) { f("what", s.what); } };
struct Unfrozen { static constexpr std::string_view kind = "unfrozen"; std::string what;
    template <class S, class F> static void fields(S& s, F&& f) { f("what", s.what); } };
// A command that only the commander can give, kept until the commander's word. `words` is how it was typed; `does` and
// the fields behind it say what it does (core/proposal.hpp).
struct Proposed { static constexpr std::string_view kind = "proposed"; std::string proposal; std::string words; std::string does; std::string text; std::optional<std::string> impact; std::string because; std::string item; std::optional<Person> owner; std::optional<Time> eta;
    template <class S, class F> static void fields(S& s, F&& f) { f("proposal", s.proposal); f("words", s.words); f("does", s.does); f("text", s.text); f("impact", s.impact); f("because", s.because); f("item", s.item); f("owner", s.owner); f("eta", s.eta); } };
struct ProposalApproved { static constexpr std::string_view kind = "proposal_approved"; std::string proposal;
    template <class S, class F> static void fields(S& s, F&& f) { f("proposal", s.proposal); } };
struct ProposalRejected { static constexpr std::string_view kind = "proposal_rejected"; std::string proposal; std::string because;
    template <class S, class F> static void fields(S& s, F&& f) { f("proposal", s.proposal); f("because", s.because); } };
struct RunbookStarted { static constexpr std::string_view kind = "runbook_started"; std::string runbook; std::string heading; std::string step;
    template <class S, class F> static void fields(S& s, F&& f) { f("runbook", s.runbook); f("heading", s.heading); f("step", s.step); } };
// `then` is the next step, empty where the walk ended; `advice` is what it ended with.
struct RunbookAnswered { static constexpr std::string_view kind = "runbook_answered"; std::string runbook; std::string question; std::string answer; std::string then; std::string advice;
    template <class S, class F> static void fields(S& s, F&& f) { f("runbook", s.runbook); f("question", s.question); f("answer", s.answer); f("then", s.then); f("advice", s.advice); } };
struct Invited { static constexpr std::string_view kind = "invited"; Person person;
    template <class S, class F> static void fields(S& s, F&& f) { f("person", s.person); } };
// It is part of `into` from now on, and closed.
struct Merged { static constexpr std::string_view kind = "merged"; std::string into; Channel to; std::string because;
    template <class S, class F> static void fields(S& s, F&& f) { f("into", s.into); f("to", s.to); f("because", s.because); } };
// Another one, `merged`, is part of this one from now on.
struct Absorbed { static constexpr std::string_view kind = "absorbed"; std::string merged; std::string merged_title; std::optional<Channel> from;
    template <class S, class F> static void fields(S& s, F&& f) { f("merged", s.merged); f("merged_title", s.merged_title); f("from", s.from); } };

struct Contained { static constexpr std::string_view kind = "contained"; std::string what; std::optional<Time> next_update;
    template <class S, class F> static void fields(S& s, F&& f) { f("what", s.what); f("next_update", s.next_update); } };
struct Unstable { static constexpr std::string_view kind = "unstable"; std::string why;
    template <class S, class F> static void fields(S& s, F&& f) { f("why", s.why); } };
struct Resolved { static constexpr std::string_view kind = "resolved"; std::string summary;
    template <class S, class F> static void fields(S& s, F&& f) { f("summary", s.summary); } };
struct Reopened { static constexpr std::string_view kind = "reopened"; std::string because; std::optional<Time> next_update;
    template <class S, class F> static void fields(S& s, F&& f) { f("because", s.because); f("next_update", s.next_update); } };
struct Cancelled { static constexpr std::string_view kind = "cancelled"; std::string because;
    template <class S, class F> static void fields(S& s, F&& f) { f("because", s.because); } };

struct Overridden { static constexpr std::string_view kind = "overridden"; std::string rule; std::string because; std::string typed;
    template <class S, class F> static void fields(S& s, F&& f) { f("rule", s.rule); f("because", s.because); f("typed", s.typed); } };
struct Refused { static constexpr std::string_view kind = "refused"; std::string rule; std::string typed;
    template <class S, class F> static void fields(S& s, F&& f) { f("rule", s.rule); f("typed", s.typed); } };
// The commander said something: the sign of life that `takeover` waits for. At most one a minute.
struct CommanderSeen { static constexpr std::string_view kind = "commander_seen";
    template <class S, class F> static void fields(S&, F&&) {} };
// clang-format on

} // namespace event

using EventBody =
    std::variant<event::Declared, event::ChannelOpened, event::ChannelMoved, event::SeverityChanged, event::ImpactSet,
                 event::ImpactStarted, event::HypothesisSet, event::HypothesisRuledOut, event::NeedSet, event::Decided,
                 event::CallSet, event::Noted, event::RoleOffered, event::RoleTaken, event::RoleDeclined,
                 event::RoleReleased, event::CommandRequested, event::ItemOpened, event::ItemAssigned,
                 event::ItemAccepted, event::ItemDeclined, event::MitigationStarted, event::EtaMoved, event::ItemClosed,
                 event::UpdatePosted, event::UpdateMoved, event::DraftShown, event::Reminded, event::Escalated,
                 event::LoopAsked, event::LoopAnswered, event::Unattended, event::StrategyChosen, event::Frozen,
                 event::Unfrozen, event::Proposed, event::ProposalApproved, event::ProposalRejected,
                 event::RunbookStarted, event::RunbookAnswered, event::Invited, event::Merged, event::Absorbed,
                 event::Contained, event::Unstable, event::Resolved, event::Reopened, event::Cancelled,
                 event::Overridden, event::Refused, event::CommanderSeen>;

struct Event {
    IncidentId incident;
    std::int64_t seq = 0; // 1, 2, 3, ... without a gap in each incident
    Time at;
    Person actor; // an empty id: the clock or the network
    EventBody body;
    std::int64_t decision = 0; // seq of the first event of the decision it came from
};

std::string_view kind(EventBody const&);

} // namespace cox
