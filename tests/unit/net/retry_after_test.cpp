#include "adapters/net/retry_after.hpp"

#include <gtest/gtest.h>

namespace cox::net {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::sys_time<std::chrono::milliseconds> now{
    std::chrono::sys_days{std::chrono::year{2026} / 11 / 25} + 14h};

TEST(RetryAfter, IsANumberOfSecondsOrADate) {
    EXPECT_EQ(read_retry_after("3", now), 3s);
    EXPECT_EQ(read_retry_after(" 0 ", now), 0s);
    EXPECT_EQ(read_retry_after("Wed, 25 Nov 2026 14:00:20 GMT", now), 20s);
    EXPECT_EQ(read_retry_after("Wed, 25 Nov 2026 13:00:00 GMT", now), 0s);
}

TEST(RetryAfter, LastsAnHourAtMost) {
    EXPECT_EQ(read_retry_after("86400", now), 1h);
    EXPECT_EQ(read_retry_after("99999999999999999999999", now), 1h);
    EXPECT_EQ(read_retry_after("Thu, 26 Nov 2026 14:00:00 GMT", now), 1h);
}

TEST(RetryAfter, WhatIsNeitherSaysNothing) {
    for (auto const* header : {"", "   ", "soon", "3 s", "-", "Wed, 25 Foo 2026 14:00:20 GMT"})
        EXPECT_EQ(read_retry_after(header, now), std::nullopt) << header;
    EXPECT_EQ(read_retry_after("-5", now), 0s);
}

} // namespace
} // namespace cox::net
