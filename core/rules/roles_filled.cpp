#include "core/rules/all.hpp"

#include "core/phrases.hpp"

namespace cox {
namespace {

// The backup is called at the response time, and once more.
constexpr int calls = 2;

} // namespace

std::optional<Time> due_roles_filled(TimerCase const& c) {
    if (!c.severity.response_start || c.incident.roles_reminded >= calls) return std::nullopt;
    if (open_roles(c.incident, c.severity).empty()) return std::nullopt;
    return later(c.incident.roles_wanted_at, *c.severity.response_start * (c.incident.roles_reminded + 1));
}

std::vector<EventBody> fire_roles_filled(TimerCase const& c, Time now) {
    // After downtime both calls are due: one word, not two.
    bool const second = now >= later(c.incident.roles_wanted_at, *c.severity.response_start * calls);
    return {event::Reminded{"roles", second ? 2 : 1, c.policy.backup}};
}

} // namespace cox
