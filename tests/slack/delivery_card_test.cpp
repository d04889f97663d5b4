// What is kept up to date in its place: the card, and the link of the call.
#include "delivery_house.hpp"

#include <gtest/gtest.h>

namespace cox::test {
namespace {

std::string only_pin(SlackHouse& house) {
    auto const pins = house.slack.channel("ops").at("pins");
    return pins.size() == 1 ? pins[0].get<std::string>() : pins.dump();
}

bool is_pinned(DeliveryHouse& house, std::string const& ts) {
    return house.run_until([&] { return only_pin(house) == ts; });
}

TEST(SlackCard, IsPostedOncePinnedAndEditedInPlace) {
    DeliveryHouse house;
    auto const first = house.deliver(1, card("old"));
    ASSERT_EQ(first.what, What::sent);
    EXPECT_TRUE(is_pinned(house, first.remote));
    EXPECT_EQ(house.deliver(2, card("new")).remote, first.remote);
    ASSERT_TRUE(house.live_again());
    EXPECT_EQ(house.deliver(3, card("newest")).remote, first.remote);
    EXPECT_EQ(house.said(), std::vector<std::string>{"newest"});
    EXPECT_EQ(house.calls("pins.add"), 1u);
    EXPECT_FALSE(house.slack.messages("ops").back().at("metadata").empty()) << "an edit takes it away";
}

TEST(SlackCard, WhoseLifeEndedBeforeItsPinIsPinnedInTheNext) {
    DeliveryHouse house;
    house.slack.fault({{"kind", "reset"}, {"where", "pins.add"}, {"count", 1}});
    auto const card_at = house.deliver(1, card("old")).remote;
    ASSERT_TRUE(house.run_until([&] { return house.calls("pins.add") == 1; }));
    ASSERT_NE(only_pin(house), card_at);
    house.incident_in_ops();
    ASSERT_TRUE(house.live_again());
    EXPECT_TRUE(is_pinned(house, card_at));
}

TEST(SlackCard, OfAnIncidentThatIsOverIsNotPinnedInTheNextLife) {
    DeliveryHouse house;
    house.slack.fault({{"kind", "reset"}, {"where", "pins.add"}, {"count", 1}});
    (void)house.deliver(1, card("over"));
    ASSERT_TRUE(house.run_until([&] { return house.calls("pins.add") == 1; }));
    ASSERT_TRUE(house.live_again());
    EXPECT_EQ(house.deliver(2, post("hello")).what, What::sent);
    EXPECT_EQ(house.calls("pins.add"), 1u);
}

TEST(SlackCard, ThatSomebodyDeletedIsPostedAnewAndPinned) {
    DeliveryHouse house;
    auto const first = house.deliver(1, card("old"));
    ASSERT_TRUE(is_pinned(house, first.remote));
    house.slack.act("delete", {{"user", "alice"}, {"channel", "ops"}, {"ts", first.remote}});
    auto const second = house.deliver(2, card("new"));
    ASSERT_EQ(second.what, What::sent);
    EXPECT_NE(second.remote, first.remote);
    EXPECT_TRUE(is_pinned(house, second.remote));
    EXPECT_EQ(house.said(), std::vector<std::string>{"new"});
}

TEST(SlackCard, ThatIsThereWithoutAnAddressIsLookedForAndPinned) {
    DeliveryHouse house;
    house.slack.fault({{"kind", "status"},
                       {"where", "chat.postMessage"},
                       {"status", 200},
                       {"type", "application/json"},
                       {"body", R"({"ok":true})"},
                       {"done", true}});
    house.decide({card("old")});
    ASSERT_TRUE(house.carried());
    house.decide({card("new")});
    ASSERT_TRUE(house.carried());
    EXPECT_EQ(house.said(), std::vector<std::string>{"new"});
    EXPECT_TRUE(is_pinned(house, house.slack.messages("ops").at(0).at("ts")));
}

TEST(SlackCard, OfEachIncidentInAChannelStandsByItself) {
    DeliveryHouse house;
    house.deliver(1, card("first", 1));
    house.deliver(2, card("second", 2));
    house.deliver(3, card("first, changed", 1));
    EXPECT_EQ(house.said(), (std::vector<std::string>{"first, changed", "second"}));
}

json bookmarks(SlackHouse& house) {
    return house.slack.channel("ops").at("bookmarks");
}

TEST(SlackLink, IsAddedAndThenChanged) {
    DeliveryHouse house;
    EXPECT_EQ(house.deliver(1, link("https://meet.example/1")).what, What::sent);
    ASSERT_TRUE(house.live_again());
    EXPECT_EQ(house.deliver(2, link("https://meet.example/2")).what, What::sent);
    ASSERT_EQ(bookmarks(house).size(), 1u);
    EXPECT_EQ(bookmarks(house)[0].at("link"), "https://meet.example/2");
    EXPECT_EQ(bookmarks(house)[0].at("title"), "Call");
}

TEST(SlackLink, ThatSomebodyRemovedIsAddedAnewWithTheNextChange) {
    DeliveryHouse house;
    house.deliver(1, link("https://meet.example/1"));
    house.slack.inside([](fake_slack::Slack& slack) { slack.world.channel("ops")->bookmarks.clear(); });
    EXPECT_EQ(house.deliver(2, link("https://meet.example/2")).what, What::sent);
    ASSERT_EQ(bookmarks(house).size(), 1u);
    EXPECT_EQ(bookmarks(house)[0].at("link"), "https://meet.example/2");
    EXPECT_EQ(house.deliver(3, link("https://meet.example/3")).what, What::sent);
    EXPECT_EQ(bookmarks(house).size(), 1u);
}

TEST(SlackLink, ThatSlackDoesNotTakeIsNotTriedForEver) {
    DeliveryHouse house;
    EXPECT_EQ(house.deliver(1, link("ftp://meet.example")).what, What::failed);
    house.deliver(2, link("https://meet.example/1"));
    auto const calls = house.calls("bookmarks.add");
    EXPECT_EQ(house.deliver(3, link("ftp://meet.example")).what, What::failed);
    EXPECT_LE(house.calls("bookmarks.add"), calls + 1);
}

} // namespace
} // namespace cox::test
