#include "core/rules/all.hpp"

namespace cox {
namespace {

// A hypothesis that has stood for so many loops without a word is a habit.
constexpr int loops = 2;
constexpr int questions = 2;

} // namespace

std::optional<Time> due_stale_hypothesis(TimerCase const& c) {
    auto const& incident = c.incident;
    if (!incident.hypothesis || incident.hypothesis_reminded >= questions) return std::nullopt;
    if (incident.confidence == Confidence::confirmed) return std::nullopt;
    if (!incident.doubted_by.empty() && incident.hypothesis_reminded == 0) return incident.doubted_at;
    if (!c.severity.loop_every) return std::nullopt;
    auto const since = incident.doubted_by.empty() ? incident.hypothesis->at : incident.doubted_at;
    return later(since, *c.severity.loop_every * loops * (incident.hypothesis_reminded + 1));
}

std::vector<EventBody> fire_stale_hypothesis(TimerCase const& c, Time) {
    return {event::Reminded{"hypothesis", c.incident.hypothesis_reminded + 1, c.incident.commander()}};
}

} // namespace cox
