#include "core/characters.hpp"

#include <gtest/gtest.h>

namespace cox {
namespace {

TEST(Length, counts_utf_16_units) {
    EXPECT_EQ(length(""), 0u);
    EXPECT_EQ(length("abc"), 3u);
    EXPECT_EQ(length("ß漢"), 2u);
    EXPECT_EQ(length("👍"), 2u);
    EXPECT_EQ(length("👍🏽"), 4u);
}

TEST(FirstCharacter, takes_what_belongs_together) {
    EXPECT_EQ(first_character(""), 0u);
    EXPECT_EQ(first_character("ab"), 1u);
    EXPECT_EQ(first_character("e\u0301x"), std::string_view{"e\u0301"}.size());
    EXPECT_EQ(first_character("👍🏽👍"), std::string_view{"👍🏽"}.size());
    EXPECT_EQ(first_character("👨‍👩‍👧x"), std::string_view{"👨‍👩‍👧"}.size());
    EXPECT_EQ(first_character("❤️x"), std::string_view{"❤️"}.size());
}

TEST(FirstCharacter, takes_two_halves_of_a_flag_and_no_third) {
    EXPECT_EQ(first_character("🇩🇪🇫🇷"), std::string_view{"🇩🇪"}.size());
}

TEST(FirstCharacter, moves_on_over_bytes_that_are_no_text) {
    EXPECT_EQ(first_character("\x80\x80"), 1u);
    EXPECT_EQ(first_character("\xF0\x9F"), 2u);
}

TEST(Clipped, leaves_what_fits) {
    EXPECT_EQ(clipped("abc", 3), "abc");
    EXPECT_EQ(clipped("👍", 2), "👍");
    EXPECT_EQ(clipped("", 0), "");
}

TEST(Clipped, ends_with_a_mark_between_characters) {
    EXPECT_EQ(clipped("abcd", 3), "ab…");
    EXPECT_EQ(clipped("ab cd", 4), "ab…");
    EXPECT_EQ(clipped("a👍b", 3), "a…");
    EXPECT_EQ(clipped("ae\u0301b", 3), "a…");
    EXPECT_EQ(clipped("abcd", 1), "…");
    EXPECT_EQ(clipped("abcd", 0), "");
}

} // namespace
} // namespace cox
