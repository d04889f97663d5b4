// Words for one person's eyes, by whichever way still reaches them.
#include "delivery_house.hpp"

#include <gtest/gtest.h>

namespace cox::test {
namespace {

// By which way alice was told what, oldest first.
std::vector<std::string> ways(SlackHouse& house) {
    std::vector<std::string> list;
    for (auto const& one : house.slack.ephemerals("U0ALICE01"))
        list.push_back(one.at("via").get<std::string>() + ": " + one.at("body").at("text").get<std::string>());
    return list;
}

std::vector<std::string> direct_messages(DeliveryHouse& house, std::string const& user) {
    std::string channel;
    house.slack.inside([&](fake_slack::Slack& slack) { channel = slack.world.im_with(user).id; });
    return house.said(channel);
}

struct CommandHouse : DeliveryHouse {
    void alice_types_a_command() {
        auto const before = inbox.received.size();
        slack.act("command", {{"user", "alice"}, {"channel", "ops"}, {"text", "status"}});
        EXPECT_TRUE(run_until([&] { return inbox.received.size() > before; }));
    }
};

TEST(SlackPrivate, AnAnswerTakesTheAddressThatCameWithTheCommandAndAfterFiveUsesAnother) {
    CommandHouse house;
    house.alice_types_a_command();
    for (int i = 1; i <= 6; ++i)
        EXPECT_EQ(house.deliver(i, tell(std::to_string(i))).what, What::sent);
    EXPECT_EQ(ways(house), (std::vector<std::string>{"response_url: 1", "response_url: 2", "response_url: 3",
                                                     "response_url: 4", "response_url: 5", "chat.postEphemeral: 6"}));
    for (auto const& call : house.slack.calls("response_url")) {
        EXPECT_EQ(call.at("answer"), "ok");
        EXPECT_EQ(call.at("token"), "none") << "the address is enough; the token is nobody else's";
        EXPECT_EQ(call.at("args").at("response_type"), "ephemeral");
        EXPECT_FALSE(call.at("args").at("replace_original"));
    }
}

TEST(SlackPrivate, AnAddressThatHasExpiredIsTriedOnceAndTheWordsArriveOtherwise) {
    CommandHouse house;
    house.alice_types_a_command();
    house.slack.set({{"response_url_lives_ms", 0}});
    house.slack.act("let_pass", {{"ms", 10}});
    EXPECT_EQ(house.deliver(1, tell("one")).what, What::sent);
    EXPECT_EQ(house.deliver(2, tell("two")).what, What::sent);
    EXPECT_EQ(ways(house), (std::vector<std::string>{"chat.postEphemeral: one", "chat.postEphemeral: two"}));
    EXPECT_EQ(house.calls("response_url"), 1u);
}

TEST(SlackPrivate, AnAddressAnswersOnlyWhoeverItWasGivenFor) {
    CommandHouse house;
    house.alice_types_a_command();
    house.deliver(1, tell("for bob", bob()));
    EXPECT_EQ(house.calls("response_url"), 0u);
    EXPECT_TRUE(ways(house).empty());
}

TEST(SlackPrivate, AnAnswerStandsInTheThreadOfTheQuestion) {
    DeliveryHouse house;
    auto const parent =
        house.slack.act("say", {{"user", "bob"}, {"channel", "ops"}, {"text", "it burns"}}).at("ts").get<std::string>();
    house.slack.act("say", {{"user", "alice"}, {"channel", "ops"}, {"text", "!status"}, {"thread_ts", parent}});
    ASSERT_TRUE(house.run_until([&] { return !house.inbox.received.empty(); }));
    EXPECT_EQ(house.deliver(1, tell("here: " + marks::code("ic me"))).what, What::sent);
    auto const whispers = house.slack.ephemerals("U0ALICE01");
    ASSERT_EQ(whispers.size(), 1u);
    EXPECT_EQ(whispers[0].at("body").at("thread_ts"), parent);
    EXPECT_EQ(whispers[0].at("body").at("text"), "here: `!ic me`") << "a thread takes no slash command";
}

TEST(SlackPrivate, WhoIsNotInTheChannelIsToldDirectly) {
    DeliveryHouse house;
    house.slack.act("add_user", {{"id", "U0CY00001"}, {"name", "cy"}});
    EXPECT_EQ(house.deliver(1, tell("for cy", SlackHouse::person("U0CY00001", "cy"))).what, What::sent);
    EXPECT_EQ(direct_messages(house, "U0CY00001"), std::vector<std::string>{"for cy"});
    EXPECT_TRUE(house.said().empty());
}

TEST(SlackPrivate, WhereTheChannelIsArchivedItsPeopleAreToldDirectly) {
    DeliveryHouse house;
    house.slack.act("archive", {{"channel", "ops"}});
    EXPECT_EQ(house.deliver(1, tell("still here")).what, What::sent);
    EXPECT_EQ(direct_messages(house, "U0ALICE01"), std::vector<std::string>{"still here"});
}

// Alice reads a draft about an incident in #ops in her direct messages, because #ops is archived.
struct DraftHouse : DeliveryHouse {
    DraftHouse() {
        slack.act("archive", {{"channel", "ops"}});
        effect::Tell draft{ops(), alice(), "Send this update?", {{"update all is well", "Send"}}};
        EXPECT_EQ(deliver(1, std::move(draft)).what, What::sent);
        slack.inside([&](fake_slack::Slack& inside) { direct = inside.world.im_with("U0ALICE01").id; });
    }
    Inbound const& pressed(json press) {
        auto const before = inbox.received.size();
        press.merge_patch({{"user", "alice"}, {"channel", direct}});
        EXPECT_TRUE(acknowledged(slack.act("press", std::move(press))));
        EXPECT_EQ(inbox.received.size(), before + 1);
        return inbox.received.back();
    }
    std::string direct;
};

TEST(SlackPrivate, AButtonUnderADirectMessageActsInTheChannelItIsAbout) {
    DraftHouse house;
    auto const& got = house.pressed({{"button", "Send"}});
    EXPECT_EQ(got.text, "update all is well");
    EXPECT_EQ(got.place.id, ops());
    // The answer comes back to where the press was.
    EXPECT_EQ(house.deliver(2, tell("Sent.")).what, What::sent);
    EXPECT_EQ(ways(house).back(), "response_url: Sent.");
}

TEST(SlackPrivate, AButtonUnderADirectMessageKnowsItsChannelAfterARestart) {
    DraftHouse house;
    house.incident_in_ops();
    ASSERT_TRUE(house.live_again());
    ASSERT_TRUE(house.connect());
    EXPECT_EQ(house.pressed({{"button", "Send"}}).place.id, ops());
}

TEST(SlackPrivate, AButtonThatNamesAChannelWeKnowNothingOfActsWhereItStands) {
    DraftHouse house;
    ASSERT_TRUE(house.live_again());
    ASSERT_TRUE(house.connect());
    EXPECT_EQ(house.pressed({{"button", "Send"}}).place.id, SlackHouse::channel(house.direct));
}

TEST(SlackPrivate, APageIsADirectMessage) {
    DeliveryHouse house;
    EXPECT_EQ(house.deliver(1, effect::PagePerson{ops(), bob(), "come"}).what, What::sent);
    EXPECT_EQ(direct_messages(house, "U0BOB0001"), std::vector<std::string>{"come"});
    EXPECT_TRUE(house.said().empty());
}

TEST(SlackPrivate, WhoIsNobodyOnSlackCannotBeTold) {
    DeliveryHouse house;
    Person const stranger{UserId{"web:ana"}, "Ana"};
    EXPECT_EQ(house.deliver(1, tell("hello", stranger)).what, What::failed);
    EXPECT_EQ(house.deliver(2, effect::PagePerson{ops(), stranger, "come"}).what, What::failed);
}

TEST(SlackPrivate, F62_WordsWhoseAnswerIsLostAreSaidAgain) {
    DeliveryHouse house;
    house.slack.fault({{"kind", "status"}, {"where", "chat.postEphemeral"}, {"status", 503}});
    house.decide({tell("hello")});
    ASSERT_TRUE(house.carried());
    EXPECT_EQ(ways(house), std::vector<std::string>{"chat.postEphemeral: hello"});
}

} // namespace
} // namespace cox::test
