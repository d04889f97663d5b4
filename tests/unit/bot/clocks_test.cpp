#include "bot/clocks.hpp"

#include <gtest/gtest.h>

namespace cox::bot {
namespace {

using namespace std::chrono_literals;

constexpr Time start{1000h};
ChannelId const drill{"drill"};
ChannelId const ops{"ops"};

TEST(Clocks, stand_still_by_hand_until_they_are_moved) {
    auto clocks = Clocks::manual(start);
    EXPECT_EQ(clocks.now(), start);
    EXPECT_EQ(clocks.rate(), 0.0);
    clocks.advance_to(start + 10min);
    EXPECT_EQ(clocks.now(), start + 10min);
}

TEST(Clocks, never_go_back) {
    auto clocks = Clocks::manual(start);
    clocks.advance_to(start - 1h);
    EXPECT_EQ(clocks.now(), start);
    clocks.not_before(start - 1h);
    EXPECT_EQ(clocks.now(), start);
    clocks.not_before(start + 1h);
    EXPECT_EQ(clocks.now(), start + 1h);
}

TEST(Clocks, that_run_show_no_less_than_they_showed) {
    for (auto clocks : {Clocks::real(), Clocks::scaled(1000.0)}) {
        auto shown = clocks.now();
        for (int i = 0; i < 10000; ++i) {
            auto const next = clocks.now();
            ASSERT_GE(next, shown);
            shown = next;
        }
    }
}

TEST(Clocks, that_run_start_no_earlier_than_an_old_log) {
    auto clocks = Clocks::scaled(60.0);
    auto const ahead = clocks.now() + 48h;
    clocks.not_before(ahead);
    EXPECT_GE(clocks.now(), ahead);
    EXPECT_EQ(clocks.until(ahead), std::chrono::steady_clock::duration::zero());
}

TEST(Clocks, say_how_long_life_takes) {
    auto clocks = Clocks::scaled(60.0);
    auto const life = clocks.until(clocks.now() + 60min);
    EXPECT_LE(life, 1min);
    EXPECT_GT(life, 30s);
}

TEST(Clocks, give_a_channel_a_pace_of_its_own) {
    auto clocks = Clocks::manual(start);
    clocks.set_pace(drill, start - 5h, 60.0);
    EXPECT_EQ(clocks.now_in(drill), start - 5h);
    EXPECT_EQ(clocks.now_in(ops), start);
    clocks.advance_to(start + 1s);
    EXPECT_EQ(clocks.now_in(drill), start - 5h + 1min);
    EXPECT_EQ(clocks.now_in(ops), start + 1s);
    EXPECT_EQ(clocks.base_of(ops, start + 7s), start + 7s);
}

TEST(Clocks, go_on_from_a_log_that_is_ahead_of_the_machine) {
    auto clocks = Clocks::real();
    auto const ahead = clocks.now() + 3h;
    clocks.not_before(ahead);
    EXPECT_GE(clocks.now(), ahead);
    EXPECT_LT(clocks.now(), ahead + 1min);
    // It goes on: a deadline a moment later comes a moment later, not in three hours.
    EXPECT_LE(clocks.until(ahead + 1s), 1s);
}

TEST(Clocks, keep_a_channels_time_when_its_pace_changes) {
    auto clocks = Clocks::manual(start);
    clocks.set_pace(drill, start, 60.0);
    clocks.advance_to(start + 7s);
    auto const shown = clocks.now_in(drill);
    clocks.set_pace(drill, shown, 1.0);
    EXPECT_EQ(clocks.now_in(drill), shown);
    clocks.advance_to(start + 8s);
    EXPECT_EQ(clocks.now_in(drill), shown + 1s);
}

// What is scheduled for a channel's time happens at that time or a rounding after it, never before.
TEST(Clocks, are_never_early_at_any_pace) {
    for (double const rate : {1.0, 60.0, 7.0, 1.0 / 3.0, 0.1, 3.3, 1000.0}) {
        auto clocks = Clocks::manual(start);
        clocks.set_pace(drill, start - 90min, rate);
        for (auto local = start - 90min; local < start - 89min; local += 37ms) {
            auto const base = clocks.base_of(drill, local);
            auto then = clocks;
            then.advance_to(base);
            auto const shown = then.now_in(drill);
            ASSERT_GE(shown, local) << "at rate " << rate;
            auto const rounding = Duration{static_cast<Duration::rep>(rate) + 2};
            ASSERT_LE(shown - local, rounding) << "at rate " << rate;
        }
    }
}

} // namespace
} // namespace cox::bot
