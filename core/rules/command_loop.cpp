#include "core/rules/all.hpp"

namespace cox {
namespace {

// So many unanswered in a row, and nobody can say that somebody is in command.
constexpr int unattended_after = 2;
// Then each third time, so that a page stays a page.
constexpr int page_each = 3;

} // namespace

std::optional<Time> due_command_loop(TimerCase const& c) {
    if (!c.severity.loop_every) return std::nullopt;
    bool const far_gone = c.incident.loops_unanswered > unattended_after;
    return later(c.incident.loop_from, *c.severity.loop_every * (far_gone ? page_each : 1));
}

std::vector<EventBody> fire_command_loop(TimerCase const& c, Time) {
    std::vector<EventBody> events;
    auto const unanswered = c.incident.loops_unanswered;
    bool const pages = c.level == Level::enforce && unanswered > unattended_after;
    if (unanswered >= unattended_after) events.emplace_back(event::Unattended{unanswered, c.policy.backup, pages});
    events.emplace_back(event::LoopAsked{c.incident.commander()});
    return events;
}

} // namespace cox
