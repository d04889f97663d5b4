#include "adapters/matrix/silence.hpp"

#include <gtest/gtest.h>

namespace cox::matrix {
namespace {

using Events = std::vector<std::string>;

TEST(MatrixSilence, WhereNothingIsSaidIsNoDeafness) {
    Silence silence;
    for (int i = 0; i < 5; ++i)
        EXPECT_FALSE(silence.is_deafness("!r", Events{"$1"}));
}

TEST(MatrixSilence, F83_WhatWasSaidAndIsNotToldForAWholeSilenceIsDeafness) {
    Silence silence;
    EXPECT_FALSE(silence.is_deafness("!r", Events{"$1"}));
    EXPECT_FALSE(silence.is_deafness("!r", Events{"$2", "$1"}));
    EXPECT_TRUE(silence.is_deafness("!r", Events{"$3", "$2", "$1"}));
}

// It is shown where one looks a moment before it is told.
TEST(MatrixSilence, WhatIsToldAfterItWasSeenIsNoDeafness) {
    Silence silence;
    EXPECT_FALSE(silence.is_deafness("!r", Events{"$1"}));
    EXPECT_FALSE(silence.is_deafness("!r", Events{"$2", "$1"}));
    silence.ends();
    EXPECT_FALSE(silence.is_deafness("!r", Events{"$2", "$1"}));
    EXPECT_FALSE(silence.is_deafness("!r", Events{"$2", "$1"}));
}

TEST(MatrixSilence, ThatTheLastIsGoneForItsAgeIsNoDeafness) {
    Silence silence;
    EXPECT_FALSE(silence.is_deafness("!r", Events{"$2", "$1"}));
    for (int i = 0; i < 5; ++i)
        EXPECT_FALSE(silence.is_deafness("!r", Events{"$1"}));
    EXPECT_FALSE(silence.is_deafness("!r", Events{}));
}

TEST(MatrixSilence, F83_AHomeserverThatWasPutBackBehindTheLastIsFoundOutWhenPeopleSpeakAgain) {
    Silence silence;
    EXPECT_FALSE(silence.is_deafness("!r", Events{"$9", "$1"}));
    EXPECT_FALSE(silence.is_deafness("!r", Events{"$1"}));
    EXPECT_FALSE(silence.is_deafness("!r", Events{"$2", "$1"}));
    EXPECT_TRUE(silence.is_deafness("!r", Events{"$2", "$1"}));
}

TEST(MatrixSilence, EachRoomIsLookedAtForItself) {
    Silence silence;
    EXPECT_FALSE(silence.is_deafness("!a", Events{"$1"}));
    EXPECT_FALSE(silence.is_deafness("!b", Events{"$2"}));
    EXPECT_FALSE(silence.is_deafness("!a", Events{"$3", "$1"}));
    EXPECT_FALSE(silence.is_deafness("!b", Events{"$4", "$2"}));
}

} // namespace
} // namespace cox::matrix
