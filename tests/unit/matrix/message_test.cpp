#include "adapters/matrix/message.hpp"

#include <gtest/gtest.h>

namespace cox::matrix {
namespace {

using nlohmann::json;

constexpr Ourselves us{"@coxswain:lab.test", "Cox the Bot"};

Event message_event(json content) {
    if (!content.contains("msgtype")) content["msgtype"] = "m.text";
    return *read_event({{"type", "m.room.message"},
                        {"sender", "@ana:lab.test"},
                        {"event_id", "$1"},
                        {"origin_server_ts", 1000},
                        {"content", std::move(content)}});
}

std::string text_of(json content) {
    auto const read = read_message(message_event(std::move(content)), us);
    return read ? (read->to_us ? "to us: " : "") + read->text : "nothing";
}

TEST(MatrixMessage, ACommandIsReadAsItWasTyped) {
    EXPECT_EQ(text_of({{"body", "!ic me"}}), "!ic me");
    EXPECT_EQ(text_of({{"body", "/declare 1 checkout"}}), "/declare 1 checkout");
    EXPECT_EQ(text_of({{"body", "  !status"}}), "!status");
}

TEST(MatrixMessage, OnlyWhatAPersonSaysIsRead) {
    for (auto const* type : {"m.notice", "m.emote", "m.image", "m.file", "m.location", "org.example.other", ""})
        EXPECT_EQ(text_of({{"body", "!resolve"}, {"msgtype", type}}), "nothing") << type;
    EXPECT_EQ(text_of({{"body", 7}}), "");
    EXPECT_EQ(text_of({{"msgtype", 1}, {"body", "!resolve"}}), "nothing");
}

TEST(MatrixMessage, F90_AnEditIsNoCommand) {
    EXPECT_EQ(text_of({{"body", "* !resolve"},
                       {"m.new_content", {{"msgtype", "m.text"}, {"body", "!resolve"}}},
                       {"m.relates_to", {{"rel_type", "m.replace"}, {"event_id", "$0"}}}}),
              "nothing");
}

TEST(MatrixMessage, F90_WhatWasRemovedIsNoCommand) {
    auto event = message_event({{"body", "!resolve"}});
    event.unsigned_part = {{"redacted_because", {{"type", "m.room.redaction"}}}};
    EXPECT_FALSE(read_message(event, us));
}

TEST(MatrixMessage, AStateInDisguiseIsNoCommand) {
    auto event = message_event({{"body", "!resolve"}});
    event.state_key = "";
    EXPECT_FALSE(read_message(event, us));
}

TEST(MatrixMessage, F90_TheQuotationOfAReplyIsNoCommand) {
    json const relation{{"m.in_reply_to", {{"event_id", "$0"}}}};
    EXPECT_EQ(text_of({{"body", "> <@bo:lab.test> !resolve\n> now\n\n!status"}, {"m.relates_to", relation}}),
              "!status");
    EXPECT_EQ(text_of({{"body", "> !status"}}), "> !status") << "no reply: people quote as they like";
    EXPECT_EQ(text_of({{"body", "> all of it quoted"}, {"m.relates_to", relation}}), "");
}

TEST(MatrixMessage, TheBotIsSpokenToByItsPillItsIdOrItsName) {
    json const pill{{"body", "Cox the Bot: status"},
                    {"format", "org.matrix.custom.html"},
                    {"formatted_body", R"(<a href="https://matrix.to/#/@coxswain:lab.test">Cox the Bot</a>: status)"}};
    EXPECT_EQ(text_of(pill), "to us: status");
    for (auto const* body : {"@coxswain:lab.test status", "@coxswain:lab.test: status", "@coxswain status",
                             "Coxswain: status", "coxswain, status", "Cox the Bot: status"})
        EXPECT_EQ(text_of({{"body", body}}), "to us: status") << body;
}

TEST(MatrixMessage, TalkAboutTheBotIsTalk) {
    for (auto const* body : {"coxswain is late today", "ask @coxswain:lab.test", "@coxswain:other.test status",
                             "@coxswains: status", "Cox the Bot says hello"})
        EXPECT_EQ(text_of({{"body", body}}), body);
}

TEST(MatrixMessage, S14_APillIsTheUserAndNotTheNameInIt) {
    auto const read = read_message(
        message_event({{"body", "!comms Ana"},
                       {"format", "org.matrix.custom.html"},
                       {"formatted_body", R"(!comms <a href="https://matrix.to/#/@mallory:lab.test">Ana</a>)"}}),
        us);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->text, "!comms <@@mallory:lab.test>");
    EXPECT_EQ(read->named, std::vector<std::string>{"@mallory:lab.test"});
}

TEST(MatrixMessage, WithoutPillsThePlainTextCountsAndNotItsMarkUp) {
    EXPECT_EQ(
        text_of(
            {{"body", "!hyp **bad** release"}, {"format", "org.matrix.custom.html"}, {"formatted_body", "!resolve"}}),
        "!hyp **bad** release");
}

TEST(MatrixMessage, WhatLooksLikeAnEntityIsWhatWasTyped) {
    EXPECT_EQ(text_of({{"body", "!note &lt; is not <"}}), "!note &amp;lt; is not <");
}

TEST(MatrixMessage, TypedIdsAreNamed) {
    auto const read = read_message(message_event({{"body", "!comms @bo:lab.test, not @li:lab.test."}}), us);
    EXPECT_EQ(read->named, (std::vector<std::string>{"@bo:lab.test", "@li:lab.test"}));
}

TEST(MatrixMessage, KnowsTheThreadItWasSaidIn) {
    auto const read = read_message(
        message_event({{"body", "!status"}, {"m.relates_to", {{"rel_type", "m.thread"}, {"event_id", "$root"}}}}), us);
    EXPECT_EQ(read->thread_root, "$root");
}

TEST(MatrixMessage, ForTheTimelineTheLatestEditCounts) {
    auto event = message_event({{"body", "teh cause"}});
    event.unsigned_part = {
        {"m.relations", {{"m.replace", {{"content", {{"m.new_content", {{"body", "the cause"}}}}}}}}}};
    EXPECT_EQ(plain_text(event), "the cause");
}

} // namespace
} // namespace cox::matrix
