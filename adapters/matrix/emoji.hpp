#pragma once
// The names that the policy gives to emoji, and what people react with.
#include <string>
#include <string_view>

namespace cox::matrix {

// "memo" is "📝". A name that is not known here stands for itself: the policy may hold the emoji as it is.
std::string_view emoji_of(std::string_view name);

} // namespace cox::matrix
