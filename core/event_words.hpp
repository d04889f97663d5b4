#pragma once
// What the templates may name of an event: every field by its own name, and what it is about.
#include "core/incident.hpp"
#include "core/policy.hpp"
#include "core/words.hpp"

namespace cox {

// `after` is the incident as it stands once the event (and those with it) has happened.
Args words_of(Event const&, Incident const& after, Policy const&);

} // namespace cox
