#include "adapters/matrix/buttons.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <set>

namespace cox::matrix {
namespace {

nlohmann::json content_with(std::vector<Button> const& buttons) {
    nlohmann::json content{{"msgtype", "m.notice"}};
    write_reactions(content, reactions_for(buttons));
    return content;
}

// As who reads a reaction does.
std::string pressed(nlohmann::json const& content, std::string_view key) {
    for (auto const& reaction : read_reactions(content))
        if (same_reaction(reaction.key, key)) return reaction.command;
    return {};
}

TEST(MatrixButtons, AKeyMeansTheCommandOfItsButton) {
    auto const content = content_with({{"accept A1", "Accept"}, {"decline A1", "Decline"}});
    EXPECT_EQ(pressed(content, "✅"), "accept A1");
    EXPECT_EQ(pressed(content, "❌"), "decline A1");
    EXPECT_EQ(pressed(content, "👀"), "");
    EXPECT_EQ(pressed(content, ""), "");
}

TEST(MatrixButtons, WhatAKeyStoodForIsKnownUnlessItStandsForMoreThanOne) {
    EXPECT_EQ(verb_of("🙋"), "ic me");
    EXPECT_EQ(verb_of("⏰\xEF\xB8\x8F"), "eta");
    EXPECT_EQ(verb_of("✅"), "") << "accept, or done";
    EXPECT_EQ(verb_of("🔴"), "");
}

TEST(MatrixButtons, NoTwoButtonsOfAMessageShareAKey) {
    std::vector<Button> buttons;
    for (int i = 0; i < 12; ++i)
        buttons.push_back({"accept A" + std::to_string(i), "Accept"});
    std::set<std::string> keys;
    for (auto const& each : reactions_for(buttons))
        EXPECT_TRUE(keys.insert(each.key).second) << each.key;
    EXPECT_EQ(keys.size(), 10U);
}

TEST(MatrixButtons, ACommandThatBeginsLikeAVerbIsNotThatVerb) {
    std::vector<Button> const buttons{{"ic meadow", "Meadow"}, {"ic me", "Take command"}};
    auto const shown = reactions_for(buttons);
    EXPECT_NE(shown[0].key, "🙋");
    EXPECT_EQ(shown[1].key, "🙋");
}

TEST(MatrixButtons, TheSignForColourMakesNoDifference) {
    EXPECT_TRUE(same_reaction("⏰\xEF\xB8\x8F", "⏰"));
    EXPECT_TRUE(same_reaction("⏰", "⏰\xEF\xB8\x8F"));
    EXPECT_FALSE(same_reaction("⏰", "✅"));
    EXPECT_FALSE(same_reaction("\xEF\xB8\x8F", ""));
    EXPECT_FALSE(same_reaction("✅" + std::string(70, 'x'), "✅" + std::string(70, 'x')));
}

TEST(MatrixButtons, OfAnEditTheNewButtonsCount) {
    auto content = content_with({{"status", "Status"}});
    content["m.new_content"] = content_with({{"update", "Post update"}});
    EXPECT_EQ(pressed(content, "📣"), "update");
    EXPECT_EQ(pressed(content, "📋"), "");
}

TEST(MatrixButtons, ContentOfAnyShapeIsReadWithoutHarm) {
    for (auto const* text :
         {"null", "[]", "3", R"({"coxswain":3})", R"({"coxswain":{"buttons":{}}})", R"({"coxswain":{"buttons":[3]}})",
          R"({"coxswain":{"buttons":[{"key":3,"command":"x"}]}})", R"({"coxswain":{"buttons":[{"key":"✅"}]}})",
          R"({"m.new_content":[],"coxswain":{"buttons":[{"key":"✅","command":"x"}]}})"}) {
        EXPECT_EQ(pressed(nlohmann::json::parse(text), "✅"), "") << text;
    }
}

TEST(MatrixButtons, EveryKeyThatAButtonMayHaveIsKnownAsOneAndAThumbIsNone) {
    std::vector<Button> buttons;
    for (auto const* const command :
         {"accept A1", "decline A1", "eta", "update", "status", "ic me", "a", "b", "c", "d", "e", "f", "g", "h", "i"})
        buttons.push_back({command, command});
    auto const reactions = reactions_for(buttons);
    EXPECT_EQ(reactions.size(), buttons.size());
    for (auto const& reaction : reactions)
        EXPECT_TRUE(may_be_button(reaction.key)) << reaction.key;
    for (auto const* const key : {"👍", "🎉", "", "like"})
        EXPECT_FALSE(may_be_button(key)) << key;
}

} // namespace
} // namespace cox::matrix
