#pragma once
// The one gate: may this person do this at all? Every way in asks here, and no answer is no.
#include "core/decide.hpp"

namespace cox {

// Looking is for everybody who is in the channel; acting is for those the policy lets act.
bool only_looks(Command const&);
std::optional<Refusal> authorize(Policy const&, Request const&);

} // namespace cox
