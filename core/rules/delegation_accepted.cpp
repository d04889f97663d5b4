#include "core/rules/all.hpp"

#include "core/phrases.hpp"

#include <algorithm>

namespace cox {
namespace {

// An unanswered offer climbs two steps: the person is mentioned, then the commander is asked to find somebody else.
constexpr int steps = 2;

Time due_of(Offer const& offer, Policy const& policy) {
    return later(offer.at, offer.reminded == 0 ? policy.remind_offer_after : policy.escalate_offer_after);
}

// Calls visit(about, offer) for every offer that waits for an answer.
template <class Visit>
void each_offer(Incident const& incident, Visit&& visit) {
    for (auto const& seat : incident.seats) {
        if (seat.offer && seat.offer->reminded < steps) visit("role:" + seat.role, *seat.offer);
    }
    for (auto const& item : incident.items) {
        if (item.offer && item.offer->reminded < steps) visit(item.id, *item.offer);
    }
}

} // namespace

std::optional<Finding> check_delegation_accepted(RuleCase const& c) {
    // At `enforce` the handlers make an offer of it and nobody is refused; at `warn` the room hears that it counts
    // without the person's word.
    if (c.level != Level::warn || !c.incident) return std::nullopt;
    auto const* act = std::get_if<command::Act>(&c.request.command);
    auto const* give = std::get_if<command::GiveRole>(&c.request.command);
    auto const* to = give ? &give->person : act && act->owner ? &*act->owner : nullptr;
    if (!to || *to == c.request.actor) return std::nullopt;
    return Finding{
        .why = {"notice.counts-without-word", {{"person", to->name}, {"severity", c.incident->severity_label}}, {}},
        .event = {}};
}

std::optional<Time> due_delegation_accepted(TimerCase const& c) {
    std::optional<Time> first;
    each_offer(c.incident, [&](std::string const&, Offer const& offer) {
        auto const due = due_of(offer, c.policy);
        if (!first || due < *first) first = due;
    });
    return first;
}

std::vector<EventBody> fire_delegation_accepted(TimerCase const& c, Time now) {
    std::vector<EventBody> events;
    each_offer(c.incident, [&](std::string const& about_what, Offer const& offer) {
        if (due_of(offer, c.policy) > now) return;
        // After downtime the first step is skipped: one word, not two.
        bool const late = now >= later(offer.at, c.policy.escalate_offer_after);
        events.emplace_back(event::Reminded{about_what, late ? 2 : 1, late ? c.incident.commander() : offer.person});
    });
    return events;
}

} // namespace cox
