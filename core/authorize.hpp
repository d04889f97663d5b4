#pragma once
// The one gate: may this person do this at all? Every way in asks here, and no answer is no.
#include "core/decide.hpp"

namespace cox {

// Looking is for everybody who is in the channel; acting is for those the policy lets act.
bool only_looks(Command const&);
// `incident` is the one that the request is about; null when there is none.
std::optional<Refusal> authorize(Policy const&, Request const&, Incident const* incident);

} // namespace cox
