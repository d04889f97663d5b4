#pragma once
// What stands below a message's own words.
#include "adapters/matrix/buttons.hpp"
#include "adapters/matrix/document.hpp"
#include "core/effect.hpp"

#include <string_view>
#include <vector>

namespace cox::matrix {

// "✅ Accept: `!inc accept A1` · ❌ Decline: …": each key, what it does, and what can be typed instead, unless the
// words above say that already.
Document legend(std::vector<Button> const&, std::vector<Reaction> const&, Document const& above);

// Where the whole is, when a message holds no more.
Document const& rest_in_timeline();
Document const& rest_in_status();

} // namespace cox::matrix
