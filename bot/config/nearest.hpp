#pragma once
// "Did you mean …?"
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cox::bot {

// The word of `known` that `typed` most likely stands for, case ignored; none when nothing is near.
std::optional<std::string_view> nearest(std::string_view typed, std::span<std::string_view const> known);

// `did you mean "label"?` or, when nothing is near, `known are "key", "label"`.
std::string did_you_mean(std::string_view typed, std::span<std::string_view const> known);

} // namespace cox::bot
