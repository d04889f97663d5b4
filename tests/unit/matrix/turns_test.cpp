#include "adapters/matrix/turns.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace cox::matrix {
namespace {

using namespace std::chrono_literals;
using Tickets = std::vector<Turns::Ticket>;

constexpr Turns::Moment t0{1000h};

Turns with_token() {
    Turns turns;
    turns.set_token(true);
    return turns;
}

Tickets all_that_may_go(Turns& turns, Turns::Moment now) {
    Tickets out;
    while (auto const ticket = turns.next(now))
        out.push_back(*ticket);
    return out;
}

TEST(MatrixTurns, CallsOfOneRoomGoOneAfterAnother) {
    auto turns = with_token();
    turns.add(1, {"!a", Bucket::messages});
    turns.add(2, {"!a", Bucket::messages});
    turns.add(3, {"!b", Bucket::messages});
    EXPECT_EQ(all_that_may_go(turns, t0), (Tickets{1, 3}));
    turns.done(1);
    EXPECT_EQ(all_that_may_go(turns, t0), Tickets{2});
}

TEST(MatrixTurns, OneThatIsSentAgainKeepsItsPlaceInItsRoom) {
    auto turns = with_token();
    turns.add(1, {"!a", Bucket::messages});
    turns.add(2, {"!a", Bucket::messages});
    ASSERT_EQ(turns.next(t0), 1u);
    turns.again(1);
    EXPECT_EQ(turns.next(t0), 1u);
    EXPECT_EQ(turns.next(t0), std::nullopt);
}

TEST(MatrixTurns, F87_NothingOfThatKindGoesBeforeTheWaitIsOver) {
    auto turns = with_token();
    turns.add(1, {"!a", Bucket::messages});
    turns.add(2, {"!b", Bucket::messages});
    turns.add(3, {"!b", Bucket::invites});
    turns.add(4, {"", Bucket::none});
    ASSERT_EQ(turns.next(t0), 1u);
    turns.again(1);
    turns.limited(Bucket::messages, t0 + 677ms);
    EXPECT_EQ(all_that_may_go(turns, t0 + 676ms), Tickets{4}) << "the invitation stands behind a message of its room";
    EXPECT_EQ(turns.wake(t0), t0 + 677ms);
    EXPECT_EQ(turns.next(t0 + 677ms), 1u);
}

TEST(MatrixTurns, F87_AfterALimitTheyGoOneAtATimeTheMostSevereFirst) {
    auto turns = with_token();
    turns.add(1, {"!a", Bucket::messages, 3});
    turns.add(2, {"!b", Bucket::messages, 1});
    turns.add(3, {"!c", Bucket::messages, 0});
    turns.limited(Bucket::messages, t0 + 1s);
    EXPECT_EQ(all_that_may_go(turns, t0 + 1s), Tickets{3});
    turns.done(3);
    EXPECT_EQ(all_that_may_go(turns, t0 + 1s), Tickets{2});
    turns.done(2);
    EXPECT_EQ(all_that_may_go(turns, t0 + 1s), Tickets{1});
    turns.done(1);
    turns.add(4, {"!a", Bucket::messages});
    turns.add(5, {"!b", Bucket::messages});
    EXPECT_EQ(all_that_may_go(turns, t0 + 1s), (Tickets{4, 5})) << "nobody waits any more: the limit is over";
}

TEST(MatrixTurns, F86_WhatNeedsATokenWaitsForOneAndTheLogInDoesNot) {
    Turns turns;
    turns.add(1, {"!a", Bucket::messages});
    turns.add(2, {"", Bucket::none, 9, false});
    EXPECT_EQ(all_that_may_go(turns, t0), Tickets{2});
    turns.set_token(true);
    EXPECT_EQ(all_that_may_go(turns, t0), Tickets{1});
}

TEST(MatrixTurns, OneThatIsGivenUpMakesRoomForTheNext) {
    auto turns = with_token();
    turns.add(1, {"!a", Bucket::messages});
    turns.add(2, {"!a", Bucket::messages});
    EXPECT_TRUE(turns.waits(1));
    turns.done(1);
    EXPECT_FALSE(turns.waits(1));
    EXPECT_EQ(turns.next(t0), 2u);
    EXPECT_EQ(turns.waiting(), 0u);
}

} // namespace
} // namespace cox::matrix
