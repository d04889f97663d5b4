// F61: Slack says that it is too much.
#include "delivery_house.hpp"

#include <gtest/gtest.h>

namespace cox::test {
namespace {

using namespace std::chrono_literals;

json limited(std::string method, int retry_after) {
    return {{"kind", "limited"}, {"where", std::move(method)}, {"retry_after", retry_after}};
}

TEST(SlackLimits, F61_ARefusedPostRestsInItsChannelAndNowhereElse) {
    DeliveryHouse house;
    house.slack.act("add_channel", {{"id", "C0DEV0001"}, {"name", "dev"}});
    house.slack.fault(limited("chat.postMessage", 60));
    auto const got = house.deliver(1, post("hello"));
    EXPECT_EQ(got.what, What::again);
    EXPECT_EQ(got.wait, 60s);

    house.hand_out(2, post("too early"));
    EXPECT_EQ(house.deliver(3, post("elsewhere", SlackHouse::channel("C0DEV0001"))).what, What::sent);
    EXPECT_EQ(house.deliver(4, topic("SEV-1")).what, What::sent);
    EXPECT_TRUE(house.answers.empty());
    EXPECT_TRUE(house.said().empty());
    EXPECT_EQ(house.calls("chat.postMessage"), 2u);
}

TEST(SlackLimits, F61_ARefusedMethodRestsInEveryChannel) {
    DeliveryHouse house;
    house.slack.act("add_channel", {{"id", "C0DEV0001"}, {"name", "dev"}});
    house.slack.fault(limited("conversations.setTopic", 60));
    EXPECT_EQ(house.deliver(1, topic("SEV-1")).wait, 60s);
    house.hand_out(2, topic("SEV-1", SlackHouse::channel("C0DEV0001")));
    EXPECT_EQ(house.deliver(3, post("hello")).what, What::sent);
    EXPECT_EQ(house.deliver(4, post("hello", SlackHouse::channel("C0DEV0001"))).what, What::sent);
    EXPECT_EQ(house.calls("conversations.setTopic"), 1u);
}

struct Spelling : testing::TestWithParam<char const*> {};

TEST_P(Spelling, F61_IsObeyedWithoutAStatusOrAHeader) {
    DeliveryHouse house;
    house.slack.fault({{"kind", "error"}, {"where", "chat.postMessage"}, {"error", GetParam()}});
    auto const got = house.deliver(1, post("hello"));
    EXPECT_EQ(got.what, What::again);
    ASSERT_TRUE(got.wait);
    EXPECT_GE(*got.wait, 1s);
}

INSTANTIATE_TEST_SUITE_P(SlackLimits, Spelling, testing::Values("ratelimited", "rate_limited"));

TEST(SlackLimits, F61_TheMostUrgentGoesFirst) {
    DeliveryHouse house;
    house.hand_out(1, post("first come"), 3);
    house.hand_out(2, post("second come"), 3);
    house.hand_out(3, post("most urgent"), 0);
    ASSERT_TRUE(house.run_until([&] { return house.answers.size() == 3; }));
    EXPECT_EQ(house.said(), (std::vector<std::string>{"first come", "most urgent", "second come"}));
}

TEST(SlackLimits, F61_AStormOfRefusalsLosesNothingAndRepeatsNothing) {
    DeliveryHouse house;
    house.slack.set({{"posts_per_second", 1}});
    std::vector<Effect> effects;
    for (auto const* name : {"a", "b", "c", "d"}) {
        auto const id = "C0STORM" + std::string{name};
        house.slack.act("add_channel", {{"id", id}, {"name", name}});
        for (int i = 1; i <= 3; ++i)
            effects.push_back(post(std::to_string(i), SlackHouse::channel(id)));
    }
    house.decide(std::move(effects));
    ASSERT_TRUE(house.carried());
    for (auto const* name : {"a", "b", "c", "d"})
        EXPECT_EQ(house.said(name), (std::vector<std::string>{"1", "2", "3"}));
    EXPECT_GT(house.calls("chat.postMessage"), 12u) << "nothing was refused";
}

TEST(SlackLimits, F61_OfTheCardsThatWaitTheNewestGoes) {
    DeliveryHouse house;
    house.decide({card("0")});
    ASSERT_TRUE(house.carried());
    house.slack.fault(limited("chat.update", 1));
    for (int i = 1; i <= 5; ++i)
        house.decide({card(std::to_string(i))});
    ASSERT_TRUE(house.carried());
    EXPECT_EQ(house.said(), std::vector<std::string>{"5"});
    EXPECT_LE(house.calls("chat.update"), 2u);
}

} // namespace
} // namespace cox::test
