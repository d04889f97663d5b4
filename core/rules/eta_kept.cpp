#include "core/rules/all.hpp"

#include <algorithm>

namespace cox {
namespace {

// The owner is asked at the ETA. Where the rule is enforced the commander hears of it later, if nothing came.
std::optional<Time> due_of(Item const& item, TimerCase const& c) {
    if (item.state != ItemState::open || !item.owner || !item.eta) return std::nullopt;
    if (item.eta_reminded == 0) return *item.eta;
    bool const climbs = c.level == Level::enforce && item.eta_reminded == 1 && !(*item.owner == c.incident.commander());
    return climbs ? std::optional{later(*item.eta, c.policy.escalate_eta_after)} : std::nullopt;
}

} // namespace

std::optional<Time> due_eta_kept(TimerCase const& c) {
    std::optional<Time> first;
    for (auto const& item : c.incident.items) {
        auto const due = due_of(item, c);
        if (due && (!first || *due < *first)) first = due;
    }
    return first;
}

std::vector<EventBody> fire_eta_kept(TimerCase const& c, Time now) {
    std::vector<EventBody> events;
    for (auto const& item : c.incident.items) {
        auto const due = due_of(item, c);
        if (!due || *due > now) continue;
        // After downtime the first step is skipped: one word, not two.
        bool const late = c.level == Level::enforce && now >= later(*item.eta, c.policy.escalate_eta_after) &&
                          !(*item.owner == c.incident.commander());
        events.emplace_back(
            event::Reminded{"eta:" + item.id, late ? 2 : 1, late ? c.incident.commander() : *item.owner});
    }
    return events;
}

} // namespace cox
