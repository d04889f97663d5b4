// An answer that says nothing, or never comes: the whole way from the outbox and back.
#include "delivery_house.hpp"

#include <gtest/gtest.h>

namespace cox::test {
namespace {

struct Loss {
    char const* name;
    json fault;
};

struct LostAnswer : testing::TestWithParam<std::tuple<Loss, bool>> {
    // The fault for one call of the method, after which the deed is done or not.
    static json to(std::string method) {
        auto fault = std::get<Loss>(GetParam()).fault;
        fault["where"] = std::move(method);
        fault["done"] = std::get<bool>(GetParam());
        return fault;
    }
};

TEST_P(LostAnswer, F62_F63_LeavesThePostStandingOnce) {
    DeliveryHouse house;
    house.slack.fault(to("chat.postMessage"));
    house.decide({post("hello"), post("next")});
    ASSERT_TRUE(house.carried());
    EXPECT_EQ(house.said(), (std::vector<std::string>{"hello", "next"}));
    EXPECT_EQ(house.calls("chat.postMessage"), std::get<bool>(GetParam()) ? 2u : 3u);
    EXPECT_GE(house.calls("conversations.history"), 1u);
}

TEST_P(LostAnswer, F62_F63_LeavesOneCardThatCanBeEdited) {
    DeliveryHouse house;
    house.slack.fault(to("chat.postMessage"));
    house.decide({card("old")});
    ASSERT_TRUE(house.carried());
    house.decide({card("new")});
    ASSERT_TRUE(house.carried());
    EXPECT_EQ(house.said(), std::vector<std::string>{"new"});
    EXPECT_EQ(house.slack.channel("ops").at("pins").size(), 1u);
}

TEST_P(LostAnswer, F62_F63_LeavesOneChannel) {
    DeliveryHouse house;
    auto const had = house.slack.see("channels").size();
    house.slack.fault(to("conversations.create"));
    house.decide({open("inc-1-checkout")});
    ASSERT_TRUE(house.carried());
    EXPECT_EQ(house.slack.see("channels").size(), had + 1);
    ASSERT_EQ(house.opened.size(), 1u);
    EXPECT_EQ(house.opened[0].id, SlackHouse::channel(house.id_of("inc-1-checkout")));
}

TEST_P(LostAnswer, F62_F63_LeavesTheTopicSet) {
    DeliveryHouse house;
    house.slack.fault(to("conversations.setTopic"));
    house.decide({topic("SEV-1 checkout")});
    ASSERT_TRUE(house.carried());
    EXPECT_EQ(house.slack.channel("ops").at("topic"), "SEV-1 checkout");
}

INSTANTIATE_TEST_SUITE_P(
    Slack, LostAnswer,
    testing::Combine(testing::Values(Loss{"http_503", {{"kind", "status"}, {"status", 503}}},
                                     Loss{"internal_error", {{"kind", "error"}, {"error", "internal_error"}}},
                                     Loss{"fatal_error", {{"kind", "error"}, {"error", "fatal_error"}}},
                                     Loss{"service_unavailable", {{"kind", "error"}, {"error", "service_unavailable"}}},
                                     Loss{"no_answer", {{"kind", "hold"}}}, Loss{"reset", {{"kind", "reset"}}}),
                     testing::Bool()),
    [](auto const& each) {
        return std::string{std::get<0>(each.param).name} + (std::get<1>(each.param) ? "_done" : "_not_done");
    });

TEST(SlackUnknown, F63_APostWhoseAnswerComesTooLateStandsOnce) {
    DeliveryHouse house;
    house.slack.fault({{"kind", "slow"}, {"where", "chat.postMessage"}, {"ms", 3000}});
    house.decide({post("hello")});
    ASSERT_TRUE(house.carried());
    EXPECT_EQ(house.said(), std::vector<std::string>{"hello"});
    EXPECT_EQ(house.calls("chat.postMessage"), 1u);
}

TEST(SlackUnknown, F63_APostIsFoundBehindMuchTalk) {
    DeliveryHouse house;
    house.slack.set({{"page_size", 2}});
    house.slack.fault({{"kind", "status"}, {"where", "chat.postMessage"}, {"status", 503}, {"done", true}});
    EXPECT_EQ(house.deliver(1, post("hello")).what, What::unknown);
    for (int i = 0; i < 7; ++i)
        house.slack.act("say", {{"user", "alice"}, {"channel", "ops"}, {"text", "what is going on?"}});
    EXPECT_EQ(house.reconcile(1, post("hello")).what, What::sent);
    EXPECT_EQ(house.calls("conversations.history"), 4u);
}

TEST(SlackUnknown, F63_AfterAnEndlessTalkAPostIsSaidOnceMoreAndSaysSo) {
    DeliveryHouse house;
    house.slack.set({{"page_size", 1}});
    house.slack.fault({{"kind", "status"}, {"where", "chat.postMessage"}, {"status", 503}});
    EXPECT_EQ(house.deliver(1, post("hello")).what, What::unknown);
    for (int i = 0; i < 12; ++i)
        house.slack.act("say", {{"user", "alice"}, {"channel", "ops"}, {"text", "what is going on?"}});
    EXPECT_EQ(house.reconcile(1, post("hello")).what, What::absent);
    house.deliver(1, post("hello"));
    ASSERT_EQ(house.said().size(), 1u);
    EXPECT_TRUE(house.said()[0].contains("may stand here twice"));
}

TEST(SlackUnknown, F63_AnotherHousesPostOfTheSameNumberIsNotTakenForOurs) {
    DeliveryHouse house;
    DeliveryHouse other;
    house.deliver(1, post("ours"));
    auto const theirs = house.slack.messages("ops").back().at("metadata");
    other.slack.inside([&](fake_slack::Slack& slack) {
        auto& channel = *slack.world.channel("ops");
        auto const ts = slack.clock.ts();
        channel.messages[ts] = {{{"ts", ts}, {"text", "theirs"}, {"bot_id", "B0COXBOT1"}}, theirs, {}};
    });
    EXPECT_EQ(other.reconcile(1, post("hello")).what, What::absent);
}

TEST(SlackUnknown, F78_WhereHistoryCannotBeReadAPostIsSaidOnceMoreAndSaysSo) {
    DeliveryHouse house;
    house.slack.set({{"scopes", {"chat:write", "channels:read", "channels:manage"}}});
    house.slack.fault({{"kind", "status"}, {"where", "chat.postMessage"}, {"status", 503}, {"done", true}});
    house.decide({post("hello"), post("next")});
    ASSERT_TRUE(house.carried());
    auto const said = house.said();
    ASSERT_EQ(said.size(), 3u);
    EXPECT_EQ(said[0], "hello");
    EXPECT_TRUE(said[1].starts_with("hello\n")) << said[1];
    EXPECT_TRUE(said[1].contains("may stand here twice")) << said[1];
    EXPECT_EQ(said[2], "next");
    EXPECT_EQ(house.told_of("channels:history"), 1u);
    EXPECT_EQ(house.may_repeat(), 1u);
}

} // namespace
} // namespace cox::test
