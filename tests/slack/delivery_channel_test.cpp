// Channels that are made for an incident.
#include "delivery_house.hpp"

#include <gtest/gtest.h>

namespace cox::test {
namespace {

TEST(SlackChannel, IsMadeWithItsPurposeAndWhoeverDeclaredInIt) {
    DeliveryHouse house;
    auto const got = house.deliver(1, open("inc-1-checkout"));
    ASSERT_EQ(got.what, What::sent) << got.reason;
    ASSERT_TRUE(got.opened);
    EXPECT_EQ(got.opened->name, "inc-1-checkout");
    EXPECT_EQ(got.opened->id, SlackHouse::channel(house.id_of("inc-1-checkout")));
    ASSERT_TRUE(
        house.run_until([&] { return house.slack.channel("inc-1-checkout").at("purpose") == "checkout errors"; }));
    auto const members = house.slack.channel("inc-1-checkout").at("members").get<std::vector<std::string>>();
    EXPECT_EQ(members, (std::vector<std::string>{"U0ALICE01", "U0COXBOT1"}));
}

TEST(SlackChannel, WhoseNameIsTakenGetsTheNext) {
    DeliveryHouse house;
    house.slack.act("add_channel", {{"name", "inc-1-checkout"}, {"is_archived", true}});
    house.slack.act("add_channel", {{"name", "inc-1-checkout-2"}});
    EXPECT_EQ(house.deliver(1, open("inc-1-checkout")).opened.value().name, "inc-1-checkout-3");
}

TEST(SlackChannel, ThatNobodyMayMakeIsRefused) {
    DeliveryHouse house;
    house.slack.fault({{"kind", "error"}, {"where", "conversations.create"}, {"error", "restricted_action"}});
    auto const got = house.deliver(1, open("inc-1-checkout"));
    EXPECT_EQ(got.what, What::failed);
    EXPECT_EQ(got.reason, "restricted_action");
}

TEST(SlackChannel, IsThereThoughNobodyCanBeInvited) {
    DeliveryHouse house;
    house.slack.fault({{"kind", "error"}, {"where", "conversations.invite"}, {"error", "cant_invite"}});
    EXPECT_TRUE(house.deliver(1, open("inc-1-checkout")).opened);
}

TEST(SlackChannel, F63_ThatItsEventsToldOfFirstIsFoundAndSettledIn) {
    DeliveryHouse house;
    house.slack.fault({{"kind", "hold"}, {"where", "conversations.create"}, {"done", true}});
    EXPECT_EQ(house.deliver(1, open("inc-1-checkout")).what, What::unknown);
    ASSERT_TRUE(house.heard());
    auto const found = house.reconcile(1, open("inc-1-checkout"));
    EXPECT_EQ(found.what, What::sent);
    ASSERT_TRUE(found.opened);
    auto const members = house.slack.channel("inc-1-checkout").at("members").get<std::vector<std::string>>();
    EXPECT_EQ(members, (std::vector<std::string>{"U0ALICE01", "U0COXBOT1"}));
}

TEST(SlackChannel, F63_OfAnotherIncidentOrAnotherMakerIsNotTakenForIt) {
    DeliveryHouse house;
    house.deliver(1, open("inc-1-checkout"));
    house.slack.act("add_channel", {{"name", "inc-1"}, {"creator", "U0ALICE01"}});
    house.slack.act("add_channel", {{"name", "inc-12"}, {"creator", "U0COXBOT1"}});
    EXPECT_EQ(house.reconcile(2, open("inc-1-checkout")).what, What::absent);
    EXPECT_EQ(house.reconcile(3, open("inc-1")).what, What::absent);
}

TEST(SlackChannel, F78_WhereChannelsCannotBeListedASecondOneIsBetterThanNone) {
    DeliveryHouse house;
    house.slack.fault({{"kind", "status"}, {"where", "conversations.create"}, {"status", 503}});
    house.slack.fault({{"kind", "error"}, {"where", "conversations.list"}, {"error", "missing_scope"}});
    house.decide({open("inc-1-checkout")});
    ASSERT_TRUE(house.carried());
    EXPECT_EQ(house.opened.size(), 1u);
}

} // namespace
} // namespace cox::test
