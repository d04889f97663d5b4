#include "adapters/web/live.hpp"

#include "../../support/fake_house.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace cox;
using namespace cox::web;
using nlohmann::json;

namespace {

struct FakeViewer final : Viewer {
    std::vector<json> frames;
    std::size_t queued = 0;
    bool slow = false; // what is sent stays queued

    void send(Frame frame) override {
        if (slow) queued += frame->size();
        frames.push_back(json::parse(*frame));
    }
    std::size_t backlog() const override { return queued; }

    std::vector<std::string> texts() const {
        std::vector<std::string> list;
        for (auto const& frame : frames) {
            if (frame.at("type") == "message") list.push_back(frame.at("message").at("text"));
        }
        return list;
    }
    std::vector<json> of(std::string_view type) const {
        std::vector<json> list;
        for (auto const& frame : frames) {
            if (frame.at("type") == type) list.push_back(frame);
        }
        return list;
    }
};

struct WebLiveTest : testing::Test {
    test::FakeStore store;
    test::FakeInbox inbox{store};
    test::FakeDesk desk;
    WebChannels channels{store, [this](ChannelId const&) { return desk.now; }};
    Live live{channels, desk};
    FakeViewer viewer;
    std::uint64_t ticket = 0;
    std::int64_t op = 0;

    void SetUp() override {
        channels.start(inbox);
        channels.ensure("ops", {});
        channels.ensure("dev", {});
        store.settle();
        channels.listen_to(live);
        ticket = live.join(viewer);
    }
    void take(json const& frame) {
        live.take(ticket, frame.dump());
        store.settle();
    }
    void deliver(Effect effect) {
        channels.deliver({++op, {1}, std::move(effect)}, [](Delivered const&) {});
        store.settle();
    }
    void post(std::string channel, std::string text) {
        deliver(effect::Post{ChannelId{std::move(channel)}, effect::PostKind::word, std::move(text), {}});
    }
    void show_card(std::string text) {
        Card card;
        card.incident = {1};
        card.text = std::move(text);
        deliver(effect::ShowCard{ChannelId{"ops"}, card});
    }
    void change_incident() {
        channels.incident_changed({1}, ChannelId{"ops"});
        store.settle();
    }
    using Texts = std::vector<std::string>;
};

} // namespace

TEST_F(WebLiveTest, it_greets_with_the_time_and_sends_nothing_that_was_not_asked_for) {
    ASSERT_EQ(viewer.frames.size(), 1u);
    EXPECT_EQ(viewer.frames[0], json::parse(R"({"type":"hello","now":"2026-11-23T14:00:00.000Z","rate":0.0})"));
    post("ops", "a");
    EXPECT_TRUE(viewer.texts().empty());
}

TEST_F(WebLiveTest, a_subscriber_sees_its_channel_and_one_of_all_sees_every_channel) {
    take({{"type", "subscribe"}, {"channel", "ops"}});
    post("ops", "a");
    post("dev", "b");
    EXPECT_EQ(viewer.texts(), Texts({"a"}));
    take({{"type", "subscribe"}, {"channel", "*"}});
    post("dev", "c");
    EXPECT_EQ(viewer.texts(), Texts({"a", "c"}));
}

TEST_F(WebLiveTest, what_was_missed_comes_first_and_nothing_twice) {
    post("ops", "1");
    post("ops", "2");
    live.take(ticket, R"({"type":"subscribe","channel":"ops","after":"m2"})");
    post("ops", "3");
    post("ops", "4");
    EXPECT_EQ(viewer.texts(), Texts({"2", "3", "4"}));
}

TEST_F(WebLiveTest, a_long_past_comes_in_parts_as_the_reader_keeps_up) {
    for (int i = 0; i < 450; ++i)
        post("ops", std::string(2000, 'x'));
    viewer.slow = true;
    take({{"type", "subscribe"}, {"channel", "*"}, {"after", "m0"}});
    auto const before = viewer.texts().size();
    EXPECT_LT(before, 450u);
    EXPECT_LT(viewer.queued, 400u * 1024);
    for (int i = 0; i < 20; ++i) {
        viewer.queued = 0;
        live.drained(ticket);
        store.settle();
        if (i == 0) post("ops", "meanwhile");
    }
    auto const texts = viewer.texts();
    ASSERT_EQ(texts.size(), 451u);
    EXPECT_EQ(texts.back(), "meanwhile");
}

TEST_F(WebLiveTest, a_card_that_changed_meanwhile_is_shown_again_to_who_comes_back) {
    show_card("old");
    post("ops", "after it");
    show_card("new");
    take({{"type", "subscribe"}, {"channel", "ops"}, {"after", "m3"}});
    EXPECT_EQ(viewer.texts(), Texts({"new"}));
}

TEST_F(WebLiveTest, an_edit_is_pushed) {
    take({{"type", "subscribe"}, {"channel", "ops"}});
    show_card("old");
    desk.now += std::chrono::minutes{1};
    show_card("new");
    auto const messages = viewer.of("message");
    ASSERT_EQ(messages.size(), 2u);
    EXPECT_EQ(messages[0].at("message").at("id"), messages[1].at("message").at("id"));
    EXPECT_EQ(messages[1].at("message").at("edited_at"), "2026-11-23T14:01:00.000Z");
}

TEST_F(WebLiveTest, a_change_of_an_incident_is_pushed_once_to_those_who_watch_its_channel) {
    take({{"type", "subscribe"}, {"channel", "dev"}});
    change_incident();
    EXPECT_TRUE(viewer.of("incident").empty());
    take({{"type", "subscribe"}, {"channel", "ops"}});
    change_incident();
    show_card("what the channel shows of it comes by itself");
    EXPECT_EQ(viewer.of("incident"),
              std::vector<json>{
                  json::parse(R"({"type":"incident","id":"INC-1","incident":{"id":"INC-1","title":"checkout"}})")});
}

TEST_F(WebLiveTest, topics_channels_and_people_are_pushed) {
    take({{"type", "subscribe"}, {"channel", "ops"}});
    deliver(effect::SetTopic{ChannelId{"ops"}, "SEV-1"});
    deliver(effect::SetTopic{ChannelId{"dev"}, "not for us"});
    EXPECT_EQ(viewer.of("topic"),
              std::vector<json>{json::parse(R"({"type":"topic","channel":"ops","topic":"SEV-1"})")});
    channels.ensure("new", {});
    channels.find_people(ChannelId{"ops"}, "li", true);
    store.settle();
    ASSERT_EQ(viewer.of("channel").size(), 1u);
    EXPECT_EQ(viewer.of("channel")[0].at("channel").at("id"), "new");
    EXPECT_EQ(viewer.of("person"), std::vector<json>{json::parse(R"({"type":"person","id":"li","name":"Li"})")});
}

TEST_F(WebLiveTest, a_channel_is_shown_again_when_its_incident_changes) {
    desk.open["ops"] = {1};
    change_incident();
    change_incident();
    ASSERT_EQ(viewer.of("channel").size(), 1u);
    EXPECT_EQ(viewer.of("channel")[0].at("channel").at("incident"), "INC-1");
    desk.open.clear();
    change_incident();
    ASSERT_EQ(viewer.of("channel").size(), 2u);
    EXPECT_EQ(viewer.of("channel")[1].at("channel").at("incident"), nullptr);
}

TEST_F(WebLiveTest, one_can_speak_and_press_through_it) {
    take({{"type", "say"}, {"channel", "ops"}, {"user", "ana"}, {"text", "hi"}, {"key", "k1"}});
    ASSERT_EQ(viewer.of("ok").size(), 1u);
    EXPECT_EQ(viewer.of("ok")[0], json::parse(R"({"type":"ok","key":"k1","id":"m2"})"));
    deliver(effect::Post{ChannelId{"ops"}, effect::PostKind::word, "?", {{"accept A1", "Accept"}}});
    take({{"type", "press"},
          {"channel", "ops"},
          {"user", "ana"},
          {"message", "m3"},
          {"button", "accept A1"},
          {"key", "k2"}});
    EXPECT_EQ(viewer.of("ok").size(), 2u);
    EXPECT_EQ(inbox.received.size(), 2u);
}

TEST_F(WebLiveTest, a_frame_that_is_wrong_is_answered_with_its_key) {
    take({{"type", "say"}, {"channel", "none"}, {"user", "ana"}, {"text", "hi"}, {"key", "k1"}});
    take({{"type", "dance"}});
    live.take(ticket, "not json");
    take({{"type", "subscribe"}, {"channel", "none"}});
    auto const errors = viewer.of("error");
    ASSERT_EQ(errors.size(), 4u);
    EXPECT_EQ(errors[0].at("key"), "k1");
    EXPECT_EQ(errors[0].at("error").at("code"), "no-such-channel");
    EXPECT_EQ(errors[1].at("error").at("code"), "bad-frame");
    EXPECT_EQ(errors[2].at("error").at("code"), "bad-frame");
    EXPECT_EQ(errors[3].at("error").at("code"), "no-such-channel");
}

TEST_F(WebLiveTest, who_left_gets_nothing_any_more) {
    live.take(ticket, R"({"type":"subscribe","channel":"*","after":"m0"})");
    live.take(ticket, R"({"type":"say","channel":"ops","user":"ana","text":"hi","key":"k1"})");
    live.leave(ticket);
    store.settle();
    EXPECT_EQ(viewer.frames.size(), 1u);
}
