#include "adapters/slack/pace.hpp"

#include <gtest/gtest.h>

namespace cox::slack {
namespace {

using namespace std::chrono_literals;
using Tickets = std::vector<Pace::Ticket>;

constexpr Moment t0{1000h};

TEST(SlackPace, one_call_in_a_channel_at_a_time_whatever_the_method) {
    Pace pace;
    pace.add(1, "chat.postMessage", "C1", 1);
    pace.add(2, "conversations.setTopic", "C1", 1);
    pace.add(3, "chat.postMessage", "C2", 1);
    EXPECT_EQ(pace.next(t0), (Tickets{1, 3}));
    EXPECT_EQ(pace.next(t0), Tickets{});
    EXPECT_FALSE(pace.wake(t0)); // only answers are awaited
    pace.answered(1, t0);
    EXPECT_EQ(pace.next(t0), Tickets{2});
    EXPECT_EQ(pace.waiting(), 0u);
}

TEST(SlackPace, calls_that_only_read_stand_in_the_line_of_their_method) {
    Pace pace;
    pace.add(1, "conversations.history", "C1", 1);
    pace.add(2, "conversations.history", "C2", 1);
    pace.add(3, "users.info", "", 1);
    pace.add(4, "chat.postMessage", "C1", 1);
    EXPECT_EQ(pace.next(t0), (Tickets{1, 3, 4}));
}

TEST(SlackPace, F61_the_most_urgent_goes_first_and_equals_in_the_order_they_came) {
    Pace pace{1};
    pace.add(1, "chat.postMessage", "C1", 3);
    pace.add(2, "chat.postMessage", "C2", 1);
    pace.add(3, "chat.postMessage", "C3", 1);
    pace.add(4, "chat.postMessage", "C4", 0);
    Tickets order;
    while (pace.waiting() > 0) {
        auto const going = pace.next(t0);
        ASSERT_EQ(going.size(), 1u);
        order.push_back(going[0]);
        pace.answered(going[0], t0);
    }
    EXPECT_EQ(order, (Tickets{4, 2, 3, 1}));
}

TEST(SlackPace, no_more_are_in_flight_than_there_are_connections) {
    Pace pace{2};
    for (Pace::Ticket ticket = 1; ticket <= 3; ++ticket)
        pace.add(ticket, "chat.postMessage", "C" + std::to_string(ticket), 1);
    EXPECT_EQ(pace.next(t0), (Tickets{1, 2}));
    EXPECT_FALSE(pace.wake(t0));
    pace.answered(2, t0);
    EXPECT_EQ(pace.wake(t0), t0);
    EXPECT_EQ(pace.next(t0), Tickets{3});
}

TEST(SlackPace, a_channel_gets_a_small_burst_and_then_one_message_a_second) {
    Pace pace;
    for (Pace::Ticket ticket = 1; ticket <= 5; ++ticket)
        pace.add(ticket, "chat.postMessage", "C1", 1);
    for (Pace::Ticket ticket = 1; ticket <= 3; ++ticket) {
        EXPECT_EQ(pace.next(t0), Tickets{ticket});
        pace.answered(ticket, t0);
    }
    EXPECT_EQ(pace.next(t0), Tickets{});
    EXPECT_EQ(pace.wake(t0), t0 + 1s);
    EXPECT_EQ(pace.next(t0 + 999ms), Tickets{});
    EXPECT_EQ(pace.next(t0 + 1s), Tickets{4});
    pace.answered(4, t0 + 1s);
    EXPECT_EQ(pace.wake(t0 + 1s), t0 + 2s);
}

TEST(SlackPace, topics_keep_to_twenty_a_minute) {
    Pace pace;
    for (Pace::Ticket ticket = 1; ticket <= 100; ++ticket)
        pace.add(ticket, "conversations.setTopic", "C" + std::to_string(ticket), 1);
    std::size_t gone = 0;
    for (auto now = t0; now < t0 + 60s; now += 50ms)
        for (auto const ticket : pace.next(now)) {
            ++gone;
            pace.answered(ticket, now);
        }
    EXPECT_LE(gone, 20u);
    EXPECT_GE(gone, 19u); // and no less than it may
}

TEST(SlackPace, F61_a_429_of_a_message_rests_that_channel_and_nothing_else) {
    Pace pace;
    pace.add(1, "chat.postMessage", "C1", 0);
    pace.next(t0);
    pace.answered(1, t0, 30s);
    pace.add(1, "chat.postMessage", "C1", 0);
    pace.add(2, "chat.postMessage", "C2", 3);
    pace.add(3, "chat.update", "C1", 3);
    EXPECT_EQ(pace.next(t0), (Tickets{2, 3}));
    pace.answered(2, t0);
    pace.answered(3, t0);
    EXPECT_EQ(pace.wake(t0), t0 + 30s);
    EXPECT_EQ(pace.next(t0 + 29'999ms), Tickets{});
    EXPECT_EQ(pace.next(t0 + 30s), Tickets{1});
}

TEST(SlackPace, F61_a_429_of_another_method_rests_the_method_in_every_channel) {
    Pace pace;
    pace.add(1, "conversations.setTopic", "C1", 0);
    pace.next(t0);
    pace.answered(1, t0, 30s);
    pace.add(2, "conversations.setTopic", "C2", 0);
    pace.add(3, "chat.postMessage", "C2", 3);
    EXPECT_EQ(pace.next(t0), Tickets{3});
    pace.answered(3, t0, 1s);
    EXPECT_EQ(pace.wake(t0), t0 + 30s);
}

TEST(SlackPace, a_shorter_word_of_slack_does_not_end_a_longer_rest) {
    Pace pace;
    pace.add(1, "conversations.setTopic", "C1", 0);
    pace.add(2, "conversations.setTopic", "C2", 0);
    pace.add(3, "conversations.setTopic", "C3", 0);
    pace.add(4, "conversations.setTopic", "C1", 0);
    EXPECT_EQ(pace.next(t0), (Tickets{1, 2, 3}));
    pace.answered(1, t0, 60s);
    pace.answered(2, t0, 1s);
    pace.answered(3, t0);
    EXPECT_EQ(pace.wake(t0), t0 + 60s);
}

TEST(SlackPace, what_is_dropped_does_not_go_and_what_is_in_flight_holds_its_lane) {
    Pace pace;
    pace.add(1, "chat.postMessage", "C1", 0);
    pace.add(2, "chat.postMessage", "C1", 0);
    pace.add(3, "chat.postMessage", "C1", 0);
    EXPECT_EQ(pace.next(t0), Tickets{1});
    pace.drop(1);
    pace.drop(2);
    pace.drop(77);
    EXPECT_EQ(pace.next(t0), Tickets{});
    pace.answered(1, t0);
    pace.answered(1, t0);
    EXPECT_EQ(pace.next(t0), Tickets{3});
}

TEST(SlackPace, a_method_that_nobody_has_looked_up_is_taken_for_a_rare_write) {
    auto const limits = limits_of("chat.ofTomorrow");
    EXPECT_TRUE(limits.writes);
    EXPECT_EQ(limits.workspace.each, limits_of("conversations.setTopic").workspace.each);
    EXPECT_FALSE(limits_of("users.info").writes);
}

} // namespace
} // namespace cox::slack
