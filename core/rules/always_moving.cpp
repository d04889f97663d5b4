#include "core/rules/all.hpp"

namespace cox {
namespace {

constexpr int questions = 2;

} // namespace

std::optional<Time> due_always_moving(TimerCase const& c) {
    auto const& since = c.incident.idle_since;
    if (!since || c.incident.idle_reminded >= questions) return std::nullopt;
    return later(*since, c.policy.idle_after * (c.incident.idle_reminded + 1));
}

std::vector<EventBody> fire_always_moving(TimerCase const& c, Time now) {
    // After downtime both are due: one word, not two.
    bool const second = now >= later(*c.incident.idle_since, c.policy.idle_after * questions);
    return {event::Reminded{"idle", second ? questions : 1, c.incident.commander()}};
}

} // namespace cox
