#pragma once
// Addresses that people are given to follow.
#include <cstddef>
#include <string_view>

namespace cox {

constexpr std::size_t longest_link = 500; // bytes

// http or https, with a host that shows where it leads (no user information before it), in characters that mean nothing
// to any network's mark-up.
bool is_link(std::string_view);

} // namespace cox
