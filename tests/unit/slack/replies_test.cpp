#include "adapters/slack/replies.hpp"

#include <gtest/gtest.h>

namespace cox::slack {
namespace {

using namespace std::chrono_literals;

struct RepliesTest : testing::Test {
    Replies replies;
    ChannelId ops{"slack:T1:C1"};
    UserId ana{"slack:T1:U1"};
    UserId bo{"slack:T1:U2"};
    Replies::Moment noon{12h};

    void heard(UserId const& who, std::string url, std::string thread = "") {
        replies.heard(ops, who, std::move(url), std::move(thread), noon);
    }
    std::string take(UserId const& who) { return replies.take_url(ops, who, noon); }
};

TEST_F(RepliesTest, AnAddressTakesFiveAnswers) {
    heard(ana, "a");
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(take(ana), "a");
    EXPECT_EQ(take(ana), "");
}

TEST_F(RepliesTest, EachPersonIsAnsweredAtTheirOwnAddress) {
    heard(ana, "a");
    heard(bo, "b");
    EXPECT_EQ(take(ana), "a");
    EXPECT_EQ(take(bo), "b");
}

TEST_F(RepliesTest, TheNewestAddressIsUsedFirst) {
    heard(ana, "old");
    heard(ana, "new");
    EXPECT_EQ(take(ana), "new");
}

TEST_F(RepliesTest, WhoTypedManyCommandsBeforeTheFirstAnswerHasAnAddressForEachOfThem) {
    for (int i = 0; i < 20; ++i)
        heard(ana, "a" + std::to_string(i));
    for (int i = 0; i < 20; ++i)
        EXPECT_NE(take(ana), "");
}

TEST_F(RepliesTest, AnAddressThatSlackRefusedIsNotUsedAgain) {
    heard(ana, "old");
    heard(ana, "new");
    replies.drop_url(ops, ana, "new");
    EXPECT_EQ(take(ana), "old");
    replies.drop_url(ops, ana, "old");
    EXPECT_EQ(take(ana), "");
}

TEST_F(RepliesTest, AnAddressIsForgottenBeforeSlackForgetsIt) {
    heard(ana, "a");
    EXPECT_EQ(replies.take_url(ops, ana, noon + 28min), "a");
    EXPECT_EQ(replies.take_url(ops, ana, noon + 30min), "");
}

TEST_F(RepliesTest, WhatWasTypedInAThreadIsAnsweredThereAndNotAtAnOlderCommandsAddress) {
    heard(ana, "a");
    heard(ana, "", "17.5");
    EXPECT_EQ(take(ana), "");
    EXPECT_EQ(replies.thread(ops, ana, noon), "17.5");
}

} // namespace
} // namespace cox::slack
