#pragma once
// The policy's runbooks: trees of questions that lead to advice. Each is checked whole, so that nobody is led into a
// step that is not there, or round in a circle, in the middle of the night.
#include "bot/config/meanings.hpp"
#include "core/policy.hpp"

#include <vector>

namespace cox::bot {

// `roles` are the words that the policy's roles go by: `ops @ameer` is a command too.
std::vector<Runbook> read_runbooks(Report&, YamlNode const*, Meanings const& roles);

} // namespace cox::bot
