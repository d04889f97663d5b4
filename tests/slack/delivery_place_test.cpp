// Channels that are archived, gone, closed to the bot, or read by strangers.
#include "delivery_house.hpp"

#include <gtest/gtest.h>

namespace cox::test {
namespace {

ChannelId general(SlackHouse& house) {
    return SlackHouse::channel(house.id_of("general"));
}

TEST(SlackPlace, F70_AnArchivedChannelIsSaidOnceAndNotKnockedAt) {
    DeliveryHouse house;
    house.incident_in_ops();
    house.slack.act("archive", {{"channel", "ops"}});
    ASSERT_TRUE(house.run_until([&] { return house.desk.was_told("cannot be reached (is_archived)"); }));
    house.decide({post("one"), post("two"), post("three")});
    ASSERT_TRUE(house.carried());
    EXPECT_EQ(house.unreachable, (std::vector<std::string>{"one", "two", "three"}));
    EXPECT_EQ(house.calls("chat.postMessage"), 0u);
    EXPECT_EQ(house.deliver(90, card("how it stands")).what, What::again);
    EXPECT_EQ(house.told_of("cannot be reached"), 1u);

    house.slack.act("unarchive", {{"channel", "ops"}});
    ASSERT_TRUE(house.run_until([&] { return house.desk.was_told("can be reached again"); }));
    EXPECT_EQ(house.desk.shown_again, std::vector<ChannelId>{ops()});
    EXPECT_EQ(house.deliver(91, post("back")).what, What::sent);
}

TEST(SlackPlace, F70_AChannelThatWasArchivedUnheardIsNoticedByTheFirstPost) {
    DeliveryHouse house;
    house.slack.set({{"deaf", true}});
    house.slack.act("archive", {{"channel", "ops"}});
    house.decide({post("one"), post("two"), post("three")});
    ASSERT_TRUE(house.carried());
    EXPECT_EQ(house.unreachable, (std::vector<std::string>{"one", "two", "three"}));
    EXPECT_EQ(house.calls("chat.postMessage"), 1u);
    EXPECT_EQ(house.told_of("cannot be reached (is_archived)"), 1u);
}

TEST(SlackPlace, F70_ADeletedChannelIsOutOfReach) {
    DeliveryHouse house;
    house.slack.set({{"deaf", true}});
    house.slack.act("delete_channel", {{"channel", "ops"}});
    auto const got = house.deliver(1, post("one"));
    EXPECT_EQ(got.what, What::failed);
    EXPECT_TRUE(got.unreachable);
    EXPECT_EQ(house.told_of("cannot be reached (channel_not_found)"), 1u);
}

TEST(SlackPlace, F70_AChannelWithANewIdIsFollowed) {
    DeliveryHouse house;
    house.deliver(1, card("old"));
    house.slack.act("change_channel_id", {{"channel", "ops"}, {"id", "C0OPS0002"}});
    ASSERT_TRUE(house.heard());
    EXPECT_EQ(house.deliver(2, card("new")).what, What::sent);
    EXPECT_EQ(house.deliver(3, post("hello")).what, What::sent);
    EXPECT_EQ(house.said(), (std::vector<std::string>{"new", "hello"}));
}

TEST(SlackPlace, F72_WhereTheBotWasRemovedItStaysOutUntilItIsInvited) {
    DeliveryHouse house;
    house.incident_in_ops();
    house.deliver(1, card("how it stands"));
    house.slack.act("kick_bot", {{"channel", "ops"}});
    ASSERT_TRUE(house.run_until([&] { return house.desk.was_told("cannot be reached (not_in_channel)"); }));
    auto const posts = house.calls("chat.postMessage");
    house.decide({post("one"), post("two")});
    ASSERT_TRUE(house.carried());
    EXPECT_EQ(house.unreachable, (std::vector<std::string>{"one", "two"}));
    EXPECT_EQ(house.deliver(90, topic("SEV-1")).what, What::again);
    EXPECT_EQ(house.calls("chat.postMessage"), posts);
    EXPECT_EQ(house.calls("conversations.join"), 0u);
    EXPECT_EQ(house.told_of("cannot be reached"), 1u);

    house.slack.act("invite_bot", {{"channel", "ops"}, {"user", "alice"}});
    ASSERT_TRUE(house.run_until([&] { return house.desk.was_told("can be reached again"); }));
    EXPECT_EQ(house.desk.shown_again, std::vector<ChannelId>{ops()});
    EXPECT_EQ(house.deliver(91, post("back")).what, What::sent);
    EXPECT_EQ(house.deliver(92, topic("SEV-1")).what, What::sent);
}

TEST(SlackPlace, F72_WhereTheBotWasRemovedUnheardItDoesNotComeBackByItself) {
    DeliveryHouse house;
    house.deliver(1, card("how it stands"));
    house.slack.set({{"deaf", true}});
    house.slack.act("kick_bot", {{"channel", "ops"}});
    house.decide({post("one"), post("two"), topic("SEV-1")});
    ASSERT_TRUE(house.run_until([&] { return house.unreachable.size() == 2; }));
    EXPECT_EQ(house.calls("conversations.join"), 0u);
    EXPECT_EQ(house.told_of("cannot be reached"), 1u);
}

TEST(SlackPlace, F72_WhereTheBotIsInvitedAgainAfterARestartEverythingIsShown) {
    DeliveryHouse house;
    house.incident_in_ops();
    house.deliver(1, card("how it stands"));
    house.slack.act("kick_bot", {{"channel", "ops"}});
    ASSERT_TRUE(house.live_again());
    ASSERT_TRUE(house.connect());
    house.slack.act("invite_bot", {{"channel", "ops"}, {"user", "alice"}});
    ASSERT_TRUE(house.heard());
    EXPECT_EQ(house.desk.shown_again, std::vector<ChannelId>{ops()});
}

TEST(SlackPlace, F72_BackInTheChannelItSaysWhereToReadWhatWasPostedElsewhere) {
    DeliveryHouse house;
    house.incident_in_ops();
    house.slack.act("kick_bot", {{"channel", "ops"}});
    ASSERT_TRUE(house.run_until([&] { return house.desk.was_told("cannot be reached"); }));
    house.slack.act("invite_bot", {{"channel", "ops"}, {"user", "alice"}});
    ASSERT_TRUE(house.run_until([&] { return !house.said().empty(); }));
    EXPECT_TRUE(house.said().back().contains("could not post here: I was removed from it")) << house.said().back();
    EXPECT_TRUE(house.said().back().contains("`/inc timeline`")) << house.said().back();
}

TEST(SlackPlace, F72_APostThatGetsThroughBringsBackTheRest) {
    DeliveryHouse house;
    house.incident_in_ops();
    house.slack.fault({{"kind", "slow"}, {"where", "chat.postMessage"}, {"ms", 300}});
    house.hand_out(1, post("one"));
    ASSERT_TRUE(house.run_until([&] { return house.calls("chat.postMessage") == 1; }));
    house.slack.act("kick_bot", {{"channel", "ops"}});
    ASSERT_TRUE(house.run_until([&] { return house.desk.was_told("cannot be reached"); }));
    ASSERT_TRUE(house.run_until([&] { return !house.answers.empty(); }));
    EXPECT_EQ(house.desk.shown_again, std::vector<ChannelId>{ops()});
}

TEST(SlackPlace, DeclaredInAPublicChannelTheBotJoinsItOnceAndShowsEverything) {
    DeliveryHouse house;
    auto const here = general(house);
    house.decide({alert("SEV-1 declared", here), post("more", here), card("how it stands", 1, here),
                  topic("SEV-1", here), link("https://meet.example/1", here)});
    ASSERT_TRUE(house.carried());
    auto said = house.said("general");
    std::ranges::sort(said);
    EXPECT_EQ(said, (std::vector<std::string>{"SEV-1 declared", "how it stands", "more"}));
    auto const channel = house.slack.channel("general");
    EXPECT_EQ(channel.at("topic"), "SEV-1");
    EXPECT_EQ(channel.at("bookmarks").size(), 1u);
    EXPECT_EQ(house.calls("conversations.join"), 1u);
    EXPECT_EQ(house.told_of("cannot be reached"), 0u);
    EXPECT_TRUE(house.unreachable.empty());
}

TEST(SlackPlace, AChannelThatCannotBeJoinedIsTriedOnce) {
    DeliveryHouse house;
    auto scopes = house.slack.see("settings").at("scopes").get<std::vector<std::string>>();
    std::erase(scopes, "channels:join");
    house.slack.set({{"scopes", scopes}});
    house.decide({post("one", general(house)), post("two", general(house))});
    ASSERT_TRUE(house.carried());
    EXPECT_EQ(house.unreachable, (std::vector<std::string>{"one", "two"}));
    EXPECT_EQ(house.calls("conversations.join"), 1u);
    EXPECT_EQ(house.calls("chat.postMessage"), 2u);
    EXPECT_EQ(house.told_of("channels:join"), 1u);
}

TEST(SlackPlace, APrivateChannelWithoutTheBotIsOutOfReach) {
    DeliveryHouse house;
    house.slack.act("add_channel", {{"id", "C0SEC0001"}, {"name", "secret"}, {"is_private", true}, {"bot", false}});
    EXPECT_TRUE(house.deliver(1, post("one", SlackHouse::channel("C0SEC0001"))).unreachable);
    EXPECT_EQ(house.calls("conversations.join"), 0u);
}

TEST(SlackPlace, AChannelThatStrangersReadIsWarnedOnce) {
    DeliveryHouse house;
    house.slack.act("add_channel",
                    {{"id", "C0EXT0001"}, {"name", "with-acme"}, {"is_ext_shared", true}, {"members", {"alice"}}});
    auto const here = SlackHouse::channel("C0EXT0001");
    house.slack.act("say", {{"user", "alice"}, {"channel", "with-acme"}, {"text", "!declare here 1 checkout errors"}});
    ASSERT_TRUE(house.run_until([&] { return !house.inbox.received.empty(); }));
    house.decide({alert("SEV-1 declared", here)});
    ASSERT_TRUE(house.carried());
    ASSERT_TRUE(house.run_until([&] { return house.said("with-acme").size() == 2; }));
    EXPECT_TRUE(house.said("with-acme")[1].contains("People of other organisations"));

    ASSERT_TRUE(house.live_again());
    EXPECT_EQ(house.deliver(90, alert("SEV-2 declared", here)).what, What::sent);
    // Behind a warning, were there one.
    EXPECT_EQ(house.deliver(91, post("more", here)).what, What::sent);
    EXPECT_EQ(house.said("with-acme").size(), 4u);
}

// #with-acme is read by people of another organisation, and the network knows.
struct SharedHouse : DeliveryHouse {
    SharedHouse() {
        slack.act("add_channel",
                  {{"id", "C0EXT0001"}, {"name", "with-acme"}, {"is_ext_shared", true}, {"members", {"alice"}}});
        slack.act("say", {{"user", "alice"}, {"channel", "with-acme"}, {"text", "!declare here 1 checkout errors"}});
        EXPECT_TRUE(run_until([&] { return !inbox.received.empty(); }));
    }
    bool warned(std::size_t times) {
        return run_until([&] {
            auto const all = said("with-acme");
            return std::ranges::count_if(all, [](auto const& one) { return one.contains("other organisations"); }) ==
                   static_cast<std::ptrdiff_t>(times);
        });
    }
    ChannelId here = SlackHouse::channel("C0EXT0001");
};

TEST(SlackPlace, F61_AWarningThatSlackPutsOffIsSaidLater) {
    SharedHouse house;
    house.slack.fault({{"kind", "limited"}, {"where", "chat.postMessage"}, {"after", 1}, {"retry_after", 1}});
    EXPECT_EQ(house.deliver(1, alert("SEV-1 declared", house.here)).what, What::sent);
    EXPECT_TRUE(house.warned(1));
}

TEST(SlackPlace, F61_AWarningThatWasNeverSaidIsSaidWithTheNextAlert) {
    SharedHouse house;
    house.slack.fault({{"kind", "error"}, {"where", "chat.postMessage"}, {"error", "restricted_action"}, {"after", 1}});
    EXPECT_EQ(house.deliver(1, alert("SEV-1 declared", house.here)).what, What::sent);
    ASSERT_TRUE(house.run_until([&] { return house.calls("chat.postMessage") == 2; }));
    EXPECT_EQ(house.deliver(2, alert("SEV-2 declared", house.here)).what, What::sent);
    EXPECT_TRUE(house.warned(1));
}

TEST(SlackPlace, WhileSlackIsNotReachedYetEffectsWaitInsideAndGoInTheirOrder) {
    DeliveryHouse house;
    house.slack.fault({{"kind", "status"}, {"where", "auth.test"}, {"status", 503}});
    auto const asked = house.calls("auth.test");
    house.restart();
    house.hand_out(1, post("first"));
    house.hand_out(2, post("second"));
    ASSERT_TRUE(house.run_until([&] { return house.calls("auth.test") > asked; }));
    EXPECT_TRUE(house.answers.empty());
    ASSERT_TRUE(house.run_until([&] { return house.answers.size() == 2; }));
    EXPECT_EQ(house.answers[0].what, What::sent);
    EXPECT_EQ(house.said(), (std::vector<std::string>{"first", "second"}));
}

TEST(SlackPlace, WhatStillWaitsForSlackAtTheEndIsLeftToTheNextLife) {
    DeliveryHouse house;
    house.slack.fault({{"kind", "status"}, {"where", "auth.test"}, {"status", 503}});
    house.restart();
    house.hand_out(1, post("first"));
    house.network->network().stop_listening();
    ASSERT_EQ(house.answers.size(), 1u);
    EXPECT_EQ(house.answers[0].what, What::again);
}

} // namespace
} // namespace cox::test
