#pragma once
// Times and spans as people type them: "15m", "1h30m", "in 15 min", "14:30", "2:30pm UTC", "tomorrow 09:00",
// "2026-12-01", "10m ago".
#include "core/time.hpp"

#include <optional>
#include <string_view>

namespace cox {

// Nothing further away than this is meant seriously.
constexpr Duration longest_span = std::chrono::days{366};

// Which way a clock time points, and a span without "in" or "ago".
enum class Nearest { next, last };

struct TimeReading {
    Time now;
    Zone const& zone;
    Nearest nearest = Nearest::next;
    bool bare_minutes = false; // "10" is ten minutes
};

struct TimeRead {
    Time at;
    std::size_t used; // bytes
};

// The longest time at the start of `text`, which ends there or before a blank or a punctuation mark.
// A day without a clock time is its last minute, or its first one where the past is meant.
std::optional<TimeRead> read_time(std::string_view text, TimeReading const&);

// The whole text as a time; blanks around it and a full stop behind it do not matter.
std::optional<Time> parse_time(std::string_view text, TimeReading const&);

// The whole text as a span: "1h30m", "15 min"; a bare number is minutes.
std::optional<Duration> parse_span(std::string_view text);

} // namespace cox
