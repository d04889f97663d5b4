#pragma once
// Silence never happens: the draft before the due time, the update at the due time, the escalation when nobody
// confirms, the nudge where there is no cadence. Times come from the log alone.
#include "core/rules/rule.hpp"

namespace cox {

std::optional<Time> due_cadence(TimerCase const&);
std::vector<EventBody> fire_cadence(TimerCase const&, Time now);

// How long before an update its draft is shown: 2 minutes, or a fifth of a short cadence.
Duration draft_lead(Duration update_every);
// The next working day's moment, 24 hours or more after `last`.
Time next_nudge(Time last, Zone const&);

} // namespace cox
