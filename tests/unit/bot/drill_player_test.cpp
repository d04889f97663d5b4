#include "../../support/fake_store.hpp"
#include "bot/drill_player.hpp"

#include <gtest/gtest.h>

namespace cox::bot {
namespace {

using namespace std::chrono_literals;

// 1970-02-11T16:30Z
constexpr Time start{1000h + 30min};

Drill three_lines() {
    return {"small", "A small one", "small", "14:05", {{5s, "ana", "one"}, {5s, "bo", "two"}, {2min, "cy", "three"}}};
}

// A player on a clock by hand, and what it said.
struct Stage {
    Drill drill = three_lines();
    Clocks clocks = Clocks::manual(start);
    std::vector<std::string> said;
    std::vector<std::string> keys;

    DrillPlayer player(store::Store& store) {
        return {drill, 60.0, clocks, store, [this](std::string user, std::string text, std::string key) {
                    said.push_back(user + ": " + text);
                    keys.push_back(std::move(key));
                }};
    }
};

TEST(DrillPlayer, says_each_line_in_order_and_at_its_time) {
    Stage stage;
    test::FakeStore store;
    auto player = stage.player(store);
    player.begin(store.found(), std::nullopt);
    EXPECT_EQ(stage.clocks.now_in({"small"}), Time{1000h - 1h - 55min});

    player.run(stage.clocks.now());
    EXPECT_TRUE(stage.said.empty());
    auto const first = player.next();
    ASSERT_TRUE(first);
    stage.clocks.advance_to(*first);
    player.run(*first);
    EXPECT_EQ(stage.said, (std::vector<std::string>{"ana: one", "bo: two"}));

    auto const second = player.next();
    ASSERT_EQ(second, start + 2s);
    stage.clocks.advance_to(*second - 1ms);
    player.run(*second - 1ms);
    EXPECT_EQ(stage.said.size(), 2u);
    stage.clocks.advance_to(*second);
    player.run(*second);
    EXPECT_EQ(stage.said.back(), "cy: three");
    EXPECT_EQ(player.next(), std::nullopt);
    EXPECT_EQ(stage.clocks.rate_in({"small"}), 0.0);
    EXPECT_EQ(stage.clocks.base_of({"small"}, stage.clocks.now_in({"small"}) + 10s), stage.clocks.now() + 10s);
}

TEST(DrillPlayer, goes_on_after_a_stop_where_it_was_with_the_channels_clock_where_it_stood) {
    Stage stage;
    test::FakeStore store;
    {
        auto player = stage.player(store);
        player.begin(store.found(), std::nullopt);
        player.run(start + 100ms);
    }
    auto const stood = stage.clocks.now_in({"small"}) + 5s;
    Stage later;
    later.clocks = Clocks::manual(start + 72h);
    auto player = later.player(store);
    player.begin(store.found(), std::nullopt);
    EXPECT_EQ(later.clocks.now_in({"small"}), stood);
    ASSERT_EQ(player.next(), start + 72h + 1917ms);
    player.run(start + 72h + 2s);
    EXPECT_EQ(later.said, (std::vector<std::string>{"cy: three"}));
}

TEST(DrillPlayer, is_not_behind_what_happened_in_its_channel) {
    Stage stage;
    test::FakeStore store;
    auto player = stage.player(store);
    player.begin(store.found(), std::nullopt);
    player.run(start + 100ms);
    auto const latest = stage.clocks.now_in({"small"}) + 65s;

    Stage again;
    auto resumed = again.player(store);
    resumed.begin(store.found(), latest);
    EXPECT_EQ(again.clocks.now_in({"small"}), latest);
}

TEST(DrillPlayer, says_a_line_again_under_the_key_it_had) {
    Stage stage;
    test::FakeStore before;
    auto player = stage.player(before);
    player.begin(before.found(), std::nullopt);
    player.run(start + 1h);
    ASSERT_EQ(stage.keys.size(), 3u);

    // The position was not on disk when the process ended.
    Stage again;
    test::FakeStore nothing;
    auto second = again.player(nothing);
    second.begin(nothing.found(), std::nullopt);
    second.run(start + 1h);
    EXPECT_EQ(again.keys, stage.keys);
    EXPECT_NE(stage.keys[0], stage.keys[1]);
}

TEST(DrillPlayer, plays_nothing_twice_once_it_is_at_its_end) {
    Stage stage;
    test::FakeStore store;
    auto player = stage.player(store);
    player.begin(store.found(), std::nullopt);
    player.run(start + 1h);
    Stage again;
    auto resumed = again.player(store);
    resumed.begin(store.found(), std::nullopt);
    EXPECT_EQ(resumed.next(), std::nullopt);
    resumed.run(start + 24h);
    EXPECT_TRUE(again.said.empty());
}

TEST(DrillPlayer, starts_anew_where_its_position_cannot_be_read) {
    for (std::string const position : {"", "x", "1", "1 ", "1 x", "-1 5"}) {
        Stage stage;
        test::FakeStore store;
        store::Found found;
        found.cursors.push_back({"drill:small", position});
        auto player = stage.player(store);
        player.begin(found, std::nullopt);
        player.run(start + 1h);
        EXPECT_EQ(stage.said.size(), 3u) << position;
    }
}

TEST(DrillPlayer, starts_at_the_time_of_day_that_was_last) {
    Time const midnight{1008h};
    EXPECT_EQ(last_time_of_day("14:05", midnight + 15h), midnight + 14h + 5min);
    EXPECT_EQ(last_time_of_day("14:05", midnight + 14h + 5min), midnight + 14h + 5min);
    EXPECT_EQ(last_time_of_day("14:05", midnight + 14h), midnight - 10h + 5min);
}

} // namespace
} // namespace cox::bot
