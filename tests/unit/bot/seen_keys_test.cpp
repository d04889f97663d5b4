#include "bot/seen_keys.hpp"

#include <gtest/gtest.h>

#include <string>

namespace cox::bot {
namespace {

using namespace std::chrono_literals;

constexpr Time now{1000h};

TEST(SeenKeys, take_a_key_once) {
    SeenKeys seen;
    EXPECT_TRUE(seen.insert("web:ops:1", now));
    EXPECT_FALSE(seen.insert("web:ops:1", now));
    EXPECT_TRUE(seen.insert("web:ops:2", now));
    EXPECT_TRUE(seen.insert("", now));
    EXPECT_FALSE(seen.insert("", now));
    EXPECT_EQ(seen.size(), 3u);
}

TEST(SeenKeys, remember_for_a_day) {
    SeenKeys seen;
    seen.insert("a", now);
    EXPECT_FALSE(seen.insert("a", now + 24h));
    EXPECT_TRUE(seen.insert("a", now + 24h + 1ms));
    EXPECT_FALSE(seen.insert("a", now + 25h));
}

TEST(SeenKeys, hold_no_more_than_a_day_of_them) {
    SeenKeys seen;
    for (int hour = 0; hour < 240; ++hour) {
        seen.insert("key " + std::to_string(hour), now + hour * 1h);
        EXPECT_LE(seen.size(), 25u);
    }
}

} // namespace
} // namespace cox::bot
