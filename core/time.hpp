#pragma once
// Points and spans of time. The core never asks what time it is: `now` is always an argument.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace date {
class time_zone;
}

namespace cox {

using Duration = std::chrono::milliseconds;
using Time = std::chrono::sys_time<Duration>;

// The zone that clock times are shown and read in. UTC unless the policy names another.
class Zone {
public:
    Zone() = default;
    explicit Zone(date::time_zone const* zone) : zone_{zone} {}

    // Offset from UTC in force at `at`.
    Duration offset(Time at) const;
    // "UTC", "CET", ...
    std::string abbreviation(Time at) const;
    // The moment at which this zone's wall clock shows `local` (milliseconds since 1970 of the wall clock).
    // An hour that the clock skips gives the first moment after the gap; a repeated one the first of the two.
    Time from_local(Duration local) const;

private:
    date::time_zone const* zone_ = nullptr;
};

// "2026-11-23T14:05:00.000Z"; the form of every time in the log.
std::string rfc3339(Time);
// Takes what rfc3339() gives, and the same with other fractions of a second or without one; nothing else.
std::optional<Time> from_rfc3339(std::string_view);

// "14:20"
std::string clock_digits(Time, Zone const&);
// "14:20 UTC"
std::string clock_text(Time, Zone const&);
// The same, with the day before it where `at` lies more than half a day from `now`: "2026-11-23 14:20 UTC"
std::string dated_text(Time at, Time now, Zone const&);
// "45 s", "32 min", "1 h 5 min", "2 d 3 h": for people, rounded down.
std::string span_text(Duration);

// a + b that stays at the ends of the representable range instead of wrapping.
Time later(Time, Duration);

} // namespace cox
