#pragma once
// From what somebody said to a decision: the one way in which typed text, and a form that was filled in, reach the
// engine.
#include "core/decide.hpp"
#include "core/parse.hpp"

namespace cox {

struct Utterance {
    Form form = Form::message;
    FindPeople people;
    std::optional<Time> said_at = std::nullopt; // where the network may bring it late
    std::optional<Parsed> meant = std::nullopt; // of a form: nothing has to be read
};

// A command that reaches us later than this after it was said may do harm by now: it is handed back.
constexpr Duration runs_within = std::chrono::minutes{10};

// Reads `request.typed` into the request, and decides. Talk is heard as talk. What cannot be read as it stands, or
// comes too late, is refused; like talk it is a sign of life of whoever said it.
Decision hear(World const&, Policy const&, Request& request, Utterance);

} // namespace cox
