#pragma once
// The quick way through JSON that is as it should be, which nearly all of it is: Boost.JSON takes a text in runs where
// nlohmann's own lexer takes each byte. Whatever is odd about a text, that one is asked what to make of it.
#include "adapters/json/builder.hpp"

#include <string_view>

namespace cox::untrusted {

// False where it is not that simple: what was built by then is of no use.
bool build_quickly(std::string_view text, Builder& into);

} // namespace cox::untrusted
