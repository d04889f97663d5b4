#include "core/rules/all.hpp"

#include "core/phrases.hpp"

#include <algorithm>

namespace cox {
namespace {

// What nobody would do holds nobody up, nor does what the commander has not approved during a freeze.
Item const* first_in_line(Incident const& incident, Policy const& policy, Severity const& severity) {
    bool const frozen = incident.frozen && level_of("frozen", policy, severity) != Level::off;
    auto const found = std::ranges::find_if(incident.items, [&](Item const& item) {
        return item.state == ItemState::queued && item.owner && (item.approved || !frozen);
    });
    return found == incident.items.end() ? nullptr : &*found;
}

// Where the rule only warns nothing waits in line: the person hears what is at stake.
std::optional<Finding> beside(Item const* running) {
    if (!running) return std::nullopt;
    return Finding{.why = {"notice.mitigation-beside",
                           {{"item", running->id},
                            {"what", running->what},
                            {"owner", running->owner ? running->owner->name : "nobody yet"}},
                           {}},
                   .event = {}};
}

} // namespace

std::optional<Finding> check_one_mitigation(RuleCase const& c) {
    auto const* act = std::get_if<command::Act>(&c.request.command);
    if (!c.incident || !act || !act->mitigation) return std::nullopt;
    auto const& incident = *c.incident;
    // Giving a mitigation to somebody else changes nothing in production.
    if (!act->item.empty() && act->owner) return std::nullopt;
    if (act->item.empty() && act->what.empty()) return std::nullopt;

    auto const* running = incident.running_mitigation();
    if (running && running->id == act->item) return std::nullopt;
    bool const watching = incident.observe_until && c.request.at < *incident.observe_until;
    if (!running && !watching &&
        (first_in_line(incident, c.policy, *c.severity) == nullptr || !act->item.empty() || incident.line_held))
        return std::nullopt;

    if (c.level == Level::warn) return beside(running);
    auto const mine = act->item.empty() ? "A" + std::to_string(incident.items_made + 1) : act->item;
    auto args = about(incident, c.policy);
    args.emplace_back("mine", mine);
    args.emplace_back("instead", marks::code("mitigate! " + mine + " because …"));
    std::vector<std::string> ahead;
    for (auto const& item : incident.items) {
        if (item.id == mine) break;
        if (item.state == ItemState::queued) ahead.push_back(item.id);
    }
    args.emplace_back("ahead", join(ahead));
    if (running) {
        args.emplace_back("item", running->id);
        args.emplace_back("what", running->what);
        args.emplace_back("owner", running->owner ? running->owner->name : "nobody yet");
        args.emplace_back("waits", running->state == ItemState::offered ? "yes" : "");
        args.emplace_back("eta", running->eta ? digits_moment(*running->eta, c.policy.zone) : "unknown");
        return Finding{
            .way = Finding::Way::queue, .why = {"notice.mitigation-queued", std::move(args), {}}, .event = {}};
    }
    args.emplace_back("until", watching ? clock_moment(*incident.observe_until, c.policy.zone) : "");
    return Finding{.way = Finding::Way::queue, .why = {"notice.mitigation-waits", std::move(args), {}}, .event = {}};
}

std::optional<Time> due_one_mitigation(TimerCase const& c) {
    // Contained is a time of quiet, and what waited then is an old idea afterwards: somebody says `mitigate A2`.
    if (c.incident.running_mitigation() || c.incident.line_held) return std::nullopt;
    auto const* next = first_in_line(c.incident, c.policy, c.severity);
    if (!next) return std::nullopt;
    return c.incident.observe_until.value_or(next->opened_at);
}

std::vector<EventBody> fire_one_mitigation(TimerCase const& c, Time now) {
    auto const* next = first_in_line(c.incident, c.policy, c.severity);
    // The time it was given runs from its own start.
    auto const eta = next->eta ? std::optional{later(now, *next->eta - next->opened_at)} : std::nullopt;
    return {event::MitigationStarted{next->id, eta}};
}

} // namespace cox
