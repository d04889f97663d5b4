// The topic: short enough, put right once, put back at the end.
#include "delivery_house.hpp"

#include <gtest/gtest.h>

namespace cox::test {
namespace {

using namespace std::chrono_literals;

std::string topic_of(SlackHouse& house) {
    return house.slack.channel("ops").at("topic");
}

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

// An incident is open in #ops, and its topic stands there.
struct TopicHouse : DeliveryHouse {
    explicit TopicHouse(slack::SlackOptions options = quick()) : DeliveryHouse{std::move(options)} {
        slack.inside([](fake_slack::Slack& inside) { inside.world.channel("ops")->topic.value = "On call: bob"; });
        incident_in_ops();
        EXPECT_EQ(deliver(1, test::topic("SEV-1 checkout")).what, What::sent);
    }
    void human_sets(std::string text) {
        slack.act("set_topic", {{"user", "alice"}, {"channel", "ops"}, {"topic", std::move(text)}});
        EXPECT_TRUE(heard());
    }
    bool alice_is_told() {
        return run_until([this] {
            auto const whispers = slack.ephemerals("U0ALICE01");
            return !whispers.empty() && whispers[0].at("body").value("text", "").contains("was set again");
        });
    }
};

TEST(SlackTopic, F61_WhoCommandsIsToldBeforeWhatElseWaits) {
    TopicHouse house;
    house.slack.fault({{"kind", "slow"}, {"where", "chat.postMessage"}, {"ms", 300}});
    house.hand_out(2, post("under way"));
    ASSERT_TRUE(house.run_until([&] { return house.calls("chat.postMessage") == 1; }));
    house.hand_out(3, link("https://meet.test/1"));
    house.hand_out(4, test::topic("SEV-1 checkout | IC bob"), 1);
    ASSERT_TRUE(house.run_until([&] { return house.answers.size() == 3; }));
    std::vector<std::string> order;
    for (auto const& call : house.slack.calls()) {
        auto const method = call.at("method").get<std::string>();
        if (method == "conversations.setTopic" || method == "bookmarks.add") order.push_back(method);
    }
    // The first one belongs to the house.
    EXPECT_EQ(order, (std::vector<std::string>{"conversations.setTopic", "conversations.setTopic", "bookmarks.add"}));
}

struct LongTopic : testing::TestWithParam<std::string> {};

TEST_P(LongTopic, F73_IsCutToWhatSlackTakes) {
    DeliveryHouse house;
    std::string text;
    while (characters(text) < 400)
        text += GetParam();
    EXPECT_EQ(house.deliver(1, topic("SEV-1 " + text)).what, What::sent);
    EXPECT_LE(characters(topic_of(house)), 250u);
    EXPECT_TRUE(topic_of(house).starts_with("SEV-1"));
    EXPECT_TRUE(house.slack.calls("conversations.setTopic").back().at("answer") == "ok");
}

INSTANTIATE_TEST_SUITE_P(SlackTopic, LongTopic,
                         testing::Values("a", "é", "🔥", "<&>", "👩‍👩‍👧‍👦", "ि"));

TEST(SlackTopic, F74_AHumanEditIsPutRightOnceWithAPrivateExplanationAndPutBackAtTheEnd) {
    TopicHouse house;
    house.human_sets("lunch at noon & tea");
    ASSERT_TRUE(house.alice_is_told());
    EXPECT_EQ(house.desk.shown_again, std::vector<ChannelId>{ops()});
    EXPECT_EQ(house.deliver(2, topic("SEV-1 checkout")).what, What::sent);
    EXPECT_EQ(topic_of(house), "SEV-1 checkout");

    house.human_sets("dinner at eight");
    EXPECT_EQ(house.slack.ephemerals("U0ALICE01").size(), 1u);
    EXPECT_EQ(house.desk.shown_again.size(), 1u) << "a fight over the topic";
    EXPECT_EQ(topic_of(house), "dinner at eight");

    // A new topic of ours is no answer to the edit.
    EXPECT_EQ(house.deliver(3, topic("SEV-2 checkout")).what, What::sent);
    EXPECT_EQ(topic_of(house), "SEV-2 checkout");
    EXPECT_EQ(house.deliver(4, effect::RestoreTopic{ops()}).what, What::sent);
    EXPECT_EQ(topic_of(house), "dinner at eight");
}

TEST(SlackTopic, F74_WhatAHumanWroteIsKeptAcrossARestart) {
    TopicHouse house;
    house.human_sets("lunch at noon");
    ASSERT_TRUE(house.alice_is_told());
    ASSERT_TRUE(house.live_again());
    EXPECT_EQ(house.deliver(2, topic("SEV-1 checkout")).what, What::sent);
    EXPECT_EQ(house.deliver(3, effect::RestoreTopic{ops()}).what, What::sent);
    EXPECT_EQ(topic_of(house), "lunch at noon");
}

TEST(SlackTopic, F74_LinksAndMentionsComeBackAsTheyWere) {
    DeliveryHouse house;
    std::string const before = "On call: <@U0BOB0001>, runbook <https://wiki.example/a?b&amp;c|wiki> &lt;new&gt;";
    house.slack.inside([&](fake_slack::Slack& inside) { inside.world.channel("ops")->topic.value = before; });
    house.incident_in_ops();
    EXPECT_EQ(house.deliver(1, topic("SEV-1 checkout")).what, What::sent);
    ASSERT_TRUE(house.live_again());
    EXPECT_EQ(house.deliver(2, effect::RestoreTopic{ops()}).what, What::sent);
    EXPECT_EQ(topic_of(house), before);

    EXPECT_EQ(house.deliver(3, topic("SEV-2 checkout", ops())).what, What::sent);
    ASSERT_TRUE(house.connect());
    house.slack.act("set_topic", {{"user", "alice"}, {"channel", "ops"}, {"topic", "see <https://wiki.example|wiki>"}});
    ASSERT_TRUE(house.heard());
    EXPECT_EQ(house.deliver(4, effect::RestoreTopic{ops()}).what, What::sent);
    EXPECT_EQ(topic_of(house), "see <https://wiki.example|wiki>");
}

TEST(SlackTopic, F74_ItIsWrittenAtMostOnceInThirtySeconds) {
    auto options = quick();
    options.topic_spacing = 30s;
    TopicHouse house{options};
    house.human_sets("lunch at noon");
    ASSERT_TRUE(house.alice_is_told());
    auto const soon = house.deliver(2, topic("SEV-1 checkout"));
    EXPECT_EQ(soon.what, What::again);
    ASSERT_TRUE(soon.wait);
    EXPECT_GT(*soon.wait, 0s);
    EXPECT_LE(*soon.wait, 30s);
    EXPECT_EQ(house.calls("conversations.setTopic"), 1u);
    EXPECT_EQ(topic_of(house), "lunch at noon");
}

TEST(SlackTopic, F74_WithoutAnIncidentATopicIsPeoplesOwn) {
    TopicHouse house;
    house.desk.incident.reset();
    house.human_sets("lunch at noon");
    EXPECT_TRUE(house.slack.ephemerals("U0ALICE01").empty());
    EXPECT_TRUE(house.desk.shown_again.empty());
}

TEST(SlackTopic, TheSameTopicIsNotAnnouncedTwice) {
    TopicHouse house;
    EXPECT_EQ(house.deliver(2, topic("SEV-1 checkout")).what, What::sent);
    EXPECT_EQ(house.calls("conversations.setTopic"), 1u);
}

TEST(SlackTopic, WhereItIsForbiddenThatIsSaidOnceInTheChannel) {
    DeliveryHouse house;
    house.slack.fault(
        {{"kind", "error"}, {"where", "conversations.setTopic"}, {"error", "restricted_action"}, {"count", 3}});
    for (auto const* severity : {"SEV-1", "SEV-2", "SEV-3"}) {
        house.decide({topic(severity)});
        ASSERT_TRUE(house.carried());
    }
    EXPECT_EQ(house.deliver(90, post("hello")).what, What::sent);
    auto const said = house.said();
    ASSERT_EQ(said.size(), 2u);
    EXPECT_TRUE(said[0].contains("does not let me set this channel's topic")) << said[0];
    EXPECT_EQ(house.calls("conversations.setTopic"), 3u);
}

} // namespace
} // namespace cox::test
