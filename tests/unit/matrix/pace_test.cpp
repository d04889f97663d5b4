#include "adapters/matrix/pace.hpp"

#include <gtest/gtest.h>

namespace cox::matrix {
namespace {

using namespace std::chrono_literals;
using Tickets = std::vector<Pace::Ticket>;

constexpr Moment start{1h};

TEST(MatrixPace, WritesOfOneRoomGoOneAfterTheOther) {
    Pace pace;
    pace.add(1, Counted::messages, "!a", 0);
    pace.add(2, Counted::messages, "!a", 0);
    pace.add(3, Counted::messages, "!b", 0);
    EXPECT_EQ(pace.next(start), (Tickets{1, 3}));
    EXPECT_EQ(pace.wake(start), std::nullopt);
    pace.answered(1, start);
    EXPECT_EQ(pace.next(start), Tickets{2});
}

TEST(MatrixPace, ReadsOfARoomWaitForNothing) {
    Pace pace;
    pace.add(1, Counted::messages, "!a", 0);
    pace.add(2, Counted::reads, "!a", 0);
    pace.add(3, Counted::reads, "!a", 0);
    EXPECT_EQ(pace.next(start), (Tickets{1, 2, 3}));
}

TEST(MatrixPace, AnInviteAndAMessageOfOneRoomKeepTheirOrder) {
    Pace pace;
    pace.add(1, Counted::invites, "!a", 0);
    pace.add(2, Counted::messages, "!a", 0);
    EXPECT_EQ(pace.next(start), Tickets{1});
    pace.answered(1, start);
    EXPECT_EQ(pace.next(start), Tickets{2});
}

TEST(MatrixPace, TheMostSevereIncidentGoesFirst) {
    Pace pace{1};
    pace.add(1, Counted::messages, "!minor", 3);
    pace.add(2, Counted::messages, "!major", 0);
    EXPECT_EQ(pace.next(start), Tickets{2});
    pace.answered(2, start);
    EXPECT_EQ(pace.next(start), Tickets{1});
}

TEST(MatrixPace, F87_WhatIsCountedTogetherRestsForAsLongAsTheServerSays) {
    Pace pace;
    pace.add(1, Counted::messages, "!a", 0);
    EXPECT_EQ(pace.next(start), Tickets{1});
    pace.answered(1, start, 677ms);
    pace.add(2, Counted::messages, "!b", 0);
    pace.add(3, Counted::rooms, "", 0);
    pace.add(4, Counted::reads, "!b", 0);
    EXPECT_EQ(pace.next(start), (Tickets{3, 4})) << "other limits are others";
    EXPECT_EQ(pace.wake(start), start + 727ms);
    EXPECT_TRUE(pace.next(start + 726ms).empty());
    EXPECT_EQ(pace.next(start + 727ms), Tickets{2});
}

TEST(MatrixPace, F87_AfterALimitTheMostSevereIsTriedAloneAndTheRestFollowsItsSuccess) {
    Pace pace{4};
    pace.add(1, Counted::messages, "!a", 0);
    EXPECT_EQ(pace.next(start), Tickets{1});
    pace.answered(1, start, 1s);
    for (Pace::Ticket ticket = 2; ticket <= 7; ++ticket)
        pace.add(ticket, Counted::messages, "!" + std::to_string(ticket), static_cast<int>(9 - ticket));
    auto const later = start + 2s;
    EXPECT_EQ(pace.next(later), Tickets{7});
    EXPECT_EQ(pace.wake(later), std::nullopt) << "its answer tells";
    pace.answered(7, later);
    EXPECT_EQ(pace.next(later), (Tickets{6, 5}));
    pace.answered(6, later);
    EXPECT_EQ(pace.next(later), (Tickets{4, 3, 2}));
}

TEST(MatrixPace, F87_AShorterWordAfterALongerOneDoesNotShortenTheRest) {
    Pace pace;
    pace.add(1, Counted::messages, "!a", 0);
    pace.add(2, Counted::messages, "!b", 0);
    EXPECT_EQ(pace.next(start), (Tickets{1, 2}));
    pace.answered(1, start, 5s);
    pace.answered(2, start, 1s);
    pace.add(3, Counted::messages, "!a", 0);
    EXPECT_EQ(pace.wake(start), start + 5050ms);
}

TEST(MatrixPace, OneThatIsDroppedNeverGoes) {
    Pace pace;
    pace.add(1, Counted::messages, "!a", 0);
    pace.drop(1);
    EXPECT_TRUE(pace.next(start).empty());
    EXPECT_EQ(pace.waiting(), 0U);
}

TEST(MatrixPace, NoMoreAreInFlightThanThereAreConnections) {
    Pace pace{2};
    for (Pace::Ticket ticket = 1; ticket <= 3; ++ticket)
        pace.add(ticket, Counted::reads, "", 0);
    EXPECT_EQ(pace.next(start), (Tickets{1, 2}));
    EXPECT_TRUE(pace.next(start).empty());
    EXPECT_EQ(pace.wake(start), std::nullopt);
    pace.answered(1, start);
    EXPECT_EQ(pace.next(start), Tickets{3});
}

} // namespace
} // namespace cox::matrix
