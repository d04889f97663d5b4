#include "core/time.hpp"

#include <date/tz.h>
#include <gtest/gtest.h>

namespace cox {
namespace {

using namespace std::chrono_literals;

Time at(char const* rfc3339) {
    return from_rfc3339(rfc3339).value();
}

TEST(Rfc3339, IsWrittenWithMilliseconds) {
    EXPECT_EQ(rfc3339(Time{}), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(rfc3339(Time{1795442700123ms}), "2026-11-23T14:05:00.123Z");
    EXPECT_EQ(rfc3339(Time{-1ms}), "1969-12-31T23:59:59.999Z");
}

TEST(Rfc3339, ReadsWhatItWrites) {
    for (auto const* const text : {"2026-11-23T14:05:00.000Z", "2024-02-29T23:59:59.999Z", "0000-01-01T00:00:00.000Z",
                                   "9999-12-31T23:59:59.999Z", "1969-07-20T20:17:40.001Z"})
        EXPECT_EQ(rfc3339(at(text)), text);
}

TEST(Rfc3339, TakesAnyFractionOfASecond) {
    EXPECT_EQ(from_rfc3339("2026-11-23T14:05:00Z"), at("2026-11-23T14:05:00.000Z"));
    EXPECT_EQ(from_rfc3339("2026-11-23T14:05:00.5Z"), at("2026-11-23T14:05:00.500Z"));
    EXPECT_EQ(from_rfc3339("2026-11-23T14:05:00.1239999999999Z"), at("2026-11-23T14:05:00.123Z"));
}

TEST(Rfc3339, RefusesEverythingElse) {
    for (auto const* const text :
         {"", "Z", "2026-11-23", "2026-11-23 14:05:00Z", "2026-11-23T14:05:00", "2026-11-23T14:05:00.Z",
          "2026-11-23T14:05:00+01:00", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-11-23T24:00:00Z",
          "2026-11-23T14:60:00Z", "2026-11-23T14:05:60Z", "2026-11-23T14:05:00.1xZ", "2026-11-23t14:05:00Z",
          "-026-11-23T14:05:00Z", "2026-11-23T14:05:00ZZ"})
        EXPECT_EQ(from_rfc3339(text), std::nullopt) << text;
}

TEST(Rfc3339, HoldsTimesBeyondTheCalendarAtItsEnds) {
    EXPECT_EQ(rfc3339(Time::max()), "9999-12-31T23:59:59.999Z");
    EXPECT_EQ(rfc3339(Time::min()), "0000-01-01T00:00:00.000Z");
}

TEST(DatedText, NamesTheDayOfThatZoneWhereTheClockAloneWouldMislead) {
    Zone const berlin{date::locate_zone("Europe/Berlin")};
    auto const then = at("2026-11-23T23:05:00Z");
    EXPECT_EQ(dated_text(then, then + 12h, berlin), "00:05 CET");
    EXPECT_EQ(dated_text(then, then + 13h, berlin), "2026-11-24 00:05 CET");
    EXPECT_EQ(dated_text(then, then + 13h, Zone{}), "2026-11-23 23:05 UTC");
}

TEST(ClockText, IsUtcUnlessAZoneIsNamed) {
    EXPECT_EQ(clock_digits(at("2026-11-23T14:05:59.999Z"), Zone{}), "14:05");
    EXPECT_EQ(clock_text(at("2026-11-23T14:05:00Z"), Zone{}), "14:05 UTC");
    Zone const berlin{date::locate_zone("Europe/Berlin")};
    EXPECT_EQ(clock_text(at("2026-11-23T23:05:00Z"), berlin), "00:05 CET");
    EXPECT_EQ(clock_text(at("2026-07-01T12:00:00Z"), berlin), "14:00 CEST");
    EXPECT_EQ(clock_digits(at("1969-12-31T23:59:00Z"), Zone{}), "23:59");
}

TEST(ClockText, DoesNotBreakAtTheEndsOfTime) {
    Zone const berlin{date::locate_zone("Europe/Berlin")};
    EXPECT_EQ(clock_digits(Time::max(), berlin).size(), 5u);
    EXPECT_EQ(clock_digits(Time::min(), berlin).size(), 5u);
}

TEST(ZoneFromLocal, FindsTheMomentOfAWallClock) {
    auto const wall = [](char const* text) { return at(text).time_since_epoch(); };
    Zone const berlin{date::locate_zone("Europe/Berlin")};
    EXPECT_EQ(Zone{}.from_local(wall("2026-11-23T14:05:00Z")), at("2026-11-23T14:05:00Z"));
    EXPECT_EQ(berlin.from_local(wall("2026-11-23T14:05:00.250Z")), at("2026-11-23T13:05:00.250Z"));
}

TEST(ZoneFromLocal, TakesTheFirstMomentAfterAGapAndTheFirstOfTwo) {
    auto const wall = [](char const* text) { return at(text).time_since_epoch(); };
    Zone const berlin{date::locate_zone("Europe/Berlin")};
    EXPECT_EQ(berlin.from_local(wall("2026-03-29T02:30:00Z")), at("2026-03-29T01:00:00Z"));
    EXPECT_EQ(berlin.from_local(wall("2026-10-25T02:30:00Z")), at("2026-10-25T00:30:00Z"));
}

TEST(SpanText, IsRoundedDownToTwoUnits) {
    EXPECT_EQ(span_text(45s), "45 s");
    EXPECT_EQ(span_text(999ms), "0 s");
    EXPECT_EQ(span_text(32min + 59s), "32 min");
    EXPECT_EQ(span_text(65min), "1 h 5 min");
    EXPECT_EQ(span_text(2h), "2 h");
    EXPECT_EQ(span_text(51h + 59min), "2 d 3 h");
    EXPECT_EQ(span_text(48h), "2 d");
    EXPECT_EQ(span_text(-5s), "0 s");
}

TEST(Later, StaysInsideTheRange) {
    EXPECT_EQ(later(Time{5ms}, 7ms), Time{12ms});
    EXPECT_EQ(later(Time{5ms}, -7ms), Time{-2ms});
    EXPECT_EQ(later(Time::max() - 1ms, 2ms), Time::max());
    EXPECT_EQ(later(Time::min() + 1ms, -2ms), Time::min());
    EXPECT_EQ(later(Time::max(), Duration::max()), Time::max());
    EXPECT_EQ(later(Time::min(), Duration::min()), Time::min());
}

} // namespace
} // namespace cox
