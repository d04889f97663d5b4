#pragma once
// From what somebody typed to a decision: the one way in which typed text reaches the engine.
#include "core/decide.hpp"
#include "core/parse.hpp"

namespace cox {

// Reads `request.typed` into the request, and decides. Talk is heard as talk. What cannot be read as it stands is
// refused; like talk it is a sign of life of whoever said it.
Decision hear(World const&, Policy const&, Request& request, Form, FindPeople);

} // namespace cox
