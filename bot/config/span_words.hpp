#pragma once
// Lengths of time as a person writes them in a file.
#include "core/time.hpp"

#include <optional>
#include <string_view>

namespace cox::bot {

// "10 min", "90s", "1h30m", "1 hour 30 minutes", "2 days"; at most 366 days. A number without a unit is none.
std::optional<Duration> read_span(std::string_view);

} // namespace cox::bot
