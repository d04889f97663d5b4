// Whoever a post speaks to reads it: they are brought into the incident's own channel first.
#include "core/marks.hpp"
#include "delivery_house.hpp"

#include <gtest/gtest.h>

namespace cox::test {
namespace {

using Names = std::vector<std::string>;

class SlackInviting : public testing::Test {
protected:
    SlackInviting() { go_on_in(*house.deliver(1, open("inc-1-checkout")).opened); }

    // The incident is open there from now on.
    void go_on_in(Channel channel) {
        auto& incident = house.desk.incident.emplace();
        incident.id = {1};
        incident.channel = std::move(channel);
    }
    ChannelId here() { return house.desk.incident->channel->id; }
    Delivered say(std::string text) { return house.deliver(++op_, post(std::move(text), here())); }
    Names members(std::string_view channel = "inc-1-checkout") {
        return house.slack.channel(channel).at("members").get<Names>();
    }
    std::size_t invites() { return house.calls("conversations.invite"); }
    std::size_t told_of_invite() { return house.told_of("cannot be invited"); }

    DeliveryHouse house;
    std::int64_t op_ = 1;
};

TEST_F(SlackInviting, WhoIsOfferedARoleIsInTheChannelBeforeTheOfferStandsThere) {
    EXPECT_EQ(say("Alice asks " + marks::mention(bob()) + " to take Operations.").what, What::sent);
    EXPECT_EQ(members(), (Names{"U0ALICE01", "U0BOB0001", "U0COXBOT1"}));
    auto const messages = house.slack.messages("inc-1-checkout");
    ASSERT_GE(messages.size(), 2u);
    EXPECT_EQ(messages.back().at("text").get<std::string>().find("Alice asks"), 0u);
    EXPECT_EQ(messages.at(messages.size() - 2).value("subtype", ""), "channel_join");
}

TEST_F(SlackInviting, EverybodyInAReminderComesAndWhoIsThereIsNotAskedAgain) {
    auto const before = invites();
    say(marks::mention(alice()) + " " + marks::mention(bob()) + ": after 5 minutes these roles are not filled");
    say(marks::mention(bob()) + ", A1 is offered to you");
    EXPECT_EQ(members(), (Names{"U0ALICE01", "U0BOB0001", "U0COXBOT1"}));
    EXPECT_EQ(invites(), before + 1);
}

TEST_F(SlackInviting, WhoLeftAndIsNeededAgainIsBroughtBack) {
    say(marks::mention(bob()) + " is asked");
    house.slack.act("leave", {{"channel", "inc-1-checkout"}, {"user", "bob"}});
    ASSERT_TRUE(house.heard());
    say(marks::mention(bob()) + " is asked again");
    EXPECT_EQ(members(), (Names{"U0ALICE01", "U0BOB0001", "U0COXBOT1"}));
}

TEST_F(SlackInviting, AfterARestartWhoIsThereStaysAndThePostGoesOut) {
    say(marks::mention(bob()) + " is asked");
    ASSERT_TRUE(house.live_again());
    EXPECT_EQ(say(marks::mention(bob()) + ", are you there?").what, What::sent);
    EXPECT_EQ(told_of_invite(), 0u);
}

TEST_F(SlackInviting, OneWhoCannotBeInvitedIsNamedToTheOperatorOnceAndThePostStillGoesOut) {
    house.slack.act("add_user", {{"name", "gone"}, {"deleted", true}, {"id", "U0GONE001"}});
    auto const gone = SlackHouse::person("U0GONE001", "gone");
    EXPECT_EQ(say(marks::mention(gone) + " and " + marks::mention(bob())).what, What::sent);
    EXPECT_EQ(say(marks::mention(gone)).what, What::sent);
    EXPECT_EQ(members(), (Names{"U0ALICE01", "U0BOB0001", "U0COXBOT1"}));
    EXPECT_EQ(told_of_invite(), 1u);
}

TEST_F(SlackInviting, NobodyIsBroughtIntoAChannelThatPeopleMadeThemselves) {
    go_on_in({ops(), "ops"});
    auto const before = members("ops");
    auto const carol = SlackHouse::person("U0DAVE001", "dave");
    say(marks::mention(carol) + " is asked");
    EXPECT_EQ(members("ops"), before);
    EXPECT_EQ(invites(), 1u); // of the one who declared
}

TEST_F(SlackInviting, NorIntoTheChannelOfAnotherIncident) {
    auto const before = invites();
    house.desk.incident->id = {2};
    say(marks::mention(bob()) + " is asked");
    EXPECT_EQ(invites(), before);
}

TEST_F(SlackInviting, WhomSomebodyInvitesComesIntoWhateverChannelThatIs) {
    go_on_in({ops(), "ops"});
    auto const dave = SlackHouse::person("U0DAVE001", "dave");
    house.slack.act("add_user", {{"name", "dave"}, {"id", "U0DAVE001"}});
    EXPECT_EQ(house.deliver(2, effect::Invite{ops(), {dave, bob()}}).what, What::sent);
    auto const there = members("ops");
    EXPECT_NE(std::ranges::find(there, "U0DAVE001"), there.end());
    // Asked again after a lost answer: whoever is there is fine.
    EXPECT_EQ(house.reconcile(2, effect::Invite{ops(), {dave, bob()}}).what, What::absent);
    EXPECT_EQ(house.deliver(2, effect::Invite{ops(), {dave, bob()}}).what, What::sent);
    EXPECT_EQ(told_of_invite(), 0u);
}

TEST_F(SlackInviting, OfThoseInvitedOneWhoCannotComeIsNamedAndTheOthersComeIn) {
    house.slack.act("add_user", {{"name", "gone"}, {"deleted", true}, {"id", "U0GONE001"}});
    auto const gone = SlackHouse::person("U0GONE001", "gone");
    EXPECT_EQ(house.deliver(2, effect::Invite{here(), {gone, bob()}}).what, What::sent);
    EXPECT_EQ(members(), (Names{"U0ALICE01", "U0BOB0001", "U0COXBOT1"}));
    EXPECT_EQ(told_of_invite(), 1u);
    EXPECT_EQ(house.deliver(3, effect::Invite{here(), {gone}}).what, What::failed);
}

TEST_F(SlackInviting, SomebodyOfAnotherNetworkCannotBeInvited) {
    auto const delivered = house.deliver(2, effect::Invite{here(), {{UserId{"matrix:@sara:lab"}, "Sara"}}});
    EXPECT_EQ(delivered.what, What::failed);
    EXPECT_EQ(delivered.reason, "matrix:@sara:lab is nobody on Slack");
}

TEST_F(SlackInviting, AnInvitationThatSlackCannotTakeNowIsMadeAgain) {
    house.slack.fault({{"kind", "limited"}, {"where", "conversations.invite"}, {"retry_after", 1}});
    EXPECT_EQ(house.deliver(2, effect::Invite{here(), {bob()}}).what, What::again);
    EXPECT_EQ(house.deliver(2, effect::Invite{here(), {bob()}}).what, What::sent);
    EXPECT_EQ(members(), (Names{"U0ALICE01", "U0BOB0001", "U0COXBOT1"}));
}

} // namespace
} // namespace cox::test
