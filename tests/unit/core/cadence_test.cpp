#include "core/cadence.hpp"

#include "room.hpp"

#include <gtest/gtest.h>

namespace cox {
namespace {

using namespace std::chrono_literals;
using test::at;

TEST(Draft, comes_two_minutes_before_the_update_or_a_fifth_of_a_short_cadence) {
    EXPECT_EQ(draft_lead(30min), 2min);
    EXPECT_EQ(draft_lead(10min), 2min);
    EXPECT_EQ(draft_lead(5min), 1min);
    EXPECT_EQ(draft_lead(1min), 12s);
}

TEST(Nudge, comes_a_day_later_on_a_working_day) {
    Zone const utc;
    EXPECT_EQ(next_nudge(at("2026-03-02T16:00:00Z"), utc), at("2026-03-03T16:00:00Z")); // Monday
    EXPECT_EQ(next_nudge(at("2026-03-05T16:00:00Z"), utc), at("2026-03-06T16:00:00Z")); // Thursday
    EXPECT_EQ(next_nudge(at("2026-03-06T16:00:00Z"), utc), at("2026-03-09T16:00:00Z")); // Friday
    EXPECT_EQ(next_nudge(at("2026-03-07T16:00:00Z"), utc), at("2026-03-09T16:00:00Z")); // Saturday
    EXPECT_EQ(next_nudge(at("2026-03-08T16:00:00Z"), utc), at("2026-03-09T16:00:00Z")); // Sunday
}

} // namespace
} // namespace cox
