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

TEST(OutboxMachine, answers_one_person_however_many_posts_wait_before) {
    OutboxMachine machine;
    for (std::int64_t op : {1, 2})
        machine.admit(op, {7}, post("word"));
    EXPECT_EQ(machine.admit(3, {7}, effect::Tell{{"ops"}, {{"ana"}, "Ana"}, "status", {}}), OpState::in_flight);
    machine.admit(4, {7}, effect::Tell{{"ops"}, {{"ana"}, "Ana"}, "and more", {}});
    for (std::int64_t op : {1, 2, 3, 4})
        machine.stored(op);
    EXPECT_EQ(handed_out(machine), (Ops{1, 3}));
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
    machine.take_back(op, post("one"), now);
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
    machine.take_back(op, post("one"), now);
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
    machine.take_back(op, effect::Tell{{"ops"}, {{"ana"}, "Ana"}, "your turn", {}}, now);
    auto const marks = machine.take_marks();
    ASSERT_EQ(marks.size(), 1u);
    EXPECT_EQ(marks[0].state, OpState::expired);
    EXPECT_TRUE(machine.empty());
}

TEST(OutboxMachine, lets_private_words_go_while_the_network_is_away_for_long) {
    OutboxMachine machine;
    machine.admit(1, {7}, effect::Tell{{"ops"}, {{"ana"}, "Ana"}, "your turn", {}}, now);
    machine.stored(1);
    EXPECT_EQ(handed_out(machine), Ops{1});
    machine.result(1, came_back(Delivered::What::again), now, 0.5);
    (void)machine.take_marks();
    EXPECT_EQ(handed_out(machine, now + 11min), Ops{});
    auto const marks = machine.take_marks();
    ASSERT_EQ(marks.size(), 1u);
    EXPECT_EQ(marks[0].state, OpState::expired);
    EXPECT_TRUE(machine.empty());
}

TEST(OutboxMachine, F61_of_updates_that_wait_for_long_only_the_newest_is_posted) {
    auto const update = [](std::string text) {
        return effect::Post{{"ops"}, effect::PostKind::update, std::move(text), {}};
    };
    OutboxMachine machine;
    machine.admit(1, {7}, update("under way"), now);
    machine.stored(1);
    EXPECT_EQ(handed_out(machine), Ops{1});
    machine.admit(2, {7}, update("old"), now);
    machine.admit(3, {7}, post("said between"), now + 1min);
    machine.admit(4, {8}, update("of another incident"), now + 9min);
    machine.admit(5, {7}, update("new"), now + 10min);
    machine.admit(6, {7}, update("right behind it"), now + 10min + 5s);
    auto const marks = machine.take_marks();
    ASSERT_EQ(marks.size(), 1u);
    EXPECT_EQ(marks[0].id, 2);
    EXPECT_EQ(marks[0].state, OpState::superseded);
    for (std::int64_t const op : {2, 3, 4, 5, 6})
        machine.stored(op);
    Ops order;
    for (std::int64_t op = 1; !machine.empty();) {
        machine.result(op, sent, now, 0.5);
        for (auto const& mark : machine.take_marks())
            if (mark.state == OpState::in_flight) machine.stored(mark.id);
        auto const next = handed_out(machine);
        if (next.empty()) break;
        order.push_back(op = next.front());
    }
    EXPECT_EQ(order, (Ops{3, 4, 5, 6}));
}

TEST(OutboxMachine, F63_what_takes_the_place_of_one_that_may_be_out_is_looked_for_from_that_ones_time) {
    OutboxMachine machine;
    machine.admit(1, {7}, topic("one"), now);
    machine.stored(1);
    EXPECT_EQ(handed_out(machine), Ops{1});
    machine.result(1, came_back(Delivered::What::unknown), now, 0.5);
    machine.admit(2, {7}, topic("two"), now + 1h);
    machine.stored(2);
    auto const actions = machine.next(now + 2h);
    ASSERT_EQ(actions.size(), 1u);
    EXPECT_EQ(actions[0].what, Do::reconcile);
    EXPECT_EQ(actions[0].job.at, now);
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

store::Op from_a_former_life(std::int64_t id, OpState state, int attempts = 0) {
    store::Op op;
    op.id = id;
    op.incident = {7};
    op.at = now;
    op.state = state;
    op.attempts = attempts;
    return op;
}

std::string written(std::vector<store::OpMark> const& marks) {
    std::string text;
    for (auto const& mark : marks) {
        constexpr char const* names[] = {"pending", "in_flight", "sent", "unknown", "superseded", "expired", "failed"};
        text += (text.empty() ? "" : ", ") + std::to_string(mark.id) + " " + names[static_cast<int>(mark.state)];
    }
    return text;
}

// A machine with one post that was handed out.
OutboxMachine with_one_out() {
    OutboxMachine machine;
    machine.admit(1, {7}, post("one"));
    machine.stored(1);
    machine.next(now);
    return machine;
}

TEST(OutboxMachine, lets_channels_and_kinds_of_slots_go_side_by_side) {
    OutboxMachine machine;
    machine.admit(1, {7}, post("here"));
    machine.admit(2, {7}, effect::Post{{"elsewhere"}, effect::PostKind::word, "there", {}});
    machine.admit(3, {7}, topic("topic"));
    machine.admit(4, {7}, effect::ShowCard{{"ops"}, {}});
    for (std::int64_t op : {1, 2, 3, 4})
        machine.stored(op);
    EXPECT_EQ(handed_out(machine), (Ops{1, 2, 3, 4}));
}

TEST(OutboxMachine, answers_a_person_without_waiting_for_the_posts_of_the_channel_or_for_others) {
    auto const tell = [](std::string const& who) { return effect::Tell{{"ops"}, {{who}, who}, "your turn", {}}; };
    OutboxMachine machine;
    machine.admit(1, {7}, post("one"));
    machine.admit(2, {7}, tell("ana"));
    machine.admit(3, {7}, tell("bo"));
    machine.admit(4, {7}, tell("ana"));
    for (auto const op : {1, 2, 3, 4})
        machine.stored(op);
    EXPECT_EQ(handed_out(machine), (Ops{1, 2, 3})) << "what is said to one person stays in its order";
}

TEST(OutboxMachine, lets_the_newest_topic_replace_one_that_waits_to_be_tried_again) {
    OutboxMachine machine;
    machine.admit(1, {7}, topic("one"));
    machine.stored(1);
    machine.next(now);
    auto later = came_back(Delivered::What::unknown);
    later.wait = 30s;
    machine.result(1, later, now, 0.5);
    machine.take_marks();
    EXPECT_EQ(machine.admit(2, {7}, topic("two")), OpState::in_flight);
    machine.stored(2);
    EXPECT_EQ(written(machine.take_marks()), "1 superseded");
    EXPECT_EQ(handed_out(machine, now + 29s), Ops{}) << "the network's word on when to try again still holds";
    auto const actions = machine.next(now + 30s);
    ASSERT_EQ(actions.size(), 1u);
    EXPECT_EQ(actions[0].job.op, 2);
    EXPECT_EQ(actions[0].what, Do::reconcile) << "the first one may be out already";
}

TEST(OutboxMachine, lets_the_newest_topic_go_when_the_one_before_it_is_put_off) {
    OutboxMachine machine;
    machine.admit(1, {7}, topic("one"));
    machine.stored(1);
    machine.next(now);
    machine.admit(2, {7}, topic("two"));
    machine.stored(2);
    auto later = came_back(Delivered::What::unknown);
    later.wait = 30s;
    machine.result(1, later, now, 0.5);
    EXPECT_EQ(written(machine.take_marks()), "1 superseded, 2 in_flight");
    EXPECT_EQ(handed_out(machine, now + 30s), Ops{}) << "not on disk yet";
    machine.stored(2);
    EXPECT_EQ(handed_out(machine, now + 29s), Ops{}) << "the network's word on when to try again still holds";
    auto const actions = machine.next(now + 30s);
    ASSERT_EQ(actions.size(), 1u);
    EXPECT_EQ(actions[0].job.op, 2);
    EXPECT_EQ(actions[0].what, Do::reconcile) << "the first one may be out already";
    machine.result(2, sent, now, 0.5);
    EXPECT_TRUE(machine.empty());
}

TEST(OutboxMachine, puts_a_post_off_without_letting_the_next_one_past) {
    OutboxMachine machine;
    machine.admit(1, {7}, post("one"));
    machine.admit(2, {7}, post("two"));
    machine.stored(1);
    machine.stored(2);
    machine.next(now);
    machine.result(1, came_back(Delivered::What::again), now, 0.5);
    EXPECT_EQ(handed_out(machine, now + 60s), Ops{1});
}

TEST(OutboxMachine, supersedes_nothing_that_is_handed_out) {
    OutboxMachine machine;
    machine.admit(1, {7}, topic("one"));
    machine.stored(1);
    EXPECT_EQ(handed_out(machine), Ops{1});
    EXPECT_EQ(machine.admit(2, {7}, topic("two")), OpState::pending);
    EXPECT_EQ(written(machine.take_marks()), "");
}

TEST(OutboxMachine, ignores_word_from_the_disk_about_what_was_superseded) {
    OutboxMachine machine;
    machine.admit(1, {7}, topic("one"));
    machine.admit(2, {7}, topic("two"));
    machine.admit(3, {7}, topic("three"));
    machine.stored(2);
    machine.stored(1);
    machine.stored(3);
    EXPECT_EQ(handed_out(machine), Ops{1});
    EXPECT_EQ(machine.size(), 2u);
}

TEST(OutboxMachine, asks_before_it_sends_again_what_may_be_there) {
    auto machine = with_one_out();
    auto lost = came_back(Delivered::What::unknown);
    lost.wait = 1s;
    machine.result(1, lost, now, 0.5);
    EXPECT_EQ(written(machine.take_marks()), "1 unknown");
    EXPECT_TRUE(machine.next(now).empty());
    auto actions = machine.next(now + 1s);
    ASSERT_EQ(actions.size(), 1u);
    EXPECT_EQ(actions[0].what, Do::reconcile);
    EXPECT_EQ(actions[0].job.attempts, 1);
    machine.result(1, came_back(Delivered::What::absent), now + 1s, 0.5);
    actions = machine.next(now + 1s);
    ASSERT_EQ(actions.size(), 1u);
    EXPECT_EQ(actions[0].what, Do::deliver);
}

TEST(OutboxMachine, goes_on_asking_when_the_answer_to_the_question_is_lost) {
    auto machine = with_one_out();
    machine.result(1, came_back(Delivered::What::unknown), now, 0.0);
    machine.next(now);
    machine.result(1, came_back(Delivered::What::again), now, 0.0);
    auto const actions = machine.next(now);
    ASSERT_EQ(actions.size(), 1u);
    EXPECT_EQ(actions[0].what, Do::reconcile);
    EXPECT_EQ(written(machine.take_marks()), "1 unknown, 1 unknown");
}

TEST(OutboxMachine, sends_nothing_twice_that_turns_out_to_be_there) {
    auto machine = with_one_out();
    machine.result(1, came_back(Delivered::What::unknown), now, 0.0);
    machine.next(now);
    auto there = sent;
    there.remote = "m12";
    machine.result(1, there, now, 0.0);
    auto const marks = machine.take_marks();
    EXPECT_EQ(written(marks), "1 unknown, 1 sent");
    EXPECT_EQ(marks[1].remote, "m12");
    EXPECT_TRUE(machine.empty());
    EXPECT_EQ(machine.wake(), std::nullopt);
}

TEST(OutboxMachine, waits_twice_as_long_each_time_and_never_over_a_minute) {
    auto machine = with_one_out();
    for (auto const most : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s, 60s}) {
        machine.result(1, came_back(Delivered::What::again), now, 1.0);
        EXPECT_EQ(machine.wake(), now + most);
        EXPECT_TRUE(machine.next(now + most - 1ms).empty());
        EXPECT_EQ(machine.next(now + most).size(), 1u);
    }
    machine.result(1, came_back(Delivered::What::again), now, 0.25);
    EXPECT_EQ(machine.wake(), now + 15s);
}

TEST(OutboxMachine, waits_no_longer_however_often_it_was_tried) {
    OutboxMachine machine;
    machine.take_back(from_a_former_life(1, OpState::in_flight, 2'000'000'000), post("one"), now);
    machine.next(now);
    machine.result(1, came_back(Delivered::What::again), now, 1.0);
    EXPECT_EQ(machine.wake(), now + 60s);
}

TEST(OutboxMachine, goes_on_in_the_lane_after_a_failure) {
    auto machine = with_one_out();
    machine.admit(2, {7}, post("two"));
    machine.stored(2);
    auto refused = came_back(Delivered::What::failed);
    refused.reason = "archived";
    machine.result(1, refused, now, 0.5);
    auto const marks = machine.take_marks();
    EXPECT_EQ(written(marks), "1 failed, 2 in_flight");
    EXPECT_EQ(marks[0].reason, "archived");
    machine.stored(2);
    EXPECT_EQ(handed_out(machine), Ops{2});
}

TEST(OutboxMachine, keeps_the_lane_waiting_behind_one_that_is_tried_again) {
    auto machine = with_one_out();
    machine.admit(2, {7}, post("two"));
    machine.stored(2);
    machine.result(1, came_back(Delivered::What::again), now, 1.0);
    EXPECT_EQ(handed_out(machine, now + 1s), Ops{1});
    EXPECT_EQ(written(machine.take_marks()), "1 in_flight");
}

TEST(OutboxMachine, gives_each_mark_once_and_in_order) {
    auto machine = with_one_out();
    machine.admit(2, {7}, post("two"));
    machine.result(1, sent, now, 0.5);
    machine.admit(3, {7}, topic("one"));
    machine.admit(4, {7}, topic("two"));
    machine.admit(5, {7}, topic("three"));
    EXPECT_EQ(written(machine.take_marks()), "1 sent, 2 in_flight, 4 superseded");
    EXPECT_EQ(written(machine.take_marks()), "");
}

TEST(OutboxMachine, takes_a_lane_back_in_its_order) {
    OutboxMachine machine;
    machine.take_back(from_a_former_life(1, OpState::unknown, 3), post("one"), now);
    machine.take_back(from_a_former_life(2, OpState::pending), post("two"), now);
    EXPECT_EQ(written(machine.take_marks()), "");
    auto actions = machine.next(now);
    ASSERT_EQ(actions.size(), 1u);
    EXPECT_EQ(actions[0].what, Do::reconcile);
    EXPECT_EQ(actions[0].job.attempts, 3);
    machine.result(1, sent, now, 0.5);
    EXPECT_EQ(written(machine.take_marks()), "1 sent, 2 in_flight");
    EXPECT_EQ(handed_out(machine), Ops{});
    machine.stored(2);
    actions = machine.next(now);
    ASSERT_EQ(actions.size(), 1u);
    EXPECT_EQ(actions[0].what, Do::deliver);
}

TEST(OutboxMachine, keeps_private_words_that_still_have_their_use) {
    OutboxMachine machine;
    auto op = from_a_former_life(4, OpState::in_flight);
    op.at = now - 10min;
    machine.take_back(op, effect::Tell{{"ops"}, {{"ana"}, "Ana"}, "your turn", {}}, now);
    op = from_a_former_life(5, OpState::in_flight);
    op.at = now - 24h;
    machine.take_back(op, topic("old, and still the newest"), now);
    EXPECT_EQ(written(machine.take_marks()), "");
    EXPECT_EQ(handed_out(machine), (Ops{4, 5}));
}

TEST(OutboxMachine, names_the_earliest_of_the_times_it_waits_for) {
    OutboxMachine machine;
    EXPECT_EQ(machine.wake(), std::nullopt);
    machine.admit(1, {7}, post("one"));
    EXPECT_EQ(machine.wake(), std::nullopt);
    machine.admit(2, {7}, topic("one"));
    machine.stored(1);
    machine.stored(2);
    machine.next(now);
    EXPECT_EQ(machine.wake(), std::nullopt);
    for (auto const& [op, wait] : {std::pair{1, 40s}, std::pair{2, 20s}}) {
        auto later = came_back(Delivered::What::again);
        later.wait = wait;
        machine.result(op, later, now, 0.5);
    }
    EXPECT_EQ(machine.wake(), now + 20s);
    EXPECT_EQ(handed_out(machine, now + 20s), Ops{2});
    EXPECT_EQ(machine.wake(), now + 40s);
}

} // namespace
} // namespace cox::bot
