// Rooms that the bot makes for incidents.
#include "delivery_house.hpp"

#include <gtest/gtest.h>

namespace cox::matrix {
namespace {

using What = Delivered::What;

class MatrixOpening : public testing::Test, public DeliveryHouse {
protected:
    void TearDown() override { EXPECT_EQ(matrix.violations(), std::vector<std::string>{}); }

    effect::OpenChannel open(std::string name = "inc-1-checkout") const {
        return {ops(), std::move(name), "Checkout errors", person("alice", "Alice")};
    }
    // Of the room that was asked for.
    json who_may_join() {
        auto const asked = calls_to("createRoom").at(0);
        for (auto const& state : asked.at("body").at("initial_state"))
            if (state.at("type") == "m.room.join_rules") return state.at("content");
        return nullptr;
    }
    static json restricted_to(std::string_view room) {
        return {{"join_rule", "restricted"}, {"allow", {{{"type", "m.room_membership"}, {"room_id", room}}}}};
    }
};

TEST_F(MatrixOpening, TheRoomIsNamedUnencryptedAndStaysOnItsHomeserver) {
    auto const delivered = deliver(7, open());
    ASSERT_TRUE(delivered.opened) << delivered.reason;
    EXPECT_EQ(delivered.opened->name, "inc-1-checkout");
    auto const asked = calls_to("createRoom").at(0).at("body");
    EXPECT_EQ(asked["preset"], "private_chat");
    EXPECT_EQ(asked["room_alias_name"], "inc-1-checkout");
    EXPECT_EQ(asked["creation_content"]["m.federate"], false);
    EXPECT_EQ(asked["topic"], "Checkout errors");
    for (auto const& state : asked["initial_state"])
        EXPECT_NE(state["type"], "m.room.encryption");
    EXPECT_TRUE(room(delivered.opened->id).made_by_us);
}

TEST_F(MatrixOpening, WhoeverIsInTheRoomWhereItWasDeclaredMayComeIn) {
    (void)deliver(7, open());
    EXPECT_EQ(who_may_join(), restricted_to(raw(ops())));
}

TEST_F(MatrixOpening, WhereTheRoomOfTheDeclarationWasUpgradedWhoeverIsInTheNewOneMayComeIn) {
    parts->shared.rooms.move(raw(ops()), "!new:lab.test");
    (void)deliver(7, open());
    EXPECT_EQ(who_may_join(), restricted_to("!new:lab.test"));
}

TEST_F(MatrixOpening, ARoomOfTheNewestKindHasATopicAndACardLikeAnyOther) {
    matrix.set({{"default_room_version", "12"}});
    auto const incident = open_incident_room();
    EXPECT_EQ(raw(incident).find(':'), std::string_view::npos);
    EXPECT_EQ(deliver(1, effect::SetTopic{incident, "SEV-1"}).what, What::sent);
    Card card;
    card.incident = {1};
    auto const shown = deliver(2, effect::ShowCard{incident, card});
    EXPECT_TRUE(run_until([&] { return room_as_it_is(incident)["pinned"] == json::array({shown.remote}); }));
}

TEST_F(MatrixOpening, WhoDeclaredItIsAskedIn) {
    (void)deliver(7, open());
    ASSERT_TRUE(run_until([this] { return calls_to("invite").size() == 1; }));
    EXPECT_EQ(calls_to("invite")[0]["body"]["user_id"], "@alice:lab.test");
}

TEST_F(MatrixOpening, ConfiguredSoItIsPublicAndFederated) {
    parts->shared.public_rooms = true;
    parts->shared.federate = true;
    (void)deliver(7, open());
    auto const asked = calls_to("createRoom").at(0).at("body");
    EXPECT_EQ(asked["preset"], "public_chat");
    EXPECT_EQ(asked["creation_content"]["m.federate"], true);
}

TEST_F(MatrixOpening, ANameThatIsTakenGetsANumber) {
    matrix.act("add_room", {{"name", "inc-1-checkout"}});
    auto const delivered = deliver(7, open());
    ASSERT_TRUE(delivered.opened);
    EXPECT_EQ(delivered.opened->name, "inc-1-checkout-2");
}

TEST_F(MatrixOpening, AskedAgainItGivesTheRoomThatItMade) {
    auto const first = deliver(7, open());
    restart();
    auto const second = deliver(7, open());
    EXPECT_EQ(first.opened, second.opened);
    EXPECT_EQ(calls_to("createRoom").size(), 1U);
}

TEST_F(MatrixOpening, ARoomWhoseAnswerWasLostIsFoundByItsAlias) {
    matrix.fault({{"kind", "reset"}, {"where", "createRoom"}, {"done", true}, {"count", -1}});
    EXPECT_EQ(deliver(7, open()).what, What::unknown);
    matrix.act("clear_faults");
    restart();
    auto const rooms = matrix.room_count();
    auto const found = reconcile(7, open());
    EXPECT_EQ(found.what, What::sent);
    ASSERT_TRUE(found.opened);
    EXPECT_EQ(raw(found.opened->id), matrix.room("inc-1-checkout").at("id").get<std::string>());
    EXPECT_EQ(matrix.room_count(), rooms);
}

TEST_F(MatrixOpening, ARoomThatWasNeverMadeIsAbsent) {
    matrix.fault({{"kind", "status"}, {"where", "createRoom"}, {"status", 504}, {"body", ""}});
    EXPECT_EQ(deliver(7, open()).what, What::unknown);
    EXPECT_EQ(reconcile(7, open()).what, What::absent);
    EXPECT_TRUE(deliver(7, open()).opened);
}

TEST_F(MatrixOpening, S14_ARoomOfSomebodyElseThatClaimsToBeOursIsNotTaken) {
    matrix.act("add_room", {{"name", "inc-1-checkout"},
                            {"members", {"coxswain"}},
                            {"creation_content", {{"coxswain", {{"op", "thishouse:7"}}}}}});
    EXPECT_EQ(reconcile(7, open()).what, What::absent);
    auto const delivered = deliver(7, open());
    ASSERT_TRUE(delivered.opened);
    EXPECT_EQ(delivered.opened->name, "inc-1-checkout-2");
}

TEST_F(MatrixOpening, OneThatAnotherEffectMadeIsNotTaken) {
    auto const first = deliver(7, open());
    auto const second = deliver(8, open());
    ASSERT_TRUE(second.opened);
    EXPECT_NE(first.opened->id, second.opened->id);
    EXPECT_EQ(second.opened->name, "inc-1-checkout-2");
}

TEST_F(MatrixOpening, AnyTitleMakesAnAlias) {
    std::vector<std::string> const titles{"inc-2-Überlast in Köln", "inc-3-#a:b c", "🔥", std::string(400, 'x')};
    std::int64_t op = 7;
    for (auto const& title : titles) {
        auto const delivered = deliver(op++, open(title));
        EXPECT_TRUE(delivered.opened) << title << " " << delivered.reason;
    }
}

TEST_F(MatrixOpening, WhereNoRoomMayBeMadeItIsSaidWhy) {
    matrix.fault({{"kind", "error"}, {"where", "createRoom"}, {"status", 403}, {"errcode", "M_FORBIDDEN"}});
    auto const delivered = deliver(7, open());
    EXPECT_EQ(delivered.what, What::failed);
    EXPECT_TRUE(delivered.reason.starts_with("M_FORBIDDEN"));
}

} // namespace
} // namespace cox::matrix
