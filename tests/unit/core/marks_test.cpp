#include "core/marks.hpp"

#include "core/parse.hpp"

#include <gtest/gtest.h>

#include <random>

namespace cox::marks {
namespace {

Person const sara{UserId{"slack:T1:U1"}, "Sara"};

struct Written : Visitor {
    std::string out;
    void plain(std::string_view text) override { ((out += "[") += text) += "]"; }
    void mention(UserId const& id, std::string_view name) override {
        ((((out += "<") += id.value) += "|") += name) += ">";
    }
    void code(std::string_view text) override { ((out += "{") += text) += "}"; }
    void place(ChannelId const& id, std::string_view name) override {
        ((((out += "#") += id.value) += "|") += name) += "#";
    }
    void moment(Time at, std::string_view shown) override {
        ((((out += "(") += std::to_string(at.time_since_epoch().count())) += "|") += shown) += ")";
    }
};

std::string pieces(std::string_view marked) {
    Written written;
    visit(marked, written);
    return written.out;
}

TEST(Marks, AreVisitedInOrder) {
    auto const text =
        "Ask " + mention(sara) + " for " + code("sev 2") + " at " + moment(Time{Duration{12}}, "14:20 UTC");
    EXPECT_EQ(pieces(text), "[Ask ]<slack:T1:U1|Sara>[ for ]{sev 2}[ at ](12|14:20 UTC)");
    EXPECT_EQ(plain(text), "Ask @Sara for `sev 2` at 14:20 UTC");
}

TEST(Marks, NameAChannelToGoTo) {
    auto const text = "It is in " + place({{"slack:T1:C1"}, "inc-1"}) + ".";
    EXPECT_EQ(pieces(text), "[It is in ]#slack:T1:C1|inc-1#[.]");
    EXPECT_EQ(plain(text), "It is in #inc-1.");
    EXPECT_EQ(plain(place({{}, "inc-2"})), "#inc-2");
}

TEST(Marks, LeaveTextWithoutMarksAsItIs) {
    EXPECT_EQ(pieces("two\nlines · §"), "[two\nlines · §]");
    EXPECT_EQ(pieces(""), "");
}

TEST(Marks, KeepMomentsBefore1970) {
    EXPECT_EQ(pieces(moment(Time{Duration{-5}}, "x")), "(-5|x)");
}

TEST(Marks, CannotBeForgedThroughAName) {
    Person const forger{UserId{"u\x1f"
                               "2\x03"},
                        "Eve\x03\x01"
                        "ana\x1f"
                        "Ana\x03\nsecond"};
    EXPECT_EQ(pieces(mention(forger)), "<u2|EveanaAna second>");
    EXPECT_EQ(pieces(code("sev\x03 \x01"
                          "2")),
              "{sev 2}");
    EXPECT_EQ(pieces(moment(Time{}, "14:\x03"
                                    "20")),
              "(0|14:20)");
}

TEST(Marks, CannotBeTyped) {
    auto const typed = normalise("hello " + mention(sara) + code("x") + moment(Time{}, "y"));
    EXPECT_EQ(pieces(typed), "[" + typed + "]");
}

TEST(Marks, ShowMarkedTextInsideCodeAsWords) {
    EXPECT_EQ(pieces(code("ic " + mention(sara))), "{ic @Sara}");
}

TEST(Marks, OfNobodyAreJustAName) {
    EXPECT_EQ(mention(Person{UserId{}, "the clock"}), "the clock");
    EXPECT_EQ(plain(mention(Person{UserId{"bo"}, ""})), "@bo");
    EXPECT_EQ(code(""), "");
}

TEST(Marks, ThatAreBrokenAreShownAsPlainText) {
    EXPECT_EQ(plain("a\x01no end"), "ano end");
    EXPECT_EQ(plain("a\x01"
                    "bo\x03 b"),
              "abo b");
    EXPECT_EQ(plain("a\x02\x03"
                    "b"),
              "ab");
    EXPECT_EQ(plain("a\x04soon\x1f"
                    "14:20\x03"
                    "b"),
              "asoon14:20b");
    EXPECT_EQ(plain("\x01\x01"
                    "bo\x1f"
                    "Bo\x03"),
              "@Bo");
    EXPECT_EQ(plain("a\x1b[31mred\x7f"), "a[31mred");
}

TEST(Marks, CopeWithAnyBytes) {
    std::mt19937 random{20261123};
    for (int round = 0; round < 20000; ++round) {
        std::string bytes;
        for (auto length = random() % 40; length > 0; --length)
            bytes += static_cast<char>(random() % 3 == 0 ? random() % 32 : random() % 256);
        for (char const c : plain(bytes))
            ASSERT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n');
    }
}

} // namespace
} // namespace cox::marks
