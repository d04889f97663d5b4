#include "bot/config/drill_yaml.hpp"

#include "config_support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace cox::bot {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

std::string const small = R"(name: small
title: A small one
channel: ops
starts: "14:05"
steps:
  - {at: +0s, who: ana, says: "/declare here 1 checkout"}
  - {at: +1m30s, who: bo, says: looking}
  - {at: "00:02:05", who: ana, says: "/ic me"}
)";

std::string problems_after(std::string_view from, std::string_view to) {
    return test::problems_of(load_drill("d.yaml", test::edited(small, from, to)));
}

TEST(DrillFile, ReadsEveryField) {
    auto const drill = load_drill("d.yaml", small);
    ASSERT_TRUE(drill) << test::problems_of(drill);
    EXPECT_EQ(drill->name, "small");
    EXPECT_EQ(drill->channel, "ops");
    EXPECT_EQ(drill->starts, "14:05");
    ASSERT_EQ(drill->steps.size(), 3u);
    EXPECT_EQ(drill->steps[1].at, seconds{90});
    EXPECT_EQ(drill->steps[1].who, "bo");
    EXPECT_EQ(drill->steps[2].at, seconds{125});
    EXPECT_EQ(drill->steps[2].says, "/ic me");
}

TEST(DrillFile, NamesEachMistakeWithItsPlace) {
    EXPECT_EQ(problems_after("+1m30s", "1m30s"),
              "d.yaml:7:10: \"at\" is the time since the start, within a day; write it as +6m20s or 00:06:20\n");
    EXPECT_EQ(problems_after("00:02:05", "00:02:75"),
              "d.yaml:8:10: \"at\" is the time since the start, within a day; write it as +6m20s or 00:06:20\n");
    EXPECT_EQ(problems_after("00:02:05", "25:02:05"),
              "d.yaml:8:10: \"at\" is the time since the start, within a day; write it as +6m20s or 00:06:20\n");
    EXPECT_EQ(problems_after("00:02:05", "00:01:05"),
              "d.yaml:8:10: this step comes before the one above it; put the steps in the order of time\n");
    EXPECT_EQ(problems_after("14:05", "2pm"),
              "d.yaml:4:9: \"starts\" is a clock time, such as \"14:05\"; write hours and minutes\n");
    EXPECT_EQ(problems_after("14:05", "24:05"),
              "d.yaml:4:9: \"starts\" is a clock time, such as \"14:05\"; write hours and minutes\n");
    EXPECT_EQ(problems_after("who: bo", "who: Bo"),
              "d.yaml:7:23: \"who\" is a name in small letters; use a-z, 0-9, dashes and dots\n");
    EXPECT_EQ(problems_after(", says: looking", ""),
              "d.yaml:7:5: a step needs \"says\"; add it, for example says: \"errors are at 38 %\"\n");
    EXPECT_EQ(problems_after("says: looking", "say: looking, says: x"),
              "d.yaml:7:27: \"say\" is not known in a step; did you mean \"says\"?\n");
    EXPECT_EQ(problems_after("channel: ops\n", ""),
              "d.yaml:1:1: a drill needs \"channel\"; add it, for example channel: checkout-47\n");
}

TEST(DrillFile, ADrillWithoutStepsIsRefused) {
    EXPECT_EQ(test::problems_of(load_drill("d.yaml", small.substr(0, small.find("steps:")) + "steps: []\n")),
              "d.yaml:5:8: the drill has no step; add one: - {at: +0s, who: ana, says: \"…\"}\n");
}

// The incident that every release must be able to run.
TEST(CheckoutDrill, TellsTheFortySevenMinutes) {
    auto const text = test::content_of(std::filesystem::path(COXSWAIN_SOURCE_DIR) / "config/drills/checkout-47.yaml");
    auto const drill = load_drill("checkout-47.yaml", text);
    ASSERT_TRUE(drill) << test::problems_of(drill);
    EXPECT_EQ(drill->name, "checkout-47");
    EXPECT_EQ(drill->channel, "checkout-47");
    EXPECT_EQ(drill->starts, "14:05");

    std::set<std::string> people;
    for (auto const& step : drill->steps)
        people.insert(step.who);
    EXPECT_EQ(people.size(), 8u);

    auto const first = [&](std::string_view start) {
        auto const found =
            std::ranges::find_if(drill->steps, [&](DrillStep const& s) { return s.says.starts_with(start); });
        return found == drill->steps.end() ? Duration::max() : std::chrono::floor<minutes>(found->at);
    };
    EXPECT_EQ(first("/declare here 1 checkout errors impact ~38% of payments fail"), minutes{0});
    EXPECT_EQ(std::ranges::count_if(drill->steps,
                                    [](DrillStep const& s) {
                                        return std::chrono::floor<minutes>(s.at) == minutes{6} &&
                                               s.says.starts_with("/mitigate ");
                                    }),
              3);
    EXPECT_EQ(first("/ic me"), minutes{9});
    EXPECT_EQ(first("/freeze"), minutes{9});
    EXPECT_EQ(first("loop"), minutes{12});
    EXPECT_EQ(first("/accept A5"), minutes{18});
    EXPECT_EQ(first("/contained"), minutes{27});
    EXPECT_EQ(first("/resolve"), minutes{47});
}

} // namespace
} // namespace cox::bot
