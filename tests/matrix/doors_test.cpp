// Rooms that the bot comes into, is thrown out of, and follows; and who is heard in them.
#include "core/parse.hpp"
#include "fake_homeserver/deeds.hpp"
#include "house_test.hpp"

#include <algorithm>

namespace cox::test {
namespace {

using MatrixDoors = MatrixHouseTest;

bool is_in(MatrixHouse& house, std::string_view room) {
    auto const members = house.server.room(room).at("members");
    return std::ranges::find(members, json("@coxswain:lab.test")) != members.end();
}

TEST_F(MatrixDoors, AnInvitationByAMemberIsAccepted) {
    house.server.act("invite", {{"user", "alice"}, {"room", "general"}, {"whom", "coxswain"}});
    EXPECT_TRUE(house.run_until([&] { return is_in(house, "general"); }));
}

TEST_F(MatrixDoors, NothingThatWasSaidBeforeItCameInIsRun) {
    say("!inc note before", "alice", "general");
    house.server.act("invite", {{"user", "alice"}, {"room", "general"}, {"whom", "coxswain"}});
    ASSERT_TRUE(house.run_until([&] { return is_in(house, "general"); }));
    say("!inc note after", "alice", "general");
    ASSERT_TRUE(house.caught_up());
    EXPECT_EQ(house.heard(), Texts{"!inc note after"});
}

TEST_F(MatrixDoors, ACommandRightBehindItsEntryIsRunThoughBothComeAtOnce) {
    while_away([&] {
        say("!inc note before", "alice", "general");
        house.server.act("invite", {{"user", "alice"}, {"room", "general"}, {"whom", "coxswain"}});
        house.server.act("join", {{"user", "coxswain"}, {"room", "general"}});
        say("!inc note after", "alice", "general");
    });
    EXPECT_EQ(house.heard(), Texts{"!inc note after"});
}

TEST_F(MatrixDoors, ItsEntryIsLookedForWhereMoreWasSaidSinceThanComesAtOnce) {
    while_away([&] {
        say("!inc note before", "alice", "general");
        house.server.act("invite", {{"user", "alice"}, {"room", "general"}, {"whom", "coxswain"}});
        house.server.act("join", {{"user", "coxswain"}, {"room", "general"}});
        say("!inc note after", "alice", "general");
        for (int i = 0; i < 150; ++i)
            say("talk", "bob", "general");
        say("!inc note last", "alice", "general");
    });
    EXPECT_EQ(house.heard(), (Texts{"!inc note after", "!inc note last"}));
}

TEST_F(MatrixDoors, AnotherDisplayNameIsNoEntry) {
    while_away([&] {
        say("!inc note one");
        house.server.act("set_displayname", {{"user", "coxswain"}, {"displayname", "Cox"}});
        say("!inc note two");
    });
    EXPECT_EQ(house.heard(), (Texts{"!inc note one", "!inc note two"}));
}

TEST_F(MatrixDoors, ThrownOutAndLetInAgainItRunsNothingTwiceAndNothingOfBetween) {
    house.happen("say", {{"user", "alice"}, {"room", "ops"}, {"text", "!inc note one"}});
    while_away([&] {
        house.server.act("kick", {{"user", "alice"}, {"room", "ops"}, {"whom", "coxswain"}});
        say("!inc note between");
        house.server.act("invite", {{"user", "alice"}, {"room", "ops"}, {"whom", "coxswain"}});
        house.server.act("join", {{"user", "coxswain"}, {"room", "ops"}});
        say("!inc note two");
    });
    EXPECT_EQ(house.heard(), (Texts{"!inc note one", "!inc note two"}));
}

// As right behind an invitation from afar.
TEST_F(MatrixDoors, ADoorThatIsStillShutIsTriedAgain) {
    house.server.fault(
        {{"kind", "error"}, {"where", "join"}, {"status", 403}, {"errcode", "M_FORBIDDEN"}, {"error", "not yet"}});
    house.server.act("invite", {{"user", "alice"}, {"room", "general"}, {"whom", "coxswain"}});
    EXPECT_TRUE(house.run_until([&] { return is_in(house, "general"); }));
    EXPECT_EQ(calls("join"), 2u);
}

// What a homeserver should never say, and one day says.
TEST_F(MatrixDoors, RoomsThatSayNothingOfTheBotAreLeftAlone) {
    json const members = json::array({{{"type", "m.room.member"},
                                       {"state_key", "@bob:lab.test"},
                                       {"sender", "@alice:lab.test"},
                                       {"content", {{"membership", "invite"}}}}});
    json const rooms{
        {"invite", {{"!one:lab.test", json::object()}, {"!two:lab.test", {{"invite_state", {{"events", members}}}}}}},
        {"leave", {{"!three:lab.test", json::object()}}},
        {"knock", {{"!four:lab.test", json::object()}}}};
    house.server.fault({{"kind", "instead"},
                        {"where", "sync"},
                        {"answer", {{"next_batch", "s" + std::to_string(house.place()) + "_0"}, {"rooms", rooms}}}});
    house.server.act("reset_connections"); // the poll that waits
    ASSERT_TRUE(house.run_until([&] {
        return std::ranges::any_of(house.server.calls("sync"),
                                   [](json const& call) { return call.at("answer") == "instead"; });
    }));
    house.happen("say", {{"user", "alice"}, {"room", "ops"}, {"text", "!inc status"}});
    EXPECT_EQ(house.heard(), Texts{"!inc status"});
    EXPECT_EQ(calls("join") + calls("leave"), 0u);
}

TEST_F(MatrixDoors, F88_ThrownOutOfTheRoomOfAnIncidentItSaysSoAndShowsAllAgainWhenItIsBack) {
    house.incident_in_ops();
    house.server.act("kick", {{"user", "alice"}, {"room", "ops"}, {"whom", "coxswain"}});
    ASSERT_TRUE(house.run_until([&] { return house.desk.was_told("removed the bot"); }));
    auto const lost = house.deliver(1, effect::Post{house.ops(), effect::PostKind::word, "hello", {}});
    EXPECT_EQ(lost.what, Delivered::What::failed);
    EXPECT_TRUE(lost.unreachable);
    house.desk.shown_again.clear();
    house.server.act("invite", {{"user", "alice"}, {"room", "ops"}, {"whom", "coxswain"}});
    ASSERT_TRUE(house.run_until([&] { return !house.desk.shown_again.empty(); }));
    EXPECT_EQ(house.desk.shown_again.front(), house.ops());
}

TEST_F(MatrixDoors, F88_WhereTheRoomOfAnIncidentIsLostTheOperatorHearsWhatGoesOnWithoutIt) {
    house.incident_in_ops();
    house.server.act("kick", {{"user", "alice"}, {"room", "ops"}, {"whom", "coxswain"}});
    ASSERT_TRUE(house.run_until([&] { return house.desk.was_told("`!move INC-7 here because …`"); }));
    auto const typed = parse("!move INC-7 here because the room is gone", Form::message,
                             {house.desk.policy(), house.desk.now(), MatrixHouse::person("alice"), {}});
    auto const* parsed = std::get_if<Parsed>(&typed);
    ASSERT_TRUE(parsed);
    EXPECT_TRUE(std::holds_alternative<command::Move>(parsed->command)) << "as it is told, it is understood";
}

TEST_F(MatrixDoors, F88_ARoomWithoutAnIncidentIsLostWithoutAnybodyBeingCalled) {
    house.server.act("kick", {{"user", "alice"}, {"room", "ops"}, {"whom", "coxswain"}});
    ASSERT_TRUE(house.caught_up());
    EXPECT_FALSE(house.desk.was_told("cannot be reached"));
    (void)house.deliver(1, effect::Post{house.ops(), effect::PostKind::word, "hello", {}});
    EXPECT_TRUE(house.desk.was_told("cannot be reached"));
    EXPECT_FALSE(house.desk.was_told("!move"));
}

TEST_F(MatrixDoors, F95_AnInvitationFromElsewhereIsDeclinedAndTheOperatorHears) {
    house.server.act("add_user", {{"name", "@eve:else.where"}});
    house.server.act("add_room", {{"name", "trap"}, {"creator", "@eve:else.where"}});
    house.server.act("invite", {{"user", "@eve:else.where"}, {"room", "trap"}, {"whom", "coxswain"}});
    ASSERT_TRUE(house.run_until([&] { return house.desk.was_told("@eve:else.where"); }));
    EXPECT_TRUE(house.run_until([&] { return house.server.room("trap").at("invited").empty(); }));
    EXPECT_FALSE(is_in(house, "trap"));
}

TEST_F(MatrixDoors, F95_ManyInvitationsFromElsewhereAreAllDeclined) {
    house.server.act("add_user", {{"name", "@eve:else.where"}});
    for (int i = 0; i < 150; ++i) {
        auto const name = "trap" + std::to_string(i);
        house.server.act("add_room", {{"name", name}, {"creator", "@eve:else.where"}});
        house.server.act("invite", {{"user", "@eve:else.where"}, {"room", name}, {"whom", "coxswain"}});
    }
    house.happen("say", {{"user", "alice"}, {"room", "ops"}, {"text", "!inc status"}});
    EXPECT_EQ(house.heard(), Texts{"!inc status"});
    EXPECT_EQ(calls("join"), 0u);
}

TEST_F(MatrixDoors, AnInvitationThatWasTakenBackIsForgotten) {
    while_away([&] {
        house.server.act("invite", {{"user", "alice"}, {"room", "general"}, {"whom", "coxswain"}});
        house.server.act("kick", {{"user", "alice"}, {"room", "general"}, {"whom", "coxswain"}});
    });
    house.happen("say", {{"user", "alice"}, {"room", "ops"}, {"text", "!inc status"}});
    EXPECT_EQ(house.heard(), Texts{"!inc status"});
    EXPECT_FALSE(is_in(house, "general"));
}

TEST_F(MatrixDoors, AnInvitationIsNotForgottenByARestart) {
    house.server.fault({{"kind", "status"}, {"where", "join"}, {"count", -1}});
    house.happen("invite", {{"user", "alice"}, {"room", "general"}, {"whom", "coxswain"}});
    house.die();
    house.server.act("clear_faults");
    house.restart();
    EXPECT_TRUE(house.run_until([&] { return is_in(house, "general"); }));
}

TEST_F(MatrixDoors, AJoinThatTheHomeserverFailsAtIsTriedMoreAndMoreSeldomAndGivenUpAfterHours) {
    house.server.fault({{"kind", "status"}, {"where", "join"}, {"count", -1}});
    house.happen("invite", {{"user", "alice"}, {"room", "general"}, {"whom", "coxswain"}});
    ASSERT_TRUE(house.run_until([&] { return calls("join") >= 5; }));
    auto const joins = house.server.calls("join");
    auto const at = [&](std::size_t i) { return joins[i].at("at_ms").get<std::int64_t>(); };
    EXPECT_GE(at(4) - at(3), 8 * 20) << "the first wait, doubled three times";
    EXPECT_FALSE(house.desk.was_told("is not entered"));
    // A restart does not begin it all anew.
    house.desk.ahead = 7h;
    house.restart();
    ASSERT_TRUE(house.run_until([&] { return house.desk.was_told("is not entered"); }));
    EXPECT_TRUE(house.desk.was_told("invite the bot again"));
    auto const tried = calls("join");
    house.happen("say", {{"user", "alice"}, {"room", "ops"}, {"text", "!inc status"}});
    EXPECT_EQ(calls("join"), tried);
}

TEST_F(MatrixDoors, TheOperatorReadsWhichRoomItCameIntoAndByWhom) {
    json const name{{"name", "War room"}};
    house.server.act("set_state", {{"user", "alice"}, {"room", "general"}, {"type", "m.room.name"}, {"content", name}});
    house.server.act("invite", {{"user", "alice"}, {"room", "general"}, {"whom", "coxswain"}});
    EXPECT_TRUE(house.run_until([&] { return house.desk.was_told("came into War room (!"); }));
    EXPECT_TRUE(house.desk.was_told("invited by @alice:lab.test"));
}

TEST_F(MatrixDoors, WhereTheDoorStaysShutTheOperatorReadsWhatToDo) {
    house.server.fault(
        {{"kind", "error"}, {"where", "join"}, {"status", 403}, {"errcode", "M_FORBIDDEN"}, {"count", -1}});
    house.server.act("invite", {{"user", "alice"}, {"room", "general"}, {"whom", "coxswain"}});
    ASSERT_TRUE(house.run_until([&] { return house.desk.was_told("is not entered: M_FORBIDDEN"); }));
    EXPECT_TRUE(house.desk.was_told("invite the bot again"));
}

TEST_F(MatrixDoors, F89_ItFollowsAnUpgradedRoomAndTheIncidentStaysWhereItIs) {
    house.incident_in_ops();
    auto const old = house.ops();
    auto const fresh = house.server.act("upgrade", {{"user", "alice"}, {"room", "ops"}, {"version", "12"}});
    auto const address = fresh.at("room_id").get<std::string>();
    EXPECT_FALSE(address.contains(':'));
    house.server.act("invite", {{"user", "alice"}, {"room", address}, {"whom", "coxswain"}});
    ASSERT_TRUE(house.run_until([&] { return is_in(house, address); }));
    ASSERT_TRUE(house.run_until([&] { return !house.desk.shown_again.empty(); }));
    EXPECT_EQ(house.desk.shown_again.front(), old);
    house.happen("say", {{"user", "alice"}, {"room", address}, {"text", "!inc status"}});
    ASSERT_EQ(house.heard(), Texts{"!inc status"});
    EXPECT_EQ(house.inbox.received.back().place.id, old);
    EXPECT_EQ(house.deliver(1, effect::Post{old, effect::PostKind::word, "hello", {}}).what, Delivered::What::sent);
    EXPECT_TRUE(house.has_said("hello", address));
}

TEST_F(MatrixDoors, F89_WhatWasSaidInTheNewRoomBeforeItFollowedIsNotRun) {
    house.incident_in_ops();
    house.server.act(
        "set_state",
        {{"user", "alice"}, {"room", "ops"}, {"type", "m.room.join_rules"}, {"content", {{"join_rule", "public"}}}});
    house.server.fault({{"kind", "status"}, {"where", "join"}, {"count", 1}});
    auto const fresh = house.server.act("upgrade", {{"user", "alice"}, {"room", "ops"}, {"version", "12"}});
    auto const address = fresh.at("room_id").get<std::string>();
    say("!inc note before", "alice", address);
    ASSERT_TRUE(house.run_until([&] { return calls("join") == 1; }));
    ASSERT_TRUE(house.run_until([&] { return is_in(house, address); }));
    say("!inc note after", "alice", address);
    ASSERT_TRUE(house.caught_up());
    EXPECT_EQ(house.heard(), Texts{"!inc note after"});
}

TEST_F(MatrixDoors, F89_ARoomThatDoesNotSayThatItTakesThePlaceOfOursIsNotFollowed) {
    auto const made = house.server.act("add_room", {{"name", "other"}, {"creator", "bob"}});
    house.server.act("invite", {{"user", "bob"}, {"room", "other"}, {"whom", "coxswain"}});
    ASSERT_TRUE(house.run_until([&] { return is_in(house, "other"); }));
    house.server.act("set_level", {{"room", "ops"}, {"user", "bob"}, {"level", 100}});
    house.happen("set_state", {{"user", "bob"},
                               {"room", "ops"},
                               {"type", "m.room.tombstone"},
                               {"content", {{"body", "moved"}, {"replacement_room", made.at("room_id")}}}});
    ASSERT_TRUE(house.run_until([&] { return house.desk.was_told("does not say that it takes the place"); }));
    house.happen("say", {{"user", "alice"}, {"room", "ops"}, {"text", "!inc status"}});
    ASSERT_FALSE(house.inbox.received.empty());
    EXPECT_EQ(house.inbox.received.back().place.id, house.ops());
}

TEST_F(MatrixDoors, F91_S12_InARoomThatBecomesEncryptedItSaysOnceThatItCannotRead) {
    house.happen("set_state", {{"user", "alice"},
                               {"room", "ops"},
                               {"type", "m.room.encryption"},
                               {"content", {{"algorithm", "m.megolm.v1.aes-sha2"}}}});
    ASSERT_TRUE(house.run_until([&] { return house.has_said("encrypted"); }));
    for (int i = 0; i < 2; ++i)
        house.happen("send", {{"user", "alice"},
                              {"room", "ops"},
                              {"type", "m.room.encrypted"},
                              {"content", {{"algorithm", "m.megolm.v1.aes-sha2"}, {"ciphertext", "…"}}}});
    house.restart();
    ASSERT_TRUE(house.connect());
    house.happen("say", {{"user", "alice"}, {"room", "ops"}, {"text", "talk"}});
    auto const said = house.said();
    EXPECT_EQ(std::ranges::count_if(said, [](std::string const& each) { return each.contains("encrypted"); }), 1);
    EXPECT_TRUE(house.desk.was_told("encrypted"));
}

TEST_F(MatrixDoors, F91_InvitedToAnEncryptedRoomItSaysThatItCannotRead) {
    house.server.set({{"encrypts_new_rooms", true}});
    house.server.act("add_room", {{"name", "secret"}, {"creator", "alice"}});
    house.server.act("invite", {{"user", "alice"}, {"room", "secret"}, {"whom", "coxswain"}});
    EXPECT_TRUE(house.run_until([&] { return house.has_said("encrypted", "secret"); }));
}

TEST_F(MatrixDoors, S14_TwoWhoAreCalledAlikeAreTwo) {
    house.server.act("add_user", {{"name", "mallory"}, {"displayname", "alice"}});
    house.server.act("invite", {{"user", "alice"}, {"room", "ops"}, {"whom", "mallory"}});
    house.server.act("join", {{"user", "mallory"}, {"room", "ops"}});
    house.happen("say", {{"user", "alice"}, {"room", "ops"}, {"text", "!inc note one"}});
    house.happen("say", {{"user", "mallory"}, {"room", "ops"}, {"text", "!inc note two"}});
    ASSERT_EQ(house.inbox.received.size(), 2u);
    EXPECT_EQ(house.inbox.received[0].actor.id, MatrixHouse::person("alice").id);
    EXPECT_EQ(house.inbox.received[1].actor.id, MatrixHouse::person("mallory").id);
    EXPECT_NE(house.inbox.received[0].actor.name, house.inbox.received[1].actor.name);
}

TEST_F(MatrixDoors, S14_LettersThatOnlyLookAlikeMakeAnotherPerson) {
    auto const look_alike = "@\u0430lice:lab.test"; // its first letter is Cyrillic
    house.server.act("add_user", {{"name", look_alike}, {"displayname", "alice"}});
    house.server.act("invite", {{"user", "alice"}, {"room", "ops"}, {"whom", look_alike}});
    house.server.act("join", {{"user", look_alike}, {"room", "ops"}});
    house.happen("say", {{"user", look_alike}, {"room", "ops"}, {"text", "!inc status"}});
    ASSERT_EQ(house.inbox.received.size(), 1u);
    EXPECT_EQ(house.inbox.received[0].actor.id, matrix::user_id(look_alike));
    EXPECT_NE(house.inbox.received[0].actor.id, MatrixHouse::person("alice").id);
}

// S17: who is heard, and as what.
struct Admitted {
    char const* name;
    matrix::Admission admission;
    char const* user;
    fake_homeserver::Level level = 0;
    std::optional<Standing> standing; // none: not heard at all
};

class MatrixAdmission : public ::testing::TestWithParam<Admitted> {};

TEST_P(MatrixAdmission, S17_WhoMayActIsToldByIdServerAndPowerAndDenyWins) {
    auto const& [name, admission, user, level, standing] = GetParam();
    auto options = quick_matrix();
    options.admission = admission;
    MatrixHouse house{options};
    ASSERT_TRUE(house.connect());
    ASSERT_TRUE(house.caught_up());
    if (std::string_view{user} != "@alice:lab.test") {
        house.server.act("add_user", {{"name", user}});
        house.server.act("invite", {{"user", "alice"}, {"room", "ops"}, {"whom", user}});
        house.server.act("join", {{"user", user}, {"room", "ops"}});
        house.server.act("set_level", {{"room", "ops"}, {"user", user}, {"level", level}});
    }
    house.happen("say", {{"user", user}, {"room", "ops"}, {"text", "!inc status"}});
    ASSERT_EQ(house.inbox.received.size(), standing ? 1u : 0u);
    if (standing) {
        EXPECT_EQ(house.inbox.received.front().standing, *standing);
    }
    EXPECT_EQ(house.server.violations(), Texts{});
}

constexpr char const* carol = "@carol:lab.test";
constexpr char const* eve = "@eve:else.where";

INSTANTIATE_TEST_SUITE_P(
    Matrix, MatrixAdmission,
    testing::Values(
        Admitted{"own_server", {}, carol, 0, Standing::member}, Admitted{"elsewhere", {}, eve, 0, Standing::stranger},
        Admitted{"elsewhere_with_power", {}, eve, 100, Standing::stranger},
        Admitted{"allowed_by_id", {.allow = {eve}, .deny = {}, .invite = {}}, eve, 0, Standing::member},
        Admitted{"allowed_by_server", {.allow = {"else.where"}, .deny = {}, .invite = {}}, eve, 0, Standing::member},
        Admitted{"not_among_the_allowed", {.allow = {eve}, .deny = {}, .invite = {}}, carol, 0, Standing::guest},
        Admitted{"denied_by_id", {.allow = {}, .deny = {carol}, .invite = {}}, carol, 0, std::nullopt},
        Admitted{
            "denied_though_allowed", {.allow = {eve}, .deny = {"else.where"}, .invite = {}}, eve, 100, std::nullopt},
        Admitted{"too_little_power", {.allow = {}, .deny = {}, .invite = {}, .power = 50}, carol, 10, Standing::guest},
        Admitted{"enough_power", {.allow = {}, .deny = {}, .invite = {}, .power = 50}, carol, 50, Standing::member}),
    [](auto const& each) { return std::string{each.param.name}; });

} // namespace
} // namespace cox::test
