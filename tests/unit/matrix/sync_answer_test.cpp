#include "adapters/matrix/sync_answer.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace cox::matrix {
namespace {

using nlohmann::json;

TEST(MatrixSyncAnswer, HoldsWhatEachRoomBrought) {
    auto const answer = read_sync(R"({"next_batch":"s2","rooms":{
        "join":{"!r:s":{"state":{"events":[{"type":"m.room.name","state_key":"","sender":"@a:s","content":{"name":"ops"}}]},
                        "timeline":{"limited":true,"prev_batch":"p1","events":[
                          {"type":"m.room.message","event_id":"$e","sender":"@a:s","origin_server_ts":1795312529507,
                           "content":{"msgtype":"m.text","body":"!status"}}]}}},
        "invite":{"!i:s":{"invite_state":{"events":[{"type":"m.room.member","state_key":"@b:s","sender":"@a:s","content":{"membership":"invite"}}]}}},
        "leave":{"!l:s":{"timeline":{"events":[]}}}}})");
    ASSERT_TRUE(answer) << answer.error();
    EXPECT_EQ(answer->next_batch, "s2");
    ASSERT_EQ(answer->joined.size(), 1u);
    auto const& room = answer->joined.front();
    EXPECT_TRUE(room.limited);
    EXPECT_EQ(room.prev_batch, "p1");
    EXPECT_TRUE(room.state.front().is_state("m.room.name"));
    ASSERT_EQ(room.timeline.size(), 1u);
    EXPECT_EQ(room.timeline.front().id, "$e");
    EXPECT_EQ(room.timeline.front().at, Time{Duration{1795312529507}});
    EXPECT_EQ(answer->invited.front().state.front().sender, "@a:s");
    EXPECT_EQ(answer->left.front().id, "!l:s");
}

TEST(MatrixSyncAnswer, AnswersWithoutAPlaceAreNone) {
    for (auto const* body : {"", "{}", "[]", R"({"next_batch":7})", R"({"next_batch":"s1")", "<html>"})
        EXPECT_FALSE(read_sync(body)) << body;
}

TEST(MatrixSyncAnswer, AnyPartMayBeMissingOrOfAWrongType) {
    json const wrong[] = {nullptr,
                          true,
                          7,
                          "text",
                          json::array(),
                          json::array({1, "x", json::object()}),
                          json::object(),
                          json{{"events", 7}},
                          json{{"events", json::array({7, json::object()})}},
                          json{{"events", json::array({json{{"type", 1}}})}}};
    for (auto const& part : wrong) {
        for (auto const* kind : {"join", "invite", "leave", "knock"}) {
            for (auto const* name : {"state", "timeline", "invite_state"}) {
                json const body{{"next_batch", "s1"}, {"rooms", {{kind, {{"!r:s", {{name, part}}}}}}}};
                EXPECT_TRUE(read_sync(body.dump())) << body;
            }
            json const body{{"next_batch", "s1"}, {"rooms", {{kind, {{"!r:s", part}}}}}};
            EXPECT_TRUE(read_sync(body.dump())) << body;
        }
        json const body{{"next_batch", "s1"}, {"rooms", part}};
        EXPECT_TRUE(read_sync(body.dump())) << body;
    }
}

// Whoever may write in one room must not make the bot deaf to all.
TEST(MatrixSyncAnswer, WhatIsNestedTooDeepIsLeftOutAndTheRestIsRead) {
    for (auto const& [open, close] : {std::pair{"{\"a\":", "}"}, {"[", "]"}, {"{\"a\":[7,", "]}"}}) {
        std::string deep;
        std::string end;
        for (int i = 0; i < 20'000; ++i) {
            deep += open;
            end += close;
        }
        deep += "7" + end;
        auto const event = [](std::string const& body, std::string const& more) {
            return R"({"type":"m.room.message","event_id":"$1","sender":"@a:s","content":{"more":)" + more +
                   R"(,"body":")" + body + R"("}})";
        };
        auto const answer = read_sync(R"({"next_batch":"s1","rooms":{"join":{"!r:s":{"timeline":{"events":[)" +
                                      event("first", deep) + "," + event("second", "1") + "]}}}}}");
        ASSERT_TRUE(answer) << answer.error();
        auto const& events = answer->joined.at(0).timeline;
        ASSERT_EQ(events.size(), 2u);
        EXPECT_EQ(events[0].content["body"], "first");
        EXPECT_EQ(events[1].content["body"], "second");
    }
}

TEST(MatrixSyncAnswer, AnEventWithoutTypeOrSenderIsNone) {
    EXPECT_FALSE(read_event({{"type", "m.room.message"}}));
    EXPECT_FALSE(read_event({{"sender", "@a:s"}}));
    EXPECT_FALSE(read_event(7));
    auto const bare =
        read_event({{"type", "x"}, {"sender", "@a:s"}, {"content", 7}, {"unsigned", "x"}, {"origin_server_ts", -1}});
    ASSERT_TRUE(bare);
    EXPECT_TRUE(bare->content.is_object());
    EXPECT_FALSE(bare->state_key);
    EXPECT_EQ(bare->at, Time{});
}

TEST(MatrixSyncAnswer, F92_AForgedTimeStaysWithinReason) {
    auto const event = read_event({{"type", "x"}, {"sender", "@a:s"}, {"origin_server_ts", 9007199254740991U}});
    EXPECT_EQ(rfc3339(event->at).substr(0, 4), "9999");
}

TEST(MatrixSyncAnswer, ARedactionNamesItsEventInEitherPlace) {
    EXPECT_EQ(read_event({{"type", "m.room.redaction"}, {"sender", "@a:s"}, {"redacts", "$1"}})->redacts, "$1");
    EXPECT_EQ(read_event({{"type", "m.room.redaction"}, {"sender", "@a:s"}, {"content", {{"redacts", "$2"}}}})->redacts,
              "$2");
}

TEST(MatrixSyncAnswer, TheFilterAsksForEveryStateInTheTimelineToo) {
    auto const filter = json::parse(sync_filter("@bot:s"));
    auto const& timeline = filter["room"]["timeline"]["types"];
    for (auto const& type : filter["room"]["state"]["types"]) {
        if (type == "m.room.create") continue; // there once, and before anybody says a word
        EXPECT_NE(std::ranges::find(timeline, type), timeline.end()) << type;
    }
}

TEST(MatrixSyncAnswer, TheFilterAsksForComingsAndGoingsOnlyAsTheyHappen) {
    auto const room = json::parse(sync_filter("@bot:s"))["room"];
    auto const has_members = [](json const& types) { return std::ranges::find(types, "m.room.member") != types.end(); };
    EXPECT_TRUE(has_members(room["timeline"]["types"]));
    EXPECT_FALSE(has_members(room["state"]["types"]));
    EXPECT_EQ(room["state"]["lazy_load_members"], true);
}

TEST(MatrixSyncAnswer, TheFilterAsksForNothingThatTheBotSaidItselfAndForEveryState) {
    auto const filter = json::parse(sync_filter("@bot:s"));
    EXPECT_EQ(filter["room"]["timeline"]["not_senders"], json::array({"@bot:s"}));
    EXPECT_FALSE(filter["room"]["state"].contains("not_senders"));
}

} // namespace
} // namespace cox::matrix
