// What a post carries, and what becomes of it when something that is not Slack answers.
#include "delivery_house.hpp"

#include <gtest/gtest.h>

namespace cox::test {
namespace {

using namespace std::chrono_literals;

json answers_with(std::string body, int status = 200) {
    return {{"kind", "status"},
            {"where", "chat.postMessage"},
            {"status", status},
            {"type", "application/json"},
            {"body", std::move(body)}};
}

TEST(SlackPost, CarriesTheNumberOfItsOperation) {
    DeliveryHouse house;
    auto const sent = house.deliver(7, post("hello"));
    ASSERT_EQ(sent.what, What::sent) << sent.reason;
    auto const message = house.slack.messages("ops").back();
    EXPECT_EQ(message.at("ts"), sent.remote);
    auto const op = message.at("metadata").at("event_payload").at("op").get<std::string>();
    EXPECT_TRUE(op.ends_with(":7")) << op;
    EXPECT_GT(op.size(), 8u) << "the number alone would be another house's too";
}

TEST(SlackPost, EveryMessageHasWordsBesideItsBlocks) {
    DeliveryHouse house;
    house.deliver(1, post("hello"));
    house.deliver(2, card("how it stands"));
    house.deliver(3, card("how it stands now"));
    house.deliver(4, tell("only you"));
    house.deliver(5, effect::PagePerson{ops(), bob(), "come"});
    int messages = 0;
    for (auto const& call : house.slack.calls()) {
        if (!call.at("method").get<std::string>().starts_with("chat.")) continue;
        ++messages;
        EXPECT_FALSE(call.at("args").value("text", "").empty()) << call;
        EXPECT_FALSE(call.at("args").value("blocks", "").empty()) << call;
        EXPECT_EQ(call.at("answer"), "ok") << call;
    }
    EXPECT_EQ(messages, 5);
}

TEST(SlackPost, WhoseBlocksAreRefusedGetsItsWordsThrough) {
    DeliveryHouse house;
    house.slack.fault({{"kind", "error"}, {"where", "chat.postMessage"}, {"error", "invalid_blocks"}});
    auto const sent = house.deliver(7, post("hello"));
    EXPECT_EQ(sent.what, What::sent);
    EXPECT_EQ(house.said(), std::vector<std::string>{"hello"});
    EXPECT_EQ(house.told_of("without its form"), 1u);
    EXPECT_EQ(house.reconcile(7, post("hello")).remote, sent.remote);
}

TEST(SlackPost, F53_ACaptivePortalChangesNothing) {
    DeliveryHouse house;
    house.slack.fault({{"kind", "status"}, {"where", "chat.postMessage"}, {"status", 200}, {"body", "<html>Log in"}});
    auto const got = house.deliver(1, post("hello"));
    EXPECT_EQ(got.what, What::unknown);
    EXPECT_EQ(got.reason, "not_slack");
    EXPECT_EQ(house.reconcile(1, post("hello")).what, What::absent);
    EXPECT_EQ(house.deliver(1, post("hello")).what, What::sent);
    EXPECT_EQ(house.said(), std::vector<std::string>{"hello"});
}

TEST(SlackPost, F53_ARedirectIsNotFollowedAndTheTokenStaysHere) {
    DeliveryHouse house;
    house.slack.fault({{"kind", "status"},
                       {"where", "chat.postMessage"},
                       {"status", 302},
                       {"location", house.slack.address() + "/api/auth.test"}});
    auto const asked = house.calls("auth.test");
    auto const got = house.deliver(1, post("hello"));
    EXPECT_EQ(got.what, What::again);
    EXPECT_EQ(got.reason, "not_slack");
    EXPECT_EQ(house.calls("auth.test"), asked);
    EXPECT_TRUE(house.said().empty());
}

TEST(SlackPost, F54_AnAnswerCutInTheMiddleIsLookedUpAndNotSentAgain) {
    DeliveryHouse house;
    house.slack.fault({{"kind", "truncated"}, {"where", "chat.postMessage"}});
    EXPECT_EQ(house.deliver(1, post("hello")).what, What::unknown);
    EXPECT_EQ(house.reconcile(1, post("hello")).what, What::sent);
    EXPECT_EQ(house.said(), std::vector<std::string>{"hello"});
}

struct BrokenAnswer : testing::TestWithParam<char const*> {};

TEST_P(BrokenAnswer, F54_LeavesAPostOfUnknownFateAndTheNextOneGoes) {
    DeliveryHouse house;
    house.slack.fault(answers_with(GetParam()));
    EXPECT_EQ(house.deliver(1, post("hello")).what, What::unknown);
    EXPECT_EQ(house.deliver(2, post("next")).what, What::sent);
    EXPECT_EQ(house.said(), std::vector<std::string>{"next"});
}

INSTANTIATE_TEST_SUITE_P(SlackPost, BrokenAnswer,
                         testing::Values("", "null", "[]", R"({"ok":"yes"})", R"({"ok":)", R"({"ts":"1.2"})",
                                         R"({"ok":true,"ok":false,"error":5})", "\xff\xfe"));

TEST(SlackPost, F54_AnEndlessAnswerIsCutOff) {
    DeliveryHouse house;
    house.slack.fault({{"kind", "huge"}, {"where", "chat.postMessage"}});
    EXPECT_EQ(house.deliver(1, post("hello")).what, What::unknown);
    EXPECT_EQ(house.deliver(2, post("next")).what, What::sent);
}

TEST(SlackPost, ThatIsThereWithoutAnAddressIsSent) {
    DeliveryHouse house;
    auto fault = answers_with(R"({"ok":true})");
    fault["done"] = true;
    house.slack.fault(fault);
    EXPECT_EQ(house.deliver(1, post("hello")).what, What::sent);
    EXPECT_EQ(house.said(), std::vector<std::string>{"hello"});
}

struct OddRetryAfter : testing::TestWithParam<json> {};

TEST_P(OddRetryAfter, F55_IsTakenForAWaitBetweenASecondAndFiveMinutes) {
    DeliveryHouse house;
    house.slack.fault({{"kind", "limited"}, {"where", "chat.postMessage"}, {"retry_after", GetParam()}});
    auto const got = house.deliver(1, post("hello"));
    ASSERT_EQ(got.what, What::again);
    ASSERT_TRUE(got.wait);
    EXPECT_GE(*got.wait, 1s);
    EXPECT_LE(*got.wait, 300s);
    EXPECT_TRUE(house.said().empty());
}

INSTANTIATE_TEST_SUITE_P(SlackPost, OddRetryAfter,
                         testing::Values(json(nullptr), json(0), json(-5), json("soon"), json("1e9"),
                                         json(1'000'000'000), json("99999999999999999999"),
                                         json("Wed, 25 Nov 2026 07:28:00 GMT")));

} // namespace
} // namespace cox::test
