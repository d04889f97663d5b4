#pragma once
// Text measured as people read it.
#include <cstddef>
#include <string>
#include <string_view>

namespace cox {

// Length as Slack counts it: UTF-16 units, so that a limit kept here is kept everywhere.
std::size_t length(std::string_view utf8);

// Bytes of the first character as a reader sees it: a base with its combining marks, joiners and variation selectors.
std::size_t first_character(std::string_view utf8);

// At most `limit` long by length(); where something is cut it ends in "…". Never cut inside a character.
std::string clipped(std::string_view utf8, std::size_t limit);

} // namespace cox
