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

Outcome answered(std::vector<Effect> effects) {
    return {Outcome::What::done, std::move(effects)};
}

TEST(MatrixHeard, AnAnswerBelongsUnderTheCommandThatLedToItHoweverManyCameSince) {
    Heard heard;
    heard.heard(ana().id, "k1", {"$one", ""}, start);
    heard.heard(ana().id, "k2", {"$two", "$root"}, start);
    heard.led_to("k1", answered({tell(ana(), "first")}), start);
    heard.led_to("k2", answered({tell(ana(), "second")}), start);
    EXPECT_EQ(heard.answered_by(tell(ana(), "first"), start)->place.event, "$one");
    EXPECT_EQ(heard.answered_by(tell(ana(), "second"), start)->place.event, "$two");
    EXPECT_EQ(heard.answered_by(tell(ana(), "second"), start)->place.thread_root, "$root");
}

TEST(MatrixHeard, WordsThatNoCommandLedToBelongUnderNone) {
    Heard heard;
    heard.heard(ana().id, "k1", {"$one", ""}, start);
    heard.led_to("k1", answered({}), start);
    EXPECT_FALSE(heard.answered_by(tell(ana(), "a reminder"), start));
}

TEST(MatrixHeard, WhatSomebodyElsesCommandLedToIsNoAnswerToThePersonItIsFor) {
    Heard heard;
    heard.heard(ana().id, "k1", {"$one", ""}, start);
    heard.led_to("k1", answered({tell(bo(), "You are asked")}), start);
    EXPECT_FALSE(heard.answered_by(tell(bo(), "You are asked"), start));
}

TEST(MatrixHeard, WhatWasAskedForIsNoObjectionButARefusalAndWhatStandsBesideASuccessIs) {
    Heard heard;
    auto const objects = [&](Outcome const& outcome) {
        heard.heard(ana().id, "k", {"$one", ""}, start);
        heard.led_to("k", outcome, start);
        return heard.answered_by(tell(ana(), "words"), start)->objects;
    };
    Effect const words = tell(ana(), "words");
    EXPECT_FALSE(objects({Outcome::What::done, {words}})) << "a question's answer";
    EXPECT_TRUE(objects({Outcome::What::refused, {words}}));
    Effect const card = effect::ShowCard{room(), {}};
    EXPECT_TRUE(objects({Outcome::What::done, {card, words}})) << "queued behind another";
    EXPECT_FALSE(objects({Outcome::What::done, {words, card}})) << "the brief of a role that was taken";
}

TEST(MatrixHeard, LongAgoIsForgotten) {
    Heard heard;
    heard.heard(ana().id, "k1", {"$one", ""}, start);
    heard.led_to("k1", answered({tell(ana(), "late")}), start);
    EXPECT_TRUE(heard.answered_by(tell(ana(), "late"), start + 29min));
    EXPECT_FALSE(heard.answered_by(tell(ana(), "late"), start + 31min));
}

} // namespace
} // namespace cox::matrix
