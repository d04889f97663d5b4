#include "core/parse_time.hpp"

#include "room.hpp"

#include <date/tz.h>
#include <gtest/gtest.h>

#include <random>

namespace cox {
namespace {

using namespace std::chrono_literals;
using test::at;

Time const now = at("2026-11-23T14:09:30Z"); // a Monday
Zone const utc;

// "-" when it is no time.
std::string next(std::string_view text, Zone const& zone = utc) {
    auto const found = parse_time(text, {now, zone, Nearest::next, true});
    return found ? rfc3339(*found).substr(0, 19) : "-";
}

std::string last(std::string_view text, Zone const& zone = utc) {
    auto const found = parse_time(text, {now, zone, Nearest::last, false});
    return found ? rfc3339(*found).substr(0, 19) : "-";
}

TEST(TypedTimes, TakeSpansInEveryForm) {
    for (auto const* const text :
         {"15m", "15 min", "in 15 min", "in 15m", "IN 15 Minutes", "15", "900s", "in 15", "15m."})
        EXPECT_EQ(next(text), "2026-11-23T14:24:30") << text;
    for (auto const* const text : {"1h30m", "1h 30m", "1 h 30 min", "1h30", "90m", "in 1 hour 30 minutes"})
        EXPECT_EQ(next(text), "2026-11-23T15:39:30") << text;
    EXPECT_EQ(next("90s"), "2026-11-23T14:11:00");
    EXPECT_EQ(next("2d"), "2026-11-25T14:09:30");
    EXPECT_EQ(next("now"), "2026-11-23T14:09:30");
}

TEST(TypedTimes, TakeClockTimesInEveryForm) {
    for (auto const* const text : {"14:30", "at 14:30", "14:30 UTC", "14:30Z", "2:30pm", "2:30 PM", "today 14:30",
                                   "today at 14:30", "14:30 today", "2026-11-23 14:30", "2026-11-23T14:30Z"})
        EXPECT_EQ(next(text), "2026-11-23T14:30:00") << text;
    EXPECT_EQ(next("2:30:15pm"), "2026-11-23T14:30:15");
    EXPECT_EQ(next("5pm"), "2026-11-23T17:00:00");
    EXPECT_EQ(next("12am"), "2026-11-24T00:00:00");
    EXPECT_EQ(next("12pm"), "2026-11-24T12:00:00");
    EXPECT_EQ(next("tomorrow 09:00"), "2026-11-24T09:00:00");
    EXPECT_EQ(next("9:00 tomorrow"), "2026-11-24T09:00:00");
}

TEST(TypedTimes, InThePastMeanTheNextOne) {
    EXPECT_EQ(next("14:05"), "2026-11-24T14:05:00");
    EXPECT_EQ(next("14:09"), "2026-11-23T14:09:30") << "the minute that is running is now";
    EXPECT_EQ(next("14:10"), "2026-11-23T14:10:00");
}

TEST(TypedTimes, MeanTheLastOneWhereOnlyThePastMakesSense) {
    EXPECT_EQ(last("14:05"), "2026-11-23T14:05:00");
    EXPECT_EQ(last("14:30"), "2026-11-22T14:30:00");
    EXPECT_EQ(last("10m"), "2026-11-23T13:59:30");
    EXPECT_EQ(last("10 min ago"), "2026-11-23T13:59:30");
    EXPECT_EQ(last("yesterday 23:00"), "2026-11-22T23:00:00");
    EXPECT_EQ(last("2026-11-20"), "2026-11-20T00:00:00");
    EXPECT_EQ(last("tomorrow 09:00"), "-");
    EXPECT_EQ(last("in 5 min"), "-");
    EXPECT_EQ(next("5 min ago"), "-");
    EXPECT_EQ(next("yesterday 09:00"), "-");
    EXPECT_EQ(next("2026-11-20"), "-");
}

TEST(TypedTimes, OfADayAloneAreItsLastMinute) {
    EXPECT_EQ(next("2026-12-01"), "2026-12-01T23:59:00");
    EXPECT_EQ(next("tomorrow"), "2026-11-24T23:59:00");
}

TEST(TypedTimes, AreInTheZoneOfThePolicyUnlessUtcStandsBehind) {
    Zone const berlin{date::locate_zone("Europe/Berlin")}; // 15:09 there
    EXPECT_EQ(next("15:30", berlin), "2026-11-23T14:30:00");
    EXPECT_EQ(next("15:30 CET", berlin), "2026-11-23T14:30:00");
    EXPECT_EQ(next("15:30 UTC", berlin), "2026-11-23T15:30:00");
    EXPECT_EQ(next("14:30 UTC", berlin), "2026-11-23T14:30:00");
    EXPECT_EQ(next("14:30", berlin), "2026-11-24T13:30:00");
    EXPECT_EQ(next("15:30 PST", berlin), "-");
    Zone const auckland{date::locate_zone("Pacific/Auckland")}; // already the 24th
    EXPECT_EQ(next("tomorrow 09:00", auckland), "2026-11-24T20:00:00");
    EXPECT_EQ(next("tomorrow 09:00 UTC", auckland), "2026-11-24T09:00:00");
}

TEST(TypedTimes, RefuseWhatIsNoTime) {
    for (auto const* const text :
         {"",    "soon",     "25:00",       "24:00",          "14:60",      "14:5",     "13pm",       "0am",
          "1 2", "10 hosts", "15m restart", "2026-13-01",     "2026-02-30", "-5m",      "15mm",       "m15",
          "in",  "at",       "in soon",     "tomorrow 25:00", "5 5m",       "14:30:99", "14:30 14:30"})
        EXPECT_EQ(next(text), "-") << text;
}

TEST(TypedTimes, NeverOverflow) {
    for (auto const* const text :
         {"99999999999h", "9999999999999999999999999999s", "999999999h", "999999999d", "367d", "53w", "999999999999",
          "999999", "2099-01-01", "9999-12-31 23:59", "300d 300h 999999999s"})
        EXPECT_EQ(next(text), "-") << text;
    EXPECT_EQ(next("366d"), "2027-11-24T14:09:30");
}

TEST(TypedTimes, AtTheStartOfATextEndWithAWord) {
    auto const used = [](std::string_view text) {
        auto const read = read_time(text, {now, utc, Nearest::next, true});
        return read ? text.substr(0, read->used) : std::string_view{"-"};
    };
    EXPECT_EQ(used("10 min restart the gateway"), "10 min");
    EXPECT_EQ(used("10 restart"), "10");
    EXPECT_EQ(used("1h 30 hosts"), "1h");
    EXPECT_EQ(used("10m, then look"), "10m");
    EXPECT_EQ(used("14:30 UTC @bo"), "14:30 UTC");
    EXPECT_EQ(used("14:30 amsterdam"), "14:30");
    EXPECT_EQ(used("tomorrow 5 hosts"), "tomorrow");
    EXPECT_EQ(used("10-ish"), "-");
    EXPECT_EQ(used("10.5h"), "-");
}

TEST(TypedSpans, TakeABareNumberAsMinutes) {
    EXPECT_EQ(parse_span("10"), 10min);
    EXPECT_EQ(parse_span(" 1h30m. "), 90min);
    EXPECT_EQ(parse_span("1 week"), 24h * 7);
    for (auto const* const text : {"", "x", "10 x", "-5m", "14:30", "99999999999h", "367d", "9999999"})
        EXPECT_EQ(parse_span(text), std::nullopt) << text;
}

TEST(TypedTimes, CopeWithAnyText) {
    std::mt19937 random{20261123};
    constexpr std::string_view alphabet = "0123456789::--hmsdw apT zinUTCtomorrow.,\xC3\xBC";
    for (int round = 0; round < 50000; ++round) {
        std::string text;
        for (auto length = random() % 24; length > 0; --length)
            text += alphabet[random() % alphabet.size()];
        if (auto const read = read_time(text, {now, utc, Nearest::next, true})) {
            ASSERT_LE(read->used, text.size());
            ASSERT_GE(read->at, now) << text;
            ASSERT_LE(read->at, now + longest_span) << text;
        }
    }
}

} // namespace
} // namespace cox
