#include "core/parse.hpp"

#include <gtest/gtest.h>

#include <random>

namespace cox {
namespace {

TEST(Normalise, KeepsOrdinaryTextAndItsTypography) {
    EXPECT_EQ(normalise("it’s “down” – since 14:05 … déjà vu 日本 🚨"), "it’s “down” – since 14:05 … déjà vu 日本 🚨");
    EXPECT_EQ(normalise(""), "");
}

TEST(Normalise, TrimsTheEndsAndMakesBlanksOfTabs) {
    EXPECT_EQ(normalise("  \t/ic\tme \r\n "), "/ic me");
    EXPECT_EQ(normalise("ic\u00A0me\u202F!"), "ic me !");
}

TEST(Normalise, EndsLinesWithALineFeed) {
    EXPECT_EQ(normalise("a\r\nb\rc\nd\u2028e"), "a\nb\nc\nd\ne");
}

TEST(Normalise, ResolvesSlackEntitiesOnce) {
    EXPECT_EQ(normalise("a &lt;b&gt; &amp; c"), "a <b> & c");
    EXPECT_EQ(normalise("&amp;lt;"), "&lt;");
    EXPECT_EQ(normalise("& &quot; &am"), "& &quot; &am");
}

TEST(Normalise, RemovesControlAndInvisibleCharacters) {
    EXPECT_EQ(normalise("a\x01"
                        "b\x1b[0m\x7f"
                        "c\u0085"),
              "ab[0mc");
    EXPECT_EQ(normalise("a\u202Eb\u2066c\u200Bd\u2060e\uFEFFf\u061Cg\U000E0041h\u009Fi\u00ADj"), "abcdefghij");
    using namespace std::string_view_literals;
    EXPECT_EQ(normalise("a\0b"sv), "ab");
}

TEST(Normalise, ReplacesBytesThatAreNoUtf8) {
    EXPECT_EQ(normalise("a\xFF"
                        "b"),
              "a\uFFFDb");
    EXPECT_EQ(normalise("\xC0\xAF"), "\uFFFD\uFFFD");                       // overlong
    EXPECT_EQ(normalise("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");             // surrogate
    EXPECT_EQ(normalise("\xF4\x90\x80\x80x"), "\uFFFD\uFFFD\uFFFD\uFFFDx"); // beyond the last character
    EXPECT_EQ(normalise("\xE2\x82"), "\uFFFD\uFFFD");                       // cut off
    EXPECT_EQ(normalise("\xE2\x82"
                        "a"),
              "\uFFFD\uFFFDa");
    EXPECT_EQ(normalise("\uFFFD"), "\uFFFD");
}

TEST(Normalise, GivesValidTextForAnyBytes) {
    std::mt19937 random{20261123};
    for (int round = 0; round < 20000; ++round) {
        std::string bytes;
        for (auto length = random() % 40; length > 0; --length)
            bytes += static_cast<char>(random() % 4 == 0 ? 0xC0 + random() % 64 : random() % 256);
        auto const once = normalise(bytes);
        for (char const c : once)
            ASSERT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
        // Without entities there is nothing left to do a second time.
        if (once.find('&') == once.npos) {
            ASSERT_EQ(normalise(once), once);
        }
    }
}

} // namespace
TEST(Normalise, KeepsTheJoinersOfEmojiAndWordsButNoneBesideALetter) {
    std::string const family = "\U0001F468\u200D\U0001F469\u200D\U0001F467";
    EXPECT_EQ(normalise("on call: " + family), "on call: " + family);
    EXPECT_EQ(normalise("a\u200Dna"), "ana");
    EXPECT_EQ(normalise("\u200Dana\u200D"), "ana");
}

} // namespace cox
