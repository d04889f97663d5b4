#include "bot/outbox_machine.hpp"

#include <gtest/gtest.h>

namespace cox::bot {
namespace {

using namespace std::chrono_literals;
using store::OpState;
using Do = OutboxMachine::Do;

constexpr Time now{1000h};

Effect post(std::string text) {
    return effect::Post{{"ops"}, effect::PostKind::word, std::move(text), {}};
}
Effect topic(std::string text) {
    return effect::SetTopic{{"ops"}, std::move(text)};
}

std::vector<std::int64_t> handed_out(OutboxMachine& machine, Time at = now) {
    std::vector<std::int64_t> ops;
    for (auto const& action : machine.next(at))
        ops.push_back(action.job.op);
    return ops;
}

Delivered came_back(Delivered::What what) {
    Delivered delivered;
    delivered.what = what;
    return delivered;
}
Delivered const sent = came_back(Delivered::What::sent);

using Ops = std::vector<std::int64_t>;

TEST(OutboxMachine, hands_nothing_out_that_is_not_on_disk) {
    OutboxMachine machine;
    EXPECT_EQ(machine.admit(1, {7}, post("one")), OpState::in_flight);
    EXPECT_EQ(handed_out(machine), Ops{});
    machine.stored(1);
    EXPECT_EQ(handed_out(machine), Ops{1});
    EXPECT_EQ(handed_out(machine), Ops{});
}

TEST(OutboxMachine, sends_the_posts_of_a_channel_one_after_the_other) {
    OutboxMachine machine;
    machine.admit(1, {7}, post("one"));
    EXPECT_EQ(machine.admit(2, {7}, post("two")), OpState::pending);
    machine.stored(1);
    machine.stored(2);
    EXPECT_EQ(handed_out(machine), Ops{1});
    machine.result(1, sent, now, 0.5);
    auto const marks = machine.take_marks();
    ASSERT_EQ(marks.size(), 2u);
    EXPECT_EQ(marks[0].state, OpState::sent);
    EXPECT_EQ(marks[1].id, 2);
    EXPECT_EQ(marks[1].state, OpState::in_flight);
    EXPECT_EQ(handed_out(machine), Ops{});
    machine.stored(2);
    EXPECT_EQ(handed_out(machine), Ops{2});
}

TEST(OutboxMachine, waits_for_the_row_and_for_the_mark_of_what_goes_next) {
    OutboxMachine machine;
    machine.admit(1, {7}, post("one"));
    machine.stored(1);
    EXPECT_EQ(handed_out(machine), Ops{1});
    machine.admit(2, {7}, post("two"));
    machine.result(1, sent, now, 0.5);
    machine.take_marks();
    machine.stored(2); // its row
    EXPECT_EQ(handed_out(machine), Ops{});
    machine.stored(2); // the mark that it goes
    EXPECT_EQ(handed_out(machine), Ops{2});
}

TEST(OutboxMachine, lets_the_newest_topic_replace_those_that_wait) {
    OutboxMachine machine;
    for (std::int64_t op : {1, 2, 3}) {
        machine.admit(op, {7}, topic("topic " + std::to_string(op)));
        machine.stored(op);
    }
    auto const marks = machine.take_marks();
    ASSERT_EQ(marks.size(), 1u);
    EXPECT_EQ(marks[0].id, 2);
    EXPECT_EQ(marks[0].state, OpState::superseded);
    EXPECT_EQ(handed_out(machine), Ops{1});
    machine.result(1, sent, now, 0.5);
    machine.stored(3);
    EXPECT_EQ(handed_out(machine), Ops{3});
    machine.result(3, sent, now, 0.5);
    EXPECT_TRUE(machine.empty());
}

TEST(OutboxMachine, asks_about_what_may_have_been_sent_in_a_former_life) {
    OutboxMachine machine;
    store::Op op;
    op.id = 4;
    op.at = now;
    op.state = OpState::in_flight;
    machine.take_back(op, post("one"), now, 10min);
    auto actions = machine.next(now);
    ASSERT_EQ(actions.size(), 1u);
    EXPECT_EQ(actions[0].what, Do::reconcile);
    machine.result(4, came_back(Delivered::What::absent), now, 0.5);
    actions = machine.next(now);
    ASSERT_EQ(actions.size(), 1u);
    EXPECT_EQ(actions[0].what, Do::deliver);
}

TEST(OutboxMachine, sends_what_was_never_handed_out_once_that_is_written_down) {
    OutboxMachine machine;
    store::Op op;
    op.id = 4;
    op.at = now;
    machine.take_back(op, post("one"), now, 10min);
    EXPECT_EQ(handed_out(machine), Ops{});
    auto const marks = machine.take_marks();
    ASSERT_EQ(marks.size(), 1u);
    EXPECT_EQ(marks[0].state, OpState::in_flight);
    machine.stored(4);
    auto const actions = machine.next(now);
    ASSERT_EQ(actions.size(), 1u);
    EXPECT_EQ(actions[0].what, Do::deliver);
}

TEST(OutboxMachine, lets_private_words_go_that_have_outlived_their_use) {
    OutboxMachine machine;
    store::Op op;
    op.id = 4;
    op.at = now - 11min;
    machine.take_back(op, effect::Tell{{"ops"}, {{"ana"}, "Ana"}, "your turn", {}}, now, 10min);
    auto const marks = machine.take_marks();
    ASSERT_EQ(marks.size(), 1u);
    EXPECT_EQ(marks[0].state, OpState::expired);
    EXPECT_TRUE(machine.empty());
}

TEST(OutboxMachine, tries_again_after_the_time_that_the_network_names) {
    OutboxMachine machine;
    machine.admit(1, {7}, post("one"));
    machine.stored(1);
    EXPECT_EQ(handed_out(machine), Ops{1});
    auto later = came_back(Delivered::What::again);
    later.wait = 30s;
    machine.result(1, later, now, 0.5);
    EXPECT_EQ(machine.wake(), now + 30s);
    EXPECT_EQ(handed_out(machine, now + 29s), Ops{});
    EXPECT_EQ(handed_out(machine, now + 30s), Ops{1});
}

} // namespace
} // namespace cox::bot
