// A channel that was archived while nobody told us.
#include "slack_house.hpp"

#include <gtest/gtest.h>

namespace cox::test {
namespace {

TEST(ArchivedChannel, F70_ACardThatCannotBeEditedThereMakesTheChannelUnreachable) {
    SlackHouse house;
    ASSERT_TRUE(house.connect());
    auto const ops = SlackHouse::channel(house.id_of("ops"));
    effect::ShowCard shown{ops, {}};
    shown.card.incident = IncidentId{1};
    shown.card.text = "SEV-1 checkout";
    ASSERT_EQ(house.deliver(1, shown).what, Delivered::What::sent);
    // Without the event that would say so.
    house.slack.inside([](fake_slack::Slack& slack) { slack.world.channel("ops")->is_archived = true; });

    auto const failed = house.deliver(2, shown);
    EXPECT_EQ(failed.what, Delivered::What::failed);
    EXPECT_EQ(failed.reason, "it is archived");
    EXPECT_TRUE(failed.unreachable);
    EXPECT_TRUE(house.desk.was_told("cannot be reached (is_inactive)"));
    auto const next = house.deliver(3, shown);
    EXPECT_EQ(next.what, Delivered::What::again) << "not tried anew with each change";
}

} // namespace
} // namespace cox::test
