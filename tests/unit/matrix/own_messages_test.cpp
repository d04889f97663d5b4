#include "adapters/matrix/own_messages.hpp"

#include <gtest/gtest.h>

namespace cox::matrix {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr char const* self = "@bot:s";

json content_with(std::vector<Reaction> const& reactions) {
    json content{{"msgtype", "m.notice"}, {"body", "x"}};
    write_reactions(content, reactions);
    return content;
}

Event sent(std::string_view id, json content, std::string_view sender = self) {
    return *read_event(
        {{"type", "m.room.message"}, {"event_id", id}, {"sender", sender}, {"content", std::move(content)}});
}

Event edit_of(std::string_view id, std::vector<Reaction> const& reactions) {
    auto content = content_with({});
    content["m.new_content"] = content_with(reactions);
    write_reactions(content, reactions);
    content["m.relates_to"] = {{"rel_type", "m.replace"}, {"event_id", id}};
    return sent("$edit", std::move(content));
}

TEST(MatrixButtons, APressIsTheCommandThatStandsInTheMessage) {
    OwnMessages own;
    own.saw(sent("$1", content_with({{"✅", "accept A1"}})));
    ASSERT_TRUE(own.find("$1"));
    EXPECT_EQ(command_of(*own.find("$1"), "✅"), "accept A1");
    EXPECT_EQ(command_of(*own.find("$1"), "❌"), "");
    EXPECT_EQ(own.find("$2"), nullptr);
}

TEST(MatrixButtons, ClientsMayWriteTheVariationSelectorOrNot) {
    OwnMessages own;
    own.saw(sent("$1", content_with({{"✔", "done A1"}})));
    EXPECT_EQ(command_of(*own.find("$1"), "✔\xEF\xB8\x8F"), "done A1");
}

TEST(MatrixButtons, AfterAnEditTheNewButtonsCount) {
    OwnMessages own;
    own.saw(sent("$1", content_with({{"✅", "accept A1"}})));
    own.saw(edit_of("$1", {{"❌", "fail A1"}}));
    EXPECT_EQ(command_of(*own.find("$1"), "✅"), "");
    EXPECT_EQ(command_of(*own.find("$1"), "❌"), "fail A1");
}

TEST(MatrixButtons, S14_AMessageOfSomebodyElseHasNoButtons) {
    auto const forged = sent("$1", content_with({{"✅", "resolve"}}), "@mallory:s");
    EXPECT_FALSE(own_message(forged, self));
}

TEST(MatrixButtons, S14_AnEditBySomebodyElseChangesNoButtons) {
    auto event = sent("$1", content_with({{"✅", "accept A1"}}));
    auto const forged = content_with({{"✅", "resolve"}});
    event.unsigned_part = {
        {"m.relations", {{"m.replace", {{"sender", "@mallory:s"}, {"content", {{"m.new_content", forged}}}}}}}};
    auto const message = own_message(event, self);
    ASSERT_TRUE(message);
    EXPECT_EQ(command_of(*message, "✅"), "accept A1");
}

TEST(MatrixButtons, TheHomeserversAnswerTellsTheLatestEdit) {
    auto event = sent("$1", content_with({{"✅", "accept A1"}}));
    auto const edit = edit_of("$1", {{"✅", "done A1"}});
    event.unsigned_part = {{"m.relations", {{"m.replace", {{"sender", self}, {"content", edit.content}}}}}};
    EXPECT_EQ(command_of(*own_message(event, self), "✅"), "done A1");
}

TEST(MatrixButtons, TheOldestMessagesAreForgottenAndTheNewestKept) {
    OwnMessages own;
    for (int i = 0; i < 1001; ++i)
        own.saw(sent("$" + std::to_string(i), content_with({})));
    EXPECT_EQ(own.find("$0"), nullptr);
    EXPECT_TRUE(own.find("$1"));
    EXPECT_TRUE(own.find("$1000"));
}

} // namespace
} // namespace cox::matrix
