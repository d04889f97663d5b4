// What somebody said is carried out, unless it comes too late to be meant.
#include "core/hear.hpp"
#include "room.hpp"

#include <gtest/gtest.h>

namespace cox::test {
namespace {

using namespace std::chrono_literals;

// How it is decided when it reaches us so long after it was said.
Decision heard(std::string typed, std::optional<Duration> late, std::optional<Parsed> meant = std::nullopt) {
    Room const room;
    Request request{command::Heard{}, person("ana", "Ana"), {{"ops"}, "ops"}, room.now, "", false, std::move(typed)};
    Utterance utterance{Form::message, [](std::string_view, bool) { return std::vector<Person>{}; }, std::nullopt,
                        std::move(meant)};
    if (late) utterance.said_at = room.now - *late;
    return hear(World{}, room.policy, request, std::move(utterance));
}

std::string refused(Decision const& decision) {
    return decision.refusal ? std::string{decision.refusal->why.key} : "";
}

TEST(Hear, F92_ACommandThatComesMoreThanTenMinutesLateIsHandedBackAndNotCarriedOut) {
    auto const late = heard("!declare 1 checkout errors", 10min + 1ms);
    EXPECT_EQ(refused(late), "misread.too-late");
    EXPECT_TRUE(late.events.empty());
    ASSERT_FALSE(late.refusal->why.args.empty());
    EXPECT_EQ(late.refusal->why.args[0].second, "10 min");
    EXPECT_EQ(refused(heard("!inc no such thing", 1h)), "misread.too-late") << "whatever is wrong with it besides";
}

TEST(Hear, F92_UpToThenItIsCarriedOut) {
    for (auto const late : {Duration{0}, Duration{10min}}) {
        auto const decision = heard("!declare 1 checkout errors", late);
        EXPECT_EQ(refused(decision), "");
        EXPECT_FALSE(decision.events.empty());
    }
    EXPECT_FALSE(heard("!declare 1 checkout errors", std::nullopt).events.empty()) << "where nothing comes late";
}

// A clock that runs ahead, or lies, does nobody harm.
TEST(Hear, F92_WhatWasSaidInTheFutureIsCarriedOut) {
    EXPECT_FALSE(heard("!declare 1 checkout errors", -1h).events.empty());
}

TEST(Hear, F92_TalkThatComesLateIsTalk) {
    EXPECT_EQ(refused(heard("the queue is empty again", 1h)), "");
}

TEST(Hear, F92_AFormThatComesLateIsHandedBackToo) {
    EXPECT_EQ(refused(heard("note", 1h, Parsed{command::Note{"first"}, "", false})), "misread.too-late");
}

} // namespace
} // namespace cox::test
