#include "bot/timetable.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace cox::bot {
namespace {

using namespace std::chrono_literals;

constexpr Time start{1000h};

// A timetable on a clock by hand over sources that note when they spoke.
struct Stage {
    explicit Stage(Clocks the_clocks = Clocks::manual(start)) : clocks{std::move(the_clocks)} {}

    boost::asio::io_context io;
    Clocks clocks;
    std::vector<std::function<void()>> waiting; // for nothing to be on its way
    Timetable timetable{io, clocks, [this](std::function<void()> call) { waiting.push_back(std::move(call)); }};
    std::vector<std::string> log;
    std::optional<Time> done;

    void note(std::string const& name) { log.push_back(name + " +" + span_text(clocks.now() - start)); }

    // Speaks at each of the times.
    void add(std::string name, std::set<Time>& times) {
        timetable.add({[&times] { return times.empty() ? std::nullopt : std::optional{*times.begin()}; },
                       [this, name, &times] {
                           note(name);
                           times.erase(times.begin());
                           return !times.empty() && *times.begin() <= clocks.now();
                       }});
    }
    bool let_one_go() {
        if (waiting.empty()) return false;
        auto const call = std::move(waiting.front());
        waiting.erase(waiting.begin());
        call();
        return true;
    }
    void advance(Duration span) {
        timetable.advance(span, [this](Time now) { done = now; });
        while (let_one_go()) {
        }
    }
};

TEST(Timetable, lets_each_moment_happen_at_its_own_time) {
    Stage stage;
    std::set<Time> ticks{start + 1min, start + 4min, start + 20min};
    stage.add("tick", ticks);
    stage.advance(10min);
    EXPECT_EQ(stage.log, (std::vector<std::string>{"tick +1 min", "tick +4 min"}));
    EXPECT_EQ(stage.done, start + 10min);
    EXPECT_EQ(stage.clocks.now(), start + 10min);
}

TEST(Timetable, lets_the_earlier_source_go_first_at_the_same_moment) {
    Stage stage;
    std::set<Time> lines{start + 2min, start + 3min};
    std::set<Time> ticks{start + 1min, start + 2min};
    stage.add("line", lines);
    stage.add("tick", ticks);
    stage.advance(3min);
    EXPECT_EQ(stage.log, (std::vector<std::string>{"tick +1 min", "line +2 min", "tick +2 min", "line +3 min"}));
}

TEST(Timetable, goes_on_only_when_nothing_is_on_its_way) {
    Stage stage;
    std::set<Time> ticks{start + 1min, start + 2min};
    stage.add("tick", ticks);
    stage.timetable.advance(10min, [&](Time now) { stage.done = now; });
    EXPECT_TRUE(stage.log.empty());
    ASSERT_TRUE(stage.let_one_go());
    EXPECT_EQ(stage.log.size(), 1u);
    EXPECT_EQ(stage.clocks.now(), start + 1min);
    ASSERT_TRUE(stage.let_one_go());
    EXPECT_EQ(stage.log.size(), 2u);
    EXPECT_FALSE(stage.done);
    ASSERT_TRUE(stage.let_one_go());
    EXPECT_EQ(stage.done, start + 10min);
}

TEST(Timetable, does_what_is_overdue_now_and_not_in_the_past) {
    Stage stage;
    std::set<Time> ticks{start - 1h};
    stage.add("tick", ticks);
    stage.advance(0s);
    EXPECT_EQ(stage.log, (std::vector<std::string>{"tick +0 s"}));
    EXPECT_EQ(stage.done, start);
}

TEST(Timetable, stays_within_what_time_can_be) {
    Stage stage;
    stage.advance(Duration::max());
    EXPECT_EQ(stage.done, Time::max());
}

TEST(Timetable, answers_when_it_is_stopped_on_the_way) {
    Stage stage;
    std::set<Time> ticks{start + 1min};
    stage.add("tick", ticks);
    stage.timetable.advance(10min, [&](Time now) { stage.done = now; });
    stage.timetable.stop();
    while (stage.let_one_go()) {
    }
    EXPECT_TRUE(stage.log.empty());
    EXPECT_TRUE(stage.done);
}

TEST(Timetable, rings_by_itself_on_a_clock_that_runs) {
    Stage stage{Clocks::scaled(1000.0)};
    std::set<Time> ticks{stage.clocks.now(), stage.clocks.now() + 1s, stage.clocks.now() + 2s};
    stage.add("tick", ticks);
    stage.io.run_for(10s);
    EXPECT_EQ(stage.log.size(), 3u);
}

} // namespace
} // namespace cox::bot
