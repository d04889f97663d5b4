#include "core/incident.hpp"

#include "core/assert.hpp"
#include "core/overloaded.hpp"
#include "core/plain_speech.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <charconv>

namespace cox {
namespace {

constexpr std::string_view commander_role = "commander";

Seat& seat_for(Incident& incident, std::string const& role) {
    auto const found = std::ranges::find(incident.seats, role, &Seat::role);
    if (found != incident.seats.end()) return *found;
    Seat seat;
    seat.role = role;
    return incident.seats.emplace_back(std::move(seat));
}

Item& item_for(Incident& incident, std::string const& id) {
    auto const found = std::ranges::find(incident.items, id, &Item::id);
    COX_ASSERT(found != incident.items.end());
    return *found;
}

Proposal& proposal_for(Incident& incident, std::string const& id) {
    auto const found =
        std::ranges::find_if(incident.proposals, [&](Proposal const& one) { return one.asked.proposal == id; });
    COX_ASSERT(found != incident.proposals.end());
    return *found;
}

int number_of(std::string_view item) {
    int number = 0;
    std::from_chars(item.data() + 1, item.data() + item.size(), number);
    return number;
}

// One overload per event; the only code that changes an incident.
struct Apply {
    Incident& incident;
    Event const& event;

    void operator()(event::Declared const& e) const {
        incident.id = event.incident;
        incident.title = e.title;
        incident.severity = e.severity;
        incident.severity_label = e.severity_label;
        incident.declared_by = event.actor;
        incident.opened_at = event.at;
        incident.started = e.started;
        incident.origin = e.origin;
        incident.channel = e.channel;
        incident.wanted_name = e.wanted_name;
        incident.next_update = e.next_update;
        incident.last_update = event.at;
        incident.last_nudge = event.at;
        incident.commander_seen = event.at;
        incident.roles_wanted_at = event.at;
        incident.loop_from = event.at;
        if (!e.impact.empty()) incident.impact = Fact{e.impact, event.at};
        incident.seats.push_back({.role = std::string{commander_role},
                                  .holder = event.actor,
                                  .acting = true,
                                  .since = event.at,
                                  .offer = {}});
    }
    void operator()(event::ChannelOpened const& e) const {
        incident.channel = e.channel;
        incident.own_channel = !e.fallback;
        if (!e.fallback) incident.made = e.channel.id;
    }
    void operator()(event::ChannelMoved const& e) const {
        incident.channel = e.channel;
        incident.own_channel = incident.made == e.channel.id;
    }
    void operator()(event::SeverityChanged const& e) const {
        incident.severity = e.to;
        incident.severity_label = e.label;
        incident.next_update = e.next_update;
        incident.draft_shown_for.reset();
        if (!e.raised) return;
        want_roles_again();
        incident.loop_from = event.at;
    }
    void operator()(event::ImpactSet const& e) const { incident.impact = Fact{e.text, event.at}; }
    void operator()(event::ImpactStarted const& e) const { incident.started = e.started; }
    void operator()(event::HypothesisSet const& e) const {
        incident.hypothesis = Fact{e.text, event.at};
        incident.confidence = e.confidence;
        incident.hypothesis_reminded = 0;
        incident.doubted_by.clear();
        note_change(e.text);
    }
    void operator()(event::HypothesisRuledOut const&) const {
        incident.hypothesis.reset();
        incident.doubted_by.clear();
    }
    void operator()(event::NeedSet const& e) const {
        incident.need = e.text.empty() ? std::nullopt : std::optional{Fact{e.text, event.at}};
        incident.need_by = e.by;
    }
    void operator()(event::Decided const&) const {
        incident.need.reset();
        incident.need_by.reset();
    }
    void operator()(event::CallSet const& e) const { incident.call = e.url; }
    void operator()(event::Noted const& e) const { note_change(e.text); }

    void operator()(event::RoleOffered const& e) const {
        seat_for(incident, e.role).offer = Offer{e.person, event.actor, event.at, 0};
    }
    void operator()(event::RoleTaken const& e) const {
        auto& seat = seat_for(incident, e.role);
        seat.holder = e.person;
        seat.acting = false;
        seat.since = event.at;
        seat.offer.reset();
        if (e.role == commander_role) {
            incident.command_requested_by.reset();
            incident.commander_seen = event.at;
            incident.loop_from = event.at;
            incident.shift_reminded = 0;
            attend();
        }
    }
    void operator()(event::RoleDeclined const& e) const {
        auto& seat = seat_for(incident, e.role);
        if (seat.offer && seat.offer->person == e.person) seat.offer.reset();
        if (e.role == commander_role && incident.command_requested_by == e.person)
            incident.command_requested_by.reset();
    }
    void operator()(event::RoleReleased const& e) const {
        COX_ASSERT(e.role != commander_role);
        auto& seat = seat_for(incident, e.role);
        seat.since = event.at;
        if (seat.holder == e.person) {
            seat.holder.reset(); // somebody else's offer stands
        } else {
            seat.offer.reset();
        }
    }
    void operator()(event::CommandRequested const& e) const { incident.command_requested_by = e.person; }

    void operator()(event::ItemOpened const& e) const {
        Item item;
        item.id = e.item;
        item.what = e.what;
        item.mitigation = e.mitigation;
        item.owner = e.owner;
        item.accepted = e.accepted;
        item.eta = e.eta;
        item.opened_at = event.at;
        item.approved = event.actor == incident.commander();
        if (e.owner && !e.accepted) item.offer = Offer{*e.owner, event.actor, event.at, 0};
        item.state = e.queued ? ItemState::queued : item.offer ? ItemState::offered : ItemState::open;
        incident.items_made = std::max(incident.items_made, number_of(e.item));
        incident.items.push_back(std::move(item));
    }
    void operator()(event::ItemAssigned const& e) const {
        auto& item = item_for(incident, e.item);
        item.owner = e.owner;
        item.accepted = e.accepted;
        item.eta_reminded = 0;
        if (e.eta) item.eta = e.eta;
        item.offer.reset();
        if (!e.accepted) item.offer = Offer{e.owner, event.actor, event.at, 0};
        if (item.state != ItemState::queued) item.state = e.accepted ? ItemState::open : ItemState::offered;
    }
    void operator()(event::ItemAccepted const& e) const {
        auto& item = item_for(incident, e.item);
        item.owner = e.owner;
        item.accepted = true;
        item.offer.reset();
        if (item.state == ItemState::offered) item.state = ItemState::open;
    }
    void operator()(event::ItemDeclined const& e) const {
        auto& item = item_for(incident, e.item);
        item.owner.reset();
        item.accepted = false;
        item.offer.reset();
        // A mitigation that nobody takes goes back in line, so that it does not hold the others up.
        if (item.mitigation) item.state = ItemState::queued;
    }
    void operator()(event::MitigationStarted const& e) const {
        auto& item = item_for(incident, e.item);
        if (e.eta) item.eta = e.eta;
        item.eta_reminded = 0;
        item.state = item.offer ? ItemState::offered : ItemState::open;
        incident.observe_until.reset();
        incident.line_held = false;
    }
    void operator()(event::EtaMoved const& e) const {
        auto& item = item_for(incident, e.item);
        item.eta = e.eta;
        item.eta_reminded = 0;
        // In line the time promised runs from the start: it is as long as it was when it was last promised.
        if (item.state == ItemState::queued) item.opened_at = event.at;
    }
    void operator()(event::ItemClosed const& e) const {
        auto& item = item_for(incident, e.item);
        item.state = e.to;
        item.result = e.result;
        item.offer.reset();
        if (e.observe_until) incident.observe_until = e.observe_until;
        // What was tried on its account did not help.
        if (e.to == ItemState::failed && item.mitigation && incident.hypothesis) {
            incident.doubted_by = item.id;
            incident.doubted_at = event.at;
            incident.hypothesis_reminded = 0;
        }
    }

    void operator()(event::UpdatePosted const& e) const {
        incident.last_update = event.at;
        incident.last_nudge = event.at;
        incident.next_update = e.next_update;
        incident.draft_shown_for.reset();
        incident.headline = e.headline;
        incident.unconfirmed_in_a_row = e.confirmed ? 0 : incident.unconfirmed_in_a_row + 1;
    }
    void operator()(event::UpdateMoved const& e) const {
        incident.next_update = e.next_update;
        incident.draft_shown_for.reset();
    }
    void operator()(event::DraftShown const& e) const { incident.draft_shown_for = e.due; }
    void operator()(event::Reminded const& e) const {
        if (e.about == "roles") {
            incident.roles_reminded = e.step;
        } else if (e.about == "stale") {
            incident.last_nudge = event.at;
        } else if (e.about == "hypothesis") {
            incident.hypothesis_reminded = e.step;
        } else if (e.about == "idle") {
            incident.idle_reminded = e.step;
        } else if (e.about == "shift") {
            incident.shift_reminded = e.step;
        } else if (e.about.starts_with("eta:")) {
            item_for(incident, e.about.substr(4)).eta_reminded = e.step;
        } else if (e.about.starts_with("role:")) {
            if (auto& seat = seat_for(incident, e.about.substr(5)); seat.offer) seat.offer->reminded = e.step;
        } else if (auto& item = item_for(incident, e.about); item.offer) {
            item.offer->reminded = e.step;
        }
    }
    void operator()(event::Escalated const&) const {}

    void operator()(event::LoopAsked const&) const {
        incident.loop_from = event.at;
        ++incident.loops_unanswered;
    }
    void operator()(event::LoopAnswered const&) const { incident.loop_from = event.at; }
    void operator()(event::Unattended const&) const { incident.unattended = true; }

    void operator()(event::StrategyChosen const& e) const {
        incident.strategy = Fact{e.choice, event.at};
        incident.strategy_because = e.because;
    }
    void operator()(event::Frozen const& e) const { incident.frozen = Freeze{e.what, event.actor, event.at}; }
    void operator()(event::Unfrozen const&) const { incident.frozen.reset(); }
    void operator()(event::Proposed const& e) const {
        incident.proposals.push_back({e, event.actor, event.at, ProposalState::open});
    }
    void operator()(event::ProposalApproved const& e) const {
        proposal_for(incident, e.proposal).state = ProposalState::approved;
    }
    void operator()(event::ProposalRejected const& e) const {
        proposal_for(incident, e.proposal).state = ProposalState::rejected;
    }
    void operator()(event::RunbookStarted const& e) const {
        incident.runbook = e.runbook;
        incident.runbook_step = e.step;
    }
    void operator()(event::RunbookAnswered const& e) const {
        incident.runbook_step = e.then;
        if (e.then.empty()) incident.runbook.clear();
        if (same_ignoring_case(e.answer, "yes")) note_change(e.question);
    }
    void operator()(event::Invited const&) const {}
    void operator()(event::Merged const&) const { close(Status::merged); }
    void operator()(event::Absorbed const&) const {}

    void operator()(event::Contained const& e) const {
        incident.status = Status::contained;
        incident.line_held = true;
        incident.contained_at = event.at;
        incident.last_update = event.at;
        incident.next_update = e.next_update;
        incident.draft_shown_for.reset();
        incident.unconfirmed_in_a_row = 0;
    }
    void operator()(event::Unstable const&) const {
        incident.status = Status::investigating;
        incident.contained_at.reset();
    }
    void operator()(event::Resolved const&) const { close(Status::resolved); }
    void operator()(event::Cancelled const&) const { close(Status::cancelled); }
    void operator()(event::Reopened const& e) const {
        incident.status = Status::investigating;
        incident.closed_at.reset();
        // Nobody could answer while it was closed.
        for (auto& seat : incident.seats)
            ask_anew(seat.offer);
        for (auto& item : incident.items)
            ask_anew(item.offer);
        incident.contained_at.reset();
        incident.last_update = event.at;
        incident.last_nudge = event.at;
        incident.next_update = e.next_update;
        incident.unconfirmed_in_a_row = 0;
        incident.commander_seen = event.at;
        incident.loop_from = event.at;
        attend();
        want_roles_again();
    }
    void operator()(event::Overridden const&) const {}
    void operator()(event::Refused const&) const {}
    void operator()(event::CommanderSeen const&) const {}

private:
    // A raised or reopened incident gives people the whole response time again.
    void want_roles_again() const {
        incident.roles_wanted_at = event.at;
        incident.roles_reminded = 0;
    }
    // The commander is there.
    void attend() const {
        incident.loops_unanswered = 0;
        incident.unattended = false;
    }
    void note_change(std::string_view text) const {
        if (tells_of_a_change(text)) incident.recent_change = Fact{std::string{text}, event.at};
    }
    void ask_anew(std::optional<Offer>& offer) const {
        if (offer) offer->at = event.at;
        if (offer) offer->reminded = 0;
    }
    void close(Status status) const {
        incident.status = status;
        incident.closed_at = event.at;
        incident.next_update.reset();
        incident.draft_shown_for.reset();
        incident.observe_until.reset();
        incident.line_held = true;
        incident.command_requested_by.reset();
        incident.runbook.clear();
        incident.runbook_step.clear();
    }
};

// The commander says nothing with these that answers the five questions.
bool is_an_answer(EventBody const& body) {
    return !std::holds_alternative<event::Refused>(body) && !std::holds_alternative<event::CommanderSeen>(body);
}

void note_person(Incident& incident, Event const& event) {
    auto const& actor = event.actor;
    if (actor.id.empty()) return;
    auto const found = std::ranges::find(incident.present, actor, &Presence::person);
    if (found == incident.present.end()) {
        incident.present.push_back({actor, event.at});
    } else {
        found->last = event.at;
    }
    if (!(actor == incident.commander())) return;
    incident.commander_seen = event.at;
    if (!is_an_answer(event.body)) return;
    incident.loops_unanswered = 0;
    incident.unattended = false;
    // An update that the commander posts holds all five answers.
    if (std::holds_alternative<event::UpdatePosted>(event.body)) incident.loop_from = event.at;
}

// Since when nobody does anything: no action that somebody has accepted is open.
void note_idleness(Incident& incident, Event const& event) {
    bool const moving =
        std::ranges::any_of(incident.items, [](Item const& item) { return item.state == ItemState::open; });
    if (moving || incident.status != Status::investigating) {
        incident.idle_since.reset();
        incident.idle_reminded = 0;
    } else if (!incident.idle_since) {
        incident.idle_since = event.at;
    }
}

} // namespace

Person const& Incident::commander() const {
    return *seats.front().holder;
}

Seat const* Incident::seat(std::string_view role) const {
    auto const found = std::ranges::find(seats, role, &Seat::role);
    return found == seats.end() ? nullptr : &*found;
}

Item const* Incident::item(std::string_view wanted) const {
    auto const found = std::ranges::find(items, wanted, &Item::id);
    return found == items.end() ? nullptr : &*found;
}

Item const* Incident::running_mitigation() const {
    auto const found = std::ranges::find_if(items, [](Item const& item) {
        return item.mitigation && (item.state == ItemState::open || item.state == ItemState::offered);
    });
    return found == items.end() ? nullptr : &*found;
}

Proposal const* Incident::proposal(std::string_view wanted) const {
    auto const found =
        std::ranges::find_if(proposals, [&](Proposal const& one) { return one.asked.proposal == wanted; });
    return found == proposals.end() ? nullptr : &*found;
}

void apply(Incident& incident, Event const& event) {
    COX_ASSERT(event.seq == incident.seq + 1);
    COX_ASSERT(incident.seq > 0 || std::holds_alternative<event::Declared>(event.body));
    std::visit(Apply{incident, event}, event.body);
    incident.seq = event.seq;
    incident.changed_since_update =
        std::visit(overloaded{[](event::UpdatePosted const&) { return false; },
                              [&](event::CommanderSeen const&) { return incident.changed_since_update; },
                              [&](event::Refused const&) { return incident.changed_since_update; },
                              [&](event::DraftShown const&) { return incident.changed_since_update; },
                              [&](event::Reminded const&) { return incident.changed_since_update; },
                              [&](event::Escalated const&) { return incident.changed_since_update; },
                              [&](event::LoopAsked const&) { return incident.changed_since_update; },
                              [&](event::Unattended const&) { return incident.changed_since_update; },
                              [](auto const&) { return true; }},
                   event.body);
    // One commander from the first second on.
    COX_ASSERT(!incident.seats.empty() && incident.seats.front().holder);
    note_person(incident, event);
    note_idleness(incident, event);
}

std::string_view kind(EventBody const& body) {
    return std::visit([](auto const& e) { return e.kind; }, body);
}

std::vector<Person> people_in(Incident const& incident) {
    std::vector<Person> people{incident.declared_by};
    auto const add = [&](Person const& person) {
        if (std::ranges::find(people, person) == people.end()) people.push_back(person);
    };
    for (auto const& seat : incident.seats) {
        if (seat.holder) add(*seat.holder);
        if (seat.offer) add(seat.offer->person);
    }
    for (auto const& item : incident.items)
        if (item.owner) add(*item.owner);
    return people;
}

bool holds_part(Incident const& incident, Person const& person) {
    auto const people = people_in(incident);
    return std::ranges::find(people, person) != people.end();
}

std::string_view status_word(Status status) {
    switch (status) {
    case Status::investigating: return "investigating";
    case Status::contained: return "contained";
    case Status::resolved: return "resolved";
    case Status::cancelled: return "cancelled";
    case Status::merged: return "merged";
    }
    return "";
}

std::string_view confidence_word(Confidence confidence) {
    switch (confidence) {
    case Confidence::suspected: return "suspected";
    case Confidence::likely: return "likely";
    case Confidence::confirmed: return "confirmed";
    }
    return "";
}

} // namespace cox
