// The token and its rights.
#include "delivery_house.hpp"

#include <gtest/gtest.h>

namespace cox::test {
namespace {

std::vector<std::string> all_scopes_but(DeliveryHouse& house, std::string_view missing) {
    auto scopes = house.slack.see("settings").at("scopes").get<std::vector<std::string>>();
    std::erase(scopes, missing);
    return scopes;
}

// Calls other than those by which the token is asked about.
std::size_t calls_of_use(DeliveryHouse& house) {
    return static_cast<std::size_t>(std::ranges::count_if(house.slack.calls(), [](json const& call) {
        return call.at("token") == "bot" && call["method"] != "auth.test";
    }));
}

struct RefusedToken : testing::TestWithParam<char const*> {};

TEST_P(RefusedToken, F68_IsNotUsedAgainAndANewOneIsTakenWithoutARestart) {
    DeliveryHouse house;
    house.slack.act("add_channel", {{"id", "C0DEV0001"}, {"name", "dev"}});
    auto const dev = SlackHouse::channel("C0DEV0001");
    house.deliver(1, card("how it stands"));
    ASSERT_TRUE(house.run_until([&] { return house.calls("pins.add") == 1; }));
    house.slack.set({{"bot_token", std::string{GetParam()} + ":xoxb-1-fake"}});
    auto const before = calls_of_use(house);
    // Others wait for their turn when the first is refused.
    for (int op = 2; op <= 4; ++op)
        house.hand_out(op, post(std::to_string(op), dev));
    ASSERT_TRUE(house.run_until([&] { return house.answers.size() == 3; }));
    for (auto const& answer : house.answers) {
        EXPECT_EQ(answer.what, What::failed);
        EXPECT_TRUE(answer.unreachable);
        EXPECT_EQ(answer.reason, GetParam());
    }
    EXPECT_EQ(calls_of_use(house), before + 1);

    EXPECT_TRUE(house.deliver(7, post("nowhere")).unreachable);
    EXPECT_TRUE(house.deliver(8, tell("nowhere")).unreachable);
    EXPECT_TRUE(house.deliver(9, effect::PagePerson{ops(), bob(), "nowhere"}).unreachable);
    EXPECT_TRUE(house.deliver(10, open("inc-2-nowhere")).unreachable);
    // What shows the state as it is waits for another token.
    EXPECT_EQ(house.deliver(11, card("how it stands now")).what, What::again);
    EXPECT_EQ(house.deliver(12, topic("SEV-1")).what, What::again);
    EXPECT_EQ(calls_of_use(house), before + 1);
    EXPECT_EQ(house.told_of("the bot token is refused"), 1u);

    house.slack.set({{"bot_token", "xoxb-2-fake"}});
    house.tokens.bot = "xoxb-2-fake";
    ASSERT_TRUE(house.run_until([&] { return house.network->troubles().empty(); }));
    EXPECT_EQ(house.told_of("new tokens are in use"), 1u);
    EXPECT_EQ(house.deliver(11, card("how it stands now")).what, What::sent);
    EXPECT_EQ(house.deliver(13, post("back")).what, What::sent);
    EXPECT_EQ(house.said(), (std::vector<std::string>{"how it stands now", "back"}));
}

INSTANTIATE_TEST_SUITE_P(Slack, RefusedToken,
                         testing::Values("token_revoked", "account_inactive", "token_expired", "invalid_auth"),
                         [](auto const& each) { return std::string{each.param}; });

TEST(SlackRights, F68_ATokenThatSlackSaysIsRevokedIsNotTried) {
    DeliveryHouse house;
    house.slack.act("revoke_tokens");
    ASSERT_TRUE(house.run_until([&] { return house.desk.was_told("the bot token is refused"); }));
    auto const before = calls_of_use(house);
    EXPECT_TRUE(house.deliver(1, post("nowhere")).unreachable);
    EXPECT_EQ(calls_of_use(house), before);
}

TEST(SlackRights, F68_ATokenThatIsRefusedToAQuestionIsSaidToo) {
    DeliveryHouse house;
    house.slack.set({{"bot_token", "token_revoked:xoxb-1-fake"}});
    house.slack.act("command", {{"user", "alice"}, {"channel", "ops"}, {"text", "status"}});
    ASSERT_TRUE(house.run_until([&] { return !house.inbox.received.empty(); }));
    EXPECT_EQ(house.calls("chat.postMessage"), 0u);
    EXPECT_EQ(house.told_of("the bot token is refused (token_revoked)"), 1u);
    EXPECT_FALSE(house.network->troubles().empty());
}

TEST(SlackRights, F68_WhereANewTokenLiesReadyTheOldOneIsNotComplainedOf) {
    DeliveryHouse house;
    house.slack.set({{"bot_token", "xoxb-2-fake"}});
    house.tokens.bot = "xoxb-2-fake";
    for (int op = 1; op <= 3; ++op)
        house.hand_out(op, post(std::to_string(op)));
    ASSERT_TRUE(house.run_until([&] { return house.answers.size() == 3; }));
    for (auto const& answer : house.answers)
        EXPECT_NE(answer.what, What::failed);
    EXPECT_EQ(house.answers.front().what, What::again);
    EXPECT_EQ(house.told_of("new tokens are in use"), 1u);
    EXPECT_EQ(house.told_of("refused"), 0u);
}

TEST(SlackRights, F68_ATokenThatSlackTakesAgainIsUsedAgain) {
    DeliveryHouse house;
    house.slack.set({{"bot_token", "account_inactive:xoxb-1-fake"}});
    EXPECT_TRUE(house.deliver(1, post("nowhere")).unreachable);
    house.slack.set({{"bot_token", "xoxb-1-fake"}});
    ASSERT_TRUE(house.run_until([&] { return house.network->troubles().empty(); }));
    EXPECT_EQ(house.deliver(2, post("back")).what, What::sent);
}

TEST(SlackRights, F69_AMissingRightIsSaidOnceAndTheRestGoesOn) {
    DeliveryHouse house;
    house.slack.set({{"scopes", all_scopes_but(house, "pins:write")}});
    house.slack.act("add_channel", {{"id", "C0DEV0001"}, {"name", "dev"}});
    house.decide({card("one"), card("two", 2, SlackHouse::channel("C0DEV0001")), post("hello")});
    ASSERT_TRUE(house.carried());
    ASSERT_TRUE(house.run_until([&] { return house.calls("pins.add") == 2 && house.told_of("pins:write") > 0; }));
    EXPECT_EQ(house.said("dev"), std::vector<std::string>{"two"});
    house.decide({card("one more")});
    ASSERT_TRUE(house.carried());
    EXPECT_EQ(house.calls("pins.add"), 2u);
    EXPECT_EQ(house.told_of("pins:write"), 1u);
}

TEST(SlackRights, F69_WithoutTheRightToPostNothingIsTriedTwice) {
    DeliveryHouse house;
    house.slack.set({{"scopes", all_scopes_but(house, "chat:write")}});
    house.decide({post("one"), post("two"), card("three")});
    ASSERT_TRUE(house.carried());
    EXPECT_EQ(house.calls("chat.postMessage"), 3u);
    EXPECT_EQ(house.told_of("chat:write"), 1u);
}

TEST(SlackRights, F69_ATokenOfTheWrongKindIsSaidOnce) {
    DeliveryHouse house;
    house.slack.fault(
        {{"kind", "error"}, {"where", "conversations.setTopic"}, {"error", "not_allowed_token_type"}, {"count", 2}});
    house.decide({topic("SEV-1")});
    ASSERT_TRUE(house.carried());
    house.decide({topic("SEV-2")});
    ASSERT_TRUE(house.carried());
    EXPECT_EQ(house.calls("conversations.setTopic"), 2u);
    EXPECT_EQ(house.told_of("not_allowed_token_type"), 1u);
}

} // namespace
} // namespace cox::test
