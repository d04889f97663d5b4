#pragma once
// A command that waits for the commander's word. It is kept in the log by what it does, so that it is carried out as it
// was meant however much time has passed.
#include "core/event.hpp"

#include <optional>

namespace cox {

// The commands that belong to the commander (rule commander-decides), and mitigations during a freeze: as a proposal
// without its number and words. None for every other command.
std::optional<event::Proposed> proposal_of(Command const&);

// Whether `does` of a proposal is one that this program can carry out.
bool is_proposable(std::string_view does);

// The command again. `asked_at` is when it was proposed: an ETA keeps its length from `now` on.
Command command_of(event::Proposed const&, Time asked_at, Time now);

} // namespace cox
