#include "core/rules/all.hpp"

namespace cox {
namespace {

using namespace std::chrono_literals;

// A tired commander is the last to notice. Asked once more after an hour, then left in peace.
constexpr int questions = 2;
constexpr Duration again_after = 1h;

} // namespace

std::optional<Time> due_commander_rotates(TimerCase const& c) {
    if (c.incident.shift_reminded >= questions) return std::nullopt;
    return later(c.incident.seats.front().since, c.policy.commander_shift + again_after * c.incident.shift_reminded);
}

std::vector<EventBody> fire_commander_rotates(TimerCase const& c, Time now) {
    auto const second = later(c.incident.seats.front().since, c.policy.commander_shift + again_after);
    return {event::Reminded{"shift", now >= second ? questions : 1, c.incident.commander()}};
}

} // namespace cox
