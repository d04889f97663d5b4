#include "adapters/matrix/heard.hpp"

#include "samples.hpp"

#include <gtest/gtest.h>

namespace cox::matrix {
namespace {

using namespace std::chrono_literals;

constexpr Heard::Moment start{1h};

effect::Tell tell(Person to, std::string text) {
    return {room(), std::move(to), std::move(text), {}};
}

TEST(MatrixHeard, AnAnswerBelongsUnderTheCommandThatLedToItHoweverManyCameSince) {
    Heard heard;
    heard.heard(ana().id, "k1", {"$one", ""}, start);
    heard.heard(ana().id, "k2", {"$two", "$root"}, start);
    heard.led_to("k1", {tell(ana(), "first")}, start);
    heard.led_to("k2", {tell(ana(), "second")}, start);
    EXPECT_EQ(heard.place_of(tell(ana(), "first"), start)->event, "$one");
    EXPECT_EQ(heard.place_of(tell(ana(), "second"), start)->event, "$two");
    EXPECT_EQ(heard.place_of(tell(ana(), "second"), start)->thread_root, "$root");
}

TEST(MatrixHeard, WordsThatNoCommandLedToBelongUnderNone) {
    Heard heard;
    heard.heard(ana().id, "k1", {"$one", ""}, start);
    heard.led_to("k1", {}, start);
    EXPECT_FALSE(heard.place_of(tell(ana(), "a reminder"), start));
}

TEST(MatrixHeard, WhatSomebodyElsesCommandLedToIsNoAnswerToThePersonItIsFor) {
    Heard heard;
    heard.heard(ana().id, "k1", {"$one", ""}, start);
    heard.led_to("k1", {tell(bo(), "You are asked")}, start);
    EXPECT_FALSE(heard.place_of(tell(bo(), "You are asked"), start));
}

TEST(MatrixHeard, LongAgoIsForgotten) {
    Heard heard;
    heard.heard(ana().id, "k1", {"$one", ""}, start);
    heard.led_to("k1", {tell(ana(), "late")}, start);
    EXPECT_TRUE(heard.place_of(tell(ana(), "late"), start + 29min));
    EXPECT_FALSE(heard.place_of(tell(ana(), "late"), start + 31min));
}

} // namespace
} // namespace cox::matrix
