#include "adapters/matrix/slowness.hpp"

#include <gtest/gtest.h>

namespace cox::matrix {
namespace {

using namespace std::chrono_literals;

constexpr Slowness::Moment start{100h};

TEST(MatrixSlowness, F87_AFewShortWaitsAreNothingToTellOf) {
    Slowness slowness;
    for (auto at = 0s; at <= 25s; at += 5s)
        EXPECT_FALSE(slowness.waits(start + at, 5s)) << at.count();
}

TEST(MatrixSlowness, F87_MoreThanHalfAMinuteInFiveIsToldOnceAnHour) {
    Slowness slowness;
    EXPECT_FALSE(slowness.waits(start, 20s));
    EXPECT_EQ(slowness.waits(start + 60s, 11s), 31s);
    EXPECT_FALSE(slowness.waits(start + 80s, 30s));
    EXPECT_FALSE(slowness.waits(start + 60min, 31s));
    EXPECT_TRUE(slowness.waits(start + 61min + 1s, 31s));
}

TEST(MatrixSlowness, F87_WhatSeveralCallsWaitForAtOnceCountsOnce) {
    Slowness slowness;
    for (int i = 0; i < 10; ++i)
        EXPECT_FALSE(slowness.waits(start, 20s));
    EXPECT_FALSE(slowness.waits(start + 10s, 20s)) << "20 s and ten more";
    EXPECT_TRUE(slowness.waits(start + 11s, 20s));
}

TEST(MatrixSlowness, F87_WhatIsLongAgoDoesNotCount) {
    Slowness slowness;
    EXPECT_FALSE(slowness.waits(start, 25s));
    EXPECT_FALSE(slowness.waits(start + 5min + 15s, 20s)) << "ten of them, and 20";
    EXPECT_TRUE(slowness.waits(start + 5min + 16s, 22s)) << "nine of them, and 23";
}

} // namespace
} // namespace cox::matrix
