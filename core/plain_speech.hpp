#pragma once
// What a sentence that somebody typed in a hurry tells, by its words alone. These are guesses that only ever lead to a
// question or a hint; nothing is decided by them.
#include <string_view>

namespace cox {

// "release 4.12 went out at 13:58": a deploy, a change of configuration, a migration.
bool tells_of_a_change(std::string_view);

// Names a number, a share or a scope: "~38% of payments", "half of the users", "customers in Europe", "none".
bool is_measured(std::string_view);

// The first word of certainty ("definitely", "100%", "fixed for good"); "" without one.
std::string_view word_of_certainty(std::string_view);

// The strategy that a mitigation belongs to: "rollback", "forward", "degrade"; "" where its words do not tell.
std::string_view path_of(std::string_view mitigation);

} // namespace cox
