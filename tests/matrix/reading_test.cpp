// What comes in by /sync and by the history behind it: everything once, in its order, and nothing old.
#include "fake_homeserver/deeds.hpp"
#include "house_test.hpp"

#include <algorithm>

namespace cox::test {
namespace {

using MatrixReading = MatrixHouseTest;

// How the log names an event of Matrix.
std::string key_of(json const& said) {
    return "matrix:" + said.at("event_id").get<std::string>();
}

TEST_F(MatrixReading, ACommandIsHandedInWithWhoSaidItAndWhere) {
    auto const said = say("!inc status");
    ASSERT_TRUE(house.caught_up());
    ASSERT_EQ(house.inbox.received.size(), 1u);
    auto const& inbound = house.inbox.received.front();
    EXPECT_EQ(inbound.key, key_of(said));
    EXPECT_EQ(inbound.text, "!inc status");
    EXPECT_EQ(inbound.place.id, house.ops());
    EXPECT_EQ(inbound.actor.id, MatrixHouse::person("alice").id);
    EXPECT_EQ(inbound.standing, Standing::member);
}

TEST_F(MatrixReading, TheFirstWordsAfterARestartMayCallTheBotByItsDisplayName) {
    while_away([&] {
        house.server.act("set_displayname", {{"user", "coxswain"}, {"displayname", "The Helm"}});
        say("The Helm: status");
    });
    EXPECT_EQ(house.heard(), Texts{"status"});
}

TEST_F(MatrixReading, WhoSpeaksIsKnownByNameFromTheFirstWordsAfterARestart) {
    house.incident_in_ops();
    while_away([&] {
        house.server.act("set_displayname", {{"user", "alice"}, {"displayname", "Alice Lima"}});
        say("talk");
    });
    ASSERT_EQ(house.inbox.received.size(), 1u);
    EXPECT_EQ(house.inbox.received.front().actor.name, "Alice Lima");
}

TEST_F(MatrixReading, WhoIsInARoomIsAskedForOnce) {
    auto const before = calls("joined_members");
    for (auto const* const user : {"alice", "bob", "alice"})
        house.happen("say", {{"user", user}, {"room", "ops"}, {"text", "talk"}});
    EXPECT_EQ(calls("joined_members"), before + 1);
}

TEST_F(MatrixReading, WhereItCannotBeToldWhoIsThereARoomIsListenedToAllTheSame) {
    house.server.fault({{"kind", "error"}, {"where", "joined_members"}, {"status", 403}, {"errcode", "M_FORBIDDEN"}});
    house.happen("say", {{"user", "alice"}, {"room", "ops"}, {"text", "talk"}});
    house.happen("say", {{"user", "alice"}, {"room", "ops"}, {"text", "!inc status"}});
    EXPECT_EQ(house.heard(), Texts{"!inc status"});
}

class MatrixOwnRoom : public MatrixHouseTest {
protected:
    void SetUp() override {
        MatrixHouseTest::SetUp();
        auto const made = house.deliver(
            1, effect::OpenChannel{house.ops(), "inc-1", "checkout errors", MatrixHouse::person("alice")});
        ASSERT_TRUE(made.opened) << made.reason;
    }
};

TEST_F(MatrixOwnRoom, HasNoPastThatWouldHaveToBeAskedFor) {
    house.server.act("join", {{"user", "alice"}, {"room", "inc-1"}});
    say("!inc status", "alice", "inc-1");
    ASSERT_TRUE(house.caught_up());
    EXPECT_EQ(house.heard(), Texts{"!inc status"});
    EXPECT_EQ(calls("messages"), 0u);
}

TEST_F(MatrixOwnRoom, IsReadFromItsBeginningWhereMoreWasSaidThanComesAtOnce) {
    while_away([&] {
        house.server.act("join", {{"user", "alice"}, {"room", "inc-1"}});
        say("!inc note first", "alice", "inc-1");
        for (int i = 0; i < 150; ++i)
            say("talk", "alice", "inc-1");
        say("!inc note last", "alice", "inc-1");
    });
    EXPECT_EQ(house.heard(), (Texts{"!inc note first", "!inc note last"}));
}

TEST(MatrixPoll, WhatItsFilterHidesMovesItsPlaceOn) {
    auto options = quick_matrix();
    options.poll_for = 1100ms;
    MatrixHouse house{options};
    ASSERT_TRUE(house.connect());
    house.happen("send", {{"user", "alice"}, {"room", "ops"}, {"type", "of.no.interest"}, {"content", json::object()}});
    EXPECT_EQ(house.heard(), Texts{});
}

TEST(MatrixFirstStart, F82_NothingThatWasSaidBeforeIsRun) {
    MatrixHouse house{quick_matrix(), [](auto& server) {
                          server.act("say", {{"user", "alice"}, {"room", "ops"}, {"text", "!inc declare 1 old"}});
                      }};
    ASSERT_TRUE(house.connect());
    ASSERT_TRUE(house.caught_up());
    EXPECT_EQ(house.heard(), Texts{});
    house.happen("say", {{"user", "alice"}, {"room", "ops"}, {"text", "!inc declare 1 new"}});
    EXPECT_EQ(house.heard(), Texts{"!inc declare 1 new"});
}

TEST_F(MatrixReading, F82_WhereItsPlaceIsNotKnownAnyMoreNothingOldIsRun) {
    house.server.fault({{"kind", "error"},
                        {"where", "sync"},
                        {"status", 400},
                        {"errcode", "M_UNKNOWN"},
                        {"error", "Invalid stream token"}});
    while_away([&] { say("!inc declare 1 lost"); });
    EXPECT_EQ(house.heard(), Texts{});
    EXPECT_TRUE(house.desk.was_told("no longer knows the place"));
    house.happen("say", {{"user", "alice"}, {"room", "ops"}, {"text", "!inc status"}});
    EXPECT_EQ(house.heard(), Texts{"!inc status"});
}

// One word of the homeserver may mean the filter or the place.
TEST_F(MatrixReading, F82_AFilterThatTheHomeserverForgotIsGivenAgainAndNothingIsLost) {
    house.server.fault({{"kind", "error"}, {"where", "sync"}, {"status", 400}, {"errcode", "M_INVALID_PARAM"}});
    while_away([&] { say("!inc note one"); });
    EXPECT_EQ(house.heard(), Texts{"!inc note one"});
    EXPECT_FALSE(house.desk.was_told("no longer knows the place"));
    EXPECT_EQ(calls("filter"), 2u);
}

TEST_F(MatrixReading, F82_WhereAFreshFilterDoesNotHelpThePlaceIsLeftWithAWord) {
    house.server.fault(
        {{"kind", "error"}, {"where", "sync"}, {"status", 400}, {"errcode", "M_INVALID_PARAM"}, {"count", 2}});
    while_away([&] { say("!inc declare 1 lost"); });
    EXPECT_EQ(house.heard(), Texts{});
    EXPECT_TRUE(house.desk.was_told("no longer knows the place"));
    EXPECT_EQ(calls("filter"), 2u);
    house.happen("say", {{"user", "alice"}, {"room", "ops"}, {"text", "!inc status"}});
    EXPECT_EQ(house.heard(), Texts{"!inc status"});
}

TEST_F(MatrixReading, WhatWasSaidWhileItWasAwayIsRunWhenItIsBack) {
    while_away([&] {
        say("!inc note one");
        say("!inc note two", "bob");
    });
    EXPECT_EQ(house.heard(), (Texts{"!inc note one", "!inc note two"}));
}

// A crash between the two would lose a command or run it twice.
TEST_F(MatrixReading, F81_ThePlaceIsOnDiskWithTheLastOfWhatItBroughtAndNeverBefore) {
    std::vector<std::string> keys;
    house.die();
    auto const first = house.store.batches.size();
    for (auto const* const text : {"!inc note one", "!inc note two", "!inc note three"})
        keys.push_back(key_of(say(text)));
    house.restart();
    ASSERT_TRUE(house.connect());
    ASSERT_TRUE(house.caught_up());

    auto const& batches = house.store.batches;
    std::size_t last_key = 0;
    std::size_t first_place = batches.size();
    for (auto at = first; at < batches.size(); ++at) {
        for (auto const& key : keys)
            if (std::ranges::find(batches[at].keys, key) != batches[at].keys.end()) last_key = at;
        bool const moves =
            std::ranges::find(batches[at].cursors, "matrix:place", &store::Cursor::name) != batches[at].cursors.end();
        if (moves) first_place = std::min(first_place, at);
    }
    EXPECT_EQ(first_place, last_key);
}

TEST_F(MatrixReading, F81_WhatWasTakenInJustBeforeACrashIsNotRunAgain) {
    auto const before = house.store.found().cursors;
    house.happen("say", {{"user", "alice"}, {"room", "ops"}, {"text", "!inc note one"}});
    // The place as it was, as if the machine had died before it was written.
    store::Batch back;
    back.cursors = before;
    house.die();
    house.store.commit(std::move(back), [] {});
    house.restart();
    ASSERT_TRUE(house.connect());
    ASSERT_TRUE(house.caught_up());
    EXPECT_EQ(house.heard(), Texts{"!inc note one"});
}

TEST_F(MatrixReading, F93_WhatComesTwiceIsRunOnce) {
    house.happen("say", {{"user", "alice"}, {"room", "ops"}, {"text", "!inc note one"}});
    house.happen("say", {{"user", "bob"}, {"room", "ops"}, {"text", "!inc note two"}});
    house.server.fault({{"kind", "repeated"}, {"events", 2}});
    house.happen("say", {{"user", "alice"}, {"room", "ops"}, {"text", "!inc note three"}});
    EXPECT_EQ(house.heard(), (Texts{"!inc note one", "!inc note two", "!inc note three"}));
}

TEST_F(MatrixReading, F93_ATokenThatNeverMovesIsNotAskedForInABusyLoop) {
    auto const stuck = "s" + std::to_string(house.place()) + "_0";
    house.server.set({{"stuck_at", stuck}});
    auto const stuck_calls = [&] {
        auto all = house.server.calls("sync");
        std::erase_if(all, [&](json const& call) { return call.at("query").value("since", "") != stuck; });
        return all;
    };
    house.server.act("reset_connections"); // the poll that waits
    ASSERT_TRUE(house.run_until([&] { return stuck_calls().size() >= 5; }));
    auto const asked = stuck_calls();
    for (auto i = asked.size() - 2; i < asked.size(); ++i)
        EXPECT_GE(asked[i].at("at_ms").get<std::int64_t>() - asked[i - 1].at("at_ms").get<std::int64_t>(), 990);
}

TEST_F(MatrixReading, F80_AGapIsFilledAndItsCommandsRunInTheirOrder) {
    Texts expected;
    while_away([&] {
        for (int i = 0; i < 250; ++i) {
            auto const text = "!inc note " + std::to_string(i);
            say(i % 10 == 0 ? text : "talk");
            if (i % 10 == 0) expected.push_back(text);
        }
    });
    EXPECT_EQ(house.heard(), expected);
    EXPECT_GE(calls("messages"), 2u);
}

// Synapse gives such pages where a filter leaves nothing of those that it looked at.
TEST_F(MatrixReading, F80_AnEmptyPageIsNotTheEndOfTheGap) {
    house.server.set({{"messages_scanned", 20}});
    while_away([&] {
        say("!inc note first");
        for (int i = 0; i < 60; ++i)
            house.server.act("send",
                             {{"user", "bob"}, {"room", "ops"}, {"type", "of.no.interest"}, {"content", {{"n", i}}}});
        say("!inc note middle");
        for (int i = 0; i < 120; ++i)
            say("talk");
    });
    EXPECT_EQ(house.heard(), (Texts{"!inc note first", "!inc note middle"}));
}

TEST_F(MatrixReading, F80_WhereMoreWasSaidThanIsReadItSaysThatItMissedSomething) {
    while_away([&] {
        house.server.inside([](fake_homeserver::Homeserver& server) {
            auto& room = *server.world.room("ops");
            for (int i = 0; i < 5300; ++i)
                fake_homeserver::add_event(
                    server, room, "@alice:lab.test",
                    {.type = "m.room.message", .content = {{"msgtype", "m.text"}, {"body", "talk"}}});
        });
        say("!inc status");
    });
    EXPECT_TRUE(house.run_until([&] { return house.has_said("I missed some of what was said here"); }));
    EXPECT_EQ(house.heard(), Texts{"!inc status"});
}

TEST_F(MatrixReading, F84_AHomeserverThatIsAwayIsListenedToAgainAndNothingIsLost) {
    house.server.inside([](fake_homeserver::Homeserver& server) { server.http.go_down(); });
    say("!inc note meanwhile");
    ASSERT_TRUE(house.run_until([&] { return !house.network->troubles().empty(); }));
    house.server.inside([](fake_homeserver::Homeserver& server) { server.http.come_up(); });
    ASSERT_TRUE(house.connect());
    ASSERT_TRUE(house.caught_up());
    EXPECT_EQ(house.heard(), Texts{"!inc note meanwhile"});
}

// What was said after the backup is gone, and the place up to which it had read lies in a future that is another now.
TEST(MatrixPoll, F83_AHomeserverFromABackupIsListenedToAgain) {
    auto options = quick_matrix();
    options.poll_for = 1100ms;
    options.listen_after = 1s;
    MatrixHouse house{options};
    ASSERT_TRUE(house.connect());
    auto const backup = house.server.act("position").at("position");
    for (int i = 0; i < 20; ++i)
        house.server.act("say", {{"user", "alice"}, {"room", "ops"}, {"text", "talk"}});
    ASSERT_TRUE(house.caught_up());
    house.incident_in_ops();
    house.server.act("restore", {{"position", backup}});
    // It looks at what was said last where an incident is open, and then whether that is still the last.
    ASSERT_TRUE(house.run_until([&] { return !house.server.calls("messages").empty(); }));
    house.server.act("say", {{"user", "alice"}, {"room", "ops"}, {"text", "!inc note unheard"}});
    ASSERT_TRUE(house.run_until([&] { return house.desk.was_told("put back to an older day"); }));
    ASSERT_TRUE(house.connect());
    // What stood there may be gone.
    ASSERT_TRUE(house.run_until([&] { return house.desk.shown_again == std::vector{house.ops()}; }));
    house.server.act("say", {{"user", "alice"}, {"room", "ops"}, {"text", "!inc note heard"}});
    EXPECT_TRUE(house.run_until([&] { return house.heard() == Texts{"!inc note heard"}; }));
    EXPECT_EQ(house.server.violations(), Texts{});
}

TEST_F(MatrixReading, F92_ALateEventIsHandedInWithTheTimeAtWhichItWasSaid) {
    auto const an_hour_ago = std::chrono::floor<Duration>(std::chrono::system_clock::now()) - 1h;
    house.happen("say", {{"user", "alice"},
                         {"room", "ops"},
                         {"text", "!inc note late"},
                         {"ts", an_hour_ago.time_since_epoch().count()}});
    ASSERT_EQ(house.inbox.received.size(), 1u);
    EXPECT_EQ(house.inbox.received.front().said_at, Time{an_hour_ago});
}

TEST_F(MatrixReading, F92_WhatArrivedFirstIsRunFirstWhateverItsClockSaid) {
    auto const now = std::chrono::floor<Duration>(std::chrono::system_clock::now()).time_since_epoch().count();
    while_away([&] {
        for (auto const& [text, ts] : {std::pair{"!inc note one", now}, {"!inc note two", now - 5000}})
            house.server.act("say", {{"user", "alice"}, {"room", "ops"}, {"text", text}, {"ts", ts}});
    });
    EXPECT_EQ(house.heard(), (Texts{"!inc note one", "!inc note two"}));
}

// What is a person's word, and what is none.
struct Said {
    char const* name;
    json content;
};
class MatrixWords : public MatrixHouseTest, public ::testing::WithParamInterface<Said> {};

TEST_P(MatrixWords, F90_WhatIsNoWordOfAPersonIsNotRun) {
    house.happen("send",
                 {{"user", "alice"}, {"room", "ops"}, {"type", "m.room.message"}, {"content", GetParam().content}});
    EXPECT_EQ(house.heard(), Texts{});
}

INSTANTIATE_TEST_SUITE_P(
    Matrix, MatrixWords,
    testing::Values(Said{"notice", {{"msgtype", "m.notice"}, {"body", "!inc status"}}},
                    Said{"emote", {{"msgtype", "m.emote"}, {"body", "!inc status"}}},
                    Said{"image", {{"msgtype", "m.image"}, {"body", "!inc status"}, {"url", "mxc://lab.test/x"}}},
                    Said{"no_text", {{"msgtype", "m.text"}, {"body", ""}}},
                    Said{"quotation_alone",
                         {{"msgtype", "m.text"},
                          {"body", "> <@bob:lab.test> !inc status\n\nyes"},
                          {"m.relates_to", {{"m.in_reply_to", {{"event_id", "$x"}}}}}}}),
    [](auto const& each) { return std::string{each.param.name}; });

TEST_F(MatrixReading, F90_AnEditRunsNothing) {
    house.happen("say", {{"user", "alice"}, {"room", "ops"}, {"text", "!inc note one"}});
    house.happen("edit", {{"user", "alice"}, {"room", "ops"}, {"with", "note one"}, {"text", "!inc note two"}});
    EXPECT_EQ(house.heard(), Texts{"!inc note one"});
}

TEST_F(MatrixReading, F90_ACommandThatWasRemovedBeforeItWasReadIsNotRun) {
    while_away([&] {
        say("!inc declare 1 mistake");
        house.server.act("redact", {{"user", "alice"}, {"room", "ops"}, {"with", "mistake"}});
    });
    EXPECT_EQ(std::ranges::count(house.heard(), "!inc declare 1 mistake"), 0);
}

TEST_F(MatrixReading, F90_TheQuotationInFrontOfAReplyIsNotReadAsTheCommand) {
    house.happen("say", {{"user", "alice"},
                         {"room", "ops"},
                         {"text", "> <@bob:lab.test> what now?\n\n!inc status"},
                         {"content", {{"m.relates_to", {{"m.in_reply_to", {{"event_id", "$x"}}}}}}}});
    EXPECT_EQ(house.heard(), Texts{"!inc status"});
}

TEST_F(MatrixReading, ContentOfAnyShapeDoesNoHarm) {
    json const strange[] = {
        {{"body", "x"}, {"msgtype", "m.text"}, {"m.mentions", 7}},
        {{"body", "x"}, {"msgtype", "m.text"}, {"m.relates_to", "no object"}},
        {{"body", "x"}, {"msgtype", "m.text"}, {"format", 1}, {"formatted_body", json::array({1, 2})}},
        {{"body", std::string(20'000, '<')}, {"msgtype", "m.text"}},
    };
    for (auto const& content : strange)
        house.server.inside([&](fake_homeserver::Homeserver& server) {
            fake_homeserver::add_event(server, *server.world.room("ops"), "@alice:lab.test",
                                       {.type = "m.room.message", .content = content});
        });
    json deep = 7;
    for (int i = 0; i < 200; ++i)
        deep = json::array({std::move(deep)});
    house.server.inside([&](fake_homeserver::Homeserver& server) {
        fake_homeserver::add_event(
            server, *server.world.room("ops"), "@alice:lab.test",
            {.type = "m.room.message", .content = {{"body", "x"}, {"msgtype", "m.text"}, {"deep", std::move(deep)}}});
    });
    for (auto const* const type : {"m.reaction", "m.room.member", "m.room.topic", "m.room.power_levels",
                                   "m.room.pinned_events", "m.room.tombstone", "m.room.redaction"})
        house.server.inside([&](fake_homeserver::Homeserver& server) {
            fake_homeserver::Draft draft{.type = type,
                                         .content = {{"users", "none"}, {"pinned", 1}, {"m.relates_to", 0}}};
            if (std::string_view{type} != "m.reaction" && std::string_view{type} != "m.room.redaction")
                draft.state_key = std::string_view{type} == "m.room.member" ? "@carol:lab.test" : "";
            fake_homeserver::add_event(server, *server.world.room("ops"), "@alice:lab.test", std::move(draft));
        });
    house.server.inside([](fake_homeserver::Homeserver& server) {
        fake_homeserver::add_event(
            server, *server.world.room("ops"), "@alice:lab.test",
            {.type = "m.room.message", .content = {{"msgtype", "m.text"}, {"body", "!inc status"}}});
    });
    ASSERT_TRUE(house.caught_up());
    EXPECT_EQ(std::ranges::count(house.heard(), "!inc status"), 1);
}

// Of a shape that nobody means well with: nested deeper than is read, and with more members.
json hostile(json content) {
    json nested = 7;
    for (int i = 0; i < 70; ++i)
        nested = json::array({std::move(nested)});
    content["nested"] = std::move(nested);
    content["many"] = std::vector<int>(20'000, 1);
    return content;
}

TEST_F(MatrixReading, OneHostileEventOrInvitationKeepsNobodyElseFromBeingHeard) {
    while_away([&] {
        house.server.act("add_room", {{"name", "trap"}, {"creator", "bob"}});
        house.server.inside([](fake_homeserver::Homeserver& server) {
            fake_homeserver::add_event(server, *server.world.room("trap"), "@bob:lab.test",
                                       {.type = "m.room.name", .content = hostile({{"name", "x"}}), .state_key = ""});
            fake_homeserver::add_event(
                server, *server.world.room("ops"), "@bob:lab.test",
                {.type = "m.room.message", .content = hostile({{"msgtype", "m.text"}, {"body", "!inc note hostile"}})});
        });
        house.server.act("invite", {{"user", "bob"}, {"room", "trap"}, {"whom", "coxswain"}});
        say("!inc status");
    });
    EXPECT_EQ(house.heard(), (Texts{"!inc note hostile", "!inc status"}));
}

TEST_F(MatrixReading, OneHostileEventInAGapCostsNothingOfTheGap) {
    while_away([&] {
        say("!inc note before");
        house.server.inside([](fake_homeserver::Homeserver& server) {
            fake_homeserver::add_event(
                server, *server.world.room("ops"), "@bob:lab.test",
                {.type = "m.room.message", .content = hostile({{"msgtype", "m.text"}, {"body", "talk"}})});
        });
        say("!inc note after");
        for (int i = 0; i < 120; ++i)
            say("talk");
    });
    EXPECT_EQ(house.heard(), (Texts{"!inc note before", "!inc note after"}));
    EXPECT_FALSE(house.has_said("I missed some"));
}

} // namespace
} // namespace cox::test
