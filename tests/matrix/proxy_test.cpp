// The second way in: an application service's proxy brings what happens, by WebSocket, sooner than /sync. It keeps
// nothing, so whatever becomes of it /sync must have the last word, and nothing may run twice.
#include "fake_homeserver/deeds.hpp"
#include "fake_homeserver/shown.hpp"
#include "fake_wsproxy.hpp"
#include "house_test.hpp"

#include <algorithm>

namespace cox::test {
namespace {

constexpr char as_token[] = "as-token-of-the-test";

matrix::MatrixOptions behind(FakeWsproxy const& proxy) {
    auto options = quick_matrix();
    options.websocket = proxy.address();
    // What comes while it is connected has come by it, unless a test asks /sync to look.
    options.look_every = 1h;
    options.poll_for = 1100ms; // one that waits when the proxy comes back ends soon
    options.proxy.first_wait = 20ms;
    options.proxy.longest_wait = 100ms;
    return options;
}

class MatrixProxied : public ::testing::Test {
protected:
    using Change = std::function<void(matrix::MatrixOptions&)>;
    explicit MatrixProxied(Change const& change = {})
        : house{changed(behind(proxy), change),
                [](auto& server) {
                    server.set({{"as_token", as_token}});
                },
                {.as_token = as_token}} {}

    void SetUp() override {
        ASSERT_TRUE(house.connect());
        ASSERT_TRUE(house.run_until([&] { return proxy.is_connected(); }));
        ASSERT_TRUE(house.run_until([&] { return house.desk.was_told("connected to the application service"); }));
        ASSERT_TRUE(house.caught_up());
        ASSERT_TRUE(idle());
    }
    void TearDown() override { EXPECT_EQ(house.server.violations(), Texts{}); }

    static matrix::MatrixOptions changed(matrix::MatrixOptions options, Change const& change) {
        if (change) change(options);
        return options;
    }
    // It asks /sync nothing: only the proxy can bring what is said now.
    bool idle() {
        return house.run_until([&] { return !house.server.wait_for({{"polling", "coxswain"}}, 0ms); });
    }
    // As the homeserver gives it to an application service.
    json event(std::string const& id) {
        json out;
        house.server.inside([&](fake_homeserver::Homeserver& server) {
            auto const& found = *server.world.event(id);
            out = shown(server, *server.world.room(found.room), found, {}, true);
        });
        return out;
    }
    // Said in the room, and not brought yet.
    json said(std::string_view text, std::string_view user = "alice") {
        auto const answer = house.server.act("say", {{"user", user}, {"room", "ops"}, {"text", text}});
        return event(answer.at("event_id"));
    }
    bool has_heard(Texts const& texts) {
        return house.run_until([&] { return house.heard().size() >= texts.size(); }) && house.heard() == texts;
    }
    // Another connection than those so far, and it is told of.
    bool connected_anew(int before) {
        return house.run_until([&] { return proxy.connections_ever() > before && proxy.is_connected(); });
    }
    std::size_t answers() {
        return static_cast<std::size_t>(
            std::ranges::count_if(proxy.heard(), [](json const& each) { return each.value("command", "") != "ping"; }));
    }

    FakeWsproxy proxy{as_token};
    MatrixHouse house;
};

TEST_F(MatrixProxied, ItAsksForTheStreamAsTheApplicationServiceAndLogsInAsItsUser) {
    EXPECT_EQ(proxy.asked(), Texts{"/_matrix/client/unstable/fi.mau.as_sync"});
    EXPECT_EQ(proxy.refused(), 0);
    auto const logins = house.server.calls("login");
    ASSERT_EQ(logins.size(), 1u);
    EXPECT_EQ(logins[0].at("body").at("type"), "m.login.application_service");
    EXPECT_EQ(logins[0].at("body").at("device_id"), "COXSWAIN");
}

TEST_F(MatrixProxied, WhatItBringsIsCarriedOutAtOnceAndNothingIsAnswered) {
    auto const place = house.place();
    ASSERT_TRUE(proxy.transaction("1", {said("!inc note one"), said("!inc note two", "bob")}));
    EXPECT_TRUE(has_heard({"!inc note one", "!inc note two"}));
    EXPECT_EQ(house.place(), place) << "/sync was not asked";
    ASSERT_TRUE(proxy.transaction("2", {said("!inc note three")}));
    EXPECT_TRUE(has_heard({"!inc note one", "!inc note two", "!inc note three"}));
    EXPECT_EQ(answers(), 0u) << "such a proxy takes an answer for an unknown command";
}

TEST_F(MatrixProxied, WhatSyncBringsAgainIsCarriedOutOnce) {
    ASSERT_TRUE(proxy.transaction("1", {said("!inc note one"), said("!inc note two")}));
    ASSERT_TRUE(has_heard({"!inc note one", "!inc note two"}));
    ASSERT_TRUE(proxy.close(1001, "server_shutting_down"));
    ASSERT_TRUE(house.caught_up());
    EXPECT_EQ(house.heard(), (Texts{"!inc note one", "!inc note two"}));
}

TEST_F(MatrixProxied, WhatItBroughtBeforeACrashIsNotCarriedOutAgainAfterIt) {
    ASSERT_TRUE(proxy.transaction("1", {said("!inc note one")}));
    ASSERT_TRUE(has_heard({"!inc note one"}));
    house.restart();
    ASSERT_TRUE(house.connect());
    ASSERT_TRUE(house.caught_up());
    EXPECT_EQ(house.heard(), Texts{"!inc note one"});
}

// Its ids begin anew when the homeserver does, and a transaction that the homeserver was not sure of comes under
// whatever id.
TEST_F(MatrixProxied, ItsTransactionsMayBeNumberedAnewOrComeTwice) {
    auto const one = said("!inc note one");
    ASSERT_TRUE(proxy.transaction("1", {one}));
    ASSERT_TRUE(proxy.transaction("1", {one}));
    ASSERT_TRUE(proxy.transaction("2", {said("!inc note two")}));
    ASSERT_TRUE(has_heard({"!inc note one", "!inc note two"}));
    ASSERT_TRUE(proxy.close(1001, "server_shutting_down"));
    ASSERT_TRUE(connected_anew(1));
    ASSERT_TRUE(proxy.transaction("1", {said("!inc note three")}));
    ASSERT_TRUE(proxy.transaction("2", {one, said("!inc note four")}));
    EXPECT_TRUE(has_heard({"!inc note one", "!inc note two", "!inc note three", "!inc note four"}));
}

TEST_F(MatrixProxied, OneThatWantsToHearThatATransactionArrivedIsTold) {
    ASSERT_TRUE(proxy.transaction("5", {said("!inc note one")}, 9));
    ASSERT_TRUE(house.run_until([&] { return answers() == 1; }));
    json const expected{{"id", 9}, {"command", "response"}, {"data", {{"txn_id", "5"}}}};
    EXPECT_EQ(proxy.heard().back(), expected);
    EXPECT_TRUE(has_heard({"!inc note one"}));
}

TEST_F(MatrixProxied, WhatItNeverBroughtIsCaughtUpWithAfterEachConnection) {
    Texts expected;
    for (int round = 1; round <= 3; ++round) {
        auto const text = "!inc note " + std::to_string(round);
        expected.push_back(text);
        (void)said(text); // it is written to a connection that is dead already
        ASSERT_TRUE(proxy.reset());
        ASSERT_TRUE(connected_anew(round));
        EXPECT_TRUE(has_heard(expected));
    }
    EXPECT_TRUE(house.run_until([&] { return house.network->troubles().empty(); }));
}

TEST_F(MatrixProxied, WhileItIsAwaySyncAloneListens) {
    proxy.be_there(false);
    ASSERT_TRUE(proxy.reset());
    ASSERT_TRUE(house.run_until([&] { return proxy.refused() >= 2; }));
    for (auto const* const text : {"!inc note one", "!inc note two"})
        house.happen("say", {{"user", "alice"}, {"room", "ops"}, {"text", text}});
    EXPECT_EQ(house.heard(), (Texts{"!inc note one", "!inc note two"}));
    EXPECT_EQ(house.network->troubles(), Texts{}) << "nothing that anybody has to mend";
    EXPECT_TRUE(house.desk.was_told("/sync alone listens meanwhile"));
    proxy.be_there(true);
    ASSERT_TRUE(connected_anew(1));
    ASSERT_TRUE(house.caught_up());
    ASSERT_TRUE(idle());
    ASSERT_TRUE(proxy.transaction("1", {said("!inc note three")}));
    EXPECT_TRUE(has_heard({"!inc note one", "!inc note two", "!inc note three"}));
}

struct Goodbye {
    char const* name;
    std::uint16_t code;
    char const* reason;
};
class MatrixProxyGoodbye : public MatrixProxied, public ::testing::WithParamInterface<Goodbye> {};

TEST_P(MatrixProxyGoodbye, IsFollowedByAnotherConnectionAndNothingIsLost) {
    ASSERT_TRUE(proxy.close(GetParam().code, GetParam().reason));
    (void)said("!inc note meanwhile");
    ASSERT_TRUE(connected_anew(1));
    ASSERT_TRUE(house.caught_up());
    ASSERT_TRUE(idle());
    ASSERT_TRUE(proxy.transaction("1", {said("!inc note after")}));
    EXPECT_TRUE(has_heard({"!inc note meanwhile", "!inc note after"}));
    EXPECT_TRUE(house.desk.was_told("code " + std::to_string(GetParam().code)));
    EXPECT_EQ(house.network->troubles(), Texts{});
}

INSTANTIATE_TEST_SUITE_P(Matrix, MatrixProxyGoodbye,
                         testing::Values(Goodbye{"it_is_shutting_down", 1001, "server_shutting_down"},
                                         Goodbye{"it_restarts", 1012, "server_shutting_down"},
                                         Goodbye{"it_misses_an_answer", 4002, "transactions_not_acknowledged"},
                                         Goodbye{"it_says_nothing_of_use", 1000, ""}),
                         [](auto const& each) { return std::string{each.param.name}; });

TEST_F(MatrixProxied, WhereAnotherBotTookItsConnectionItDoesNotFightAndListensBySync) {
    ASSERT_TRUE(proxy.close(4001, R"({"command": "disconnect", "status": "conn_replaced"})"));
    ASSERT_TRUE(house.run_until([&] { return !house.network->troubles().empty(); }));
    EXPECT_TRUE(house.network->troubles().front().contains("another bot has taken over"));
    for (int i = 1; i <= 5; ++i)
        house.happen("say", {{"user", "alice"}, {"room", "ops"}, {"text", "!inc note " + std::to_string(i)}});
    EXPECT_EQ(house.heard().size(), 5u);
    EXPECT_EQ(proxy.connections_ever(), 1);
}

TEST_F(MatrixProxied, ATokenThatIsRefusedIsToldAndSyncListens) {
    proxy.accept_token("another");
    ASSERT_TRUE(proxy.reset());
    ASSERT_TRUE(house.run_until([&] { return !house.network->troubles().empty(); }));
    EXPECT_TRUE(house.network->troubles().front().contains("COXSWAIN_MATRIX_AS_TOKEN"));
    house.happen("say", {{"user", "alice"}, {"room", "ops"}, {"text", "!inc note one"}});
    EXPECT_EQ(house.heard(), Texts{"!inc note one"});
    proxy.accept_token(as_token);
    ASSERT_TRUE(connected_anew(1));
    EXPECT_TRUE(house.run_until([&] { return house.network->troubles().empty(); }));
}

class MatrixProxyPings : public MatrixProxied {
protected:
    MatrixProxyPings()
        : MatrixProxied{[](matrix::MatrixOptions& options) {
              options.proxy.ping_every = 30ms;
              options.proxy.answer_within = 200ms;
          }} {}
};

TEST_F(MatrixProxyPings, KeepAConnectionThatAnswersThem) {
    ASSERT_TRUE(house.run_until([&] { return proxy.pings() >= 5; }));
    EXPECT_EQ(proxy.connections_ever(), 1);
    auto const first = proxy.heard().front();
    EXPECT_EQ(first.at("command"), "ping");
    EXPECT_EQ(first.at("id"), 1);
    EXPECT_TRUE(first.at("data").at("timestamp").is_number_integer());
}

TEST_F(MatrixProxyPings, FindOutThatTheProxyIsDeadAndNothingIsLost) {
    proxy.answer_pings(false);
    (void)said("!inc note unheard");
    ASSERT_TRUE(connected_anew(1));
    proxy.answer_pings(true);
    EXPECT_TRUE(has_heard({"!inc note unheard"}));
}

TEST_F(MatrixProxied, ThePingsOfTheWebSocketItselfAreAnswered) {
    ASSERT_TRUE(proxy.ping());
    EXPECT_TRUE(house.run_until([&] { return proxy.pongs() == 1; }));
}

TEST_F(MatrixProxied, ARequestOfItsThatIsNotUnderstoodIsAnsweredSo) {
    ASSERT_TRUE(proxy.say(R"({"id":3,"command":"http_proxy","data":{"method":"GET","path":"/"}})"));
    ASSERT_TRUE(house.run_until([&] { return answers() == 1; }));
    EXPECT_EQ(proxy.heard().back().at("command"), "error");
    EXPECT_EQ(proxy.heard().back().at("id"), 3);
}

TEST_F(MatrixProxied, FramesOfAnyShapeDoNoHarm) {
    for (auto const* const text :
         {"", "no JSON", "[]", "{}", R"({"txn_id":7,"events":[]})", R"({"txn_id":"7","events":{"a":1}})",
          R"({"txn_id":"8","events":[7,null,{"room_id":5},{"type":"m.room.message","room_id":"!x:y"}]})",
          R"({"status":"connected"})", R"({"command":"connect"})", R"({"id":99,"command":"response"})"})
        ASSERT_TRUE(proxy.say(text));
    ASSERT_TRUE(proxy.say_binary(std::string_view{"\0\1\2", 3}));
    ASSERT_TRUE(proxy.transaction("9", {said("!inc note one")}));
    EXPECT_TRUE(has_heard({"!inc note one"}));
    EXPECT_EQ(proxy.connections_ever(), 1);
}

TEST_F(MatrixProxied, MuchAtOnceIsTaken) {
    auto events = json::array();
    for (int i = 0; i < 60; ++i)
        events.push_back(said("talk " + std::string(50'000, 'x')));
    events.push_back(said("!inc note one"));
    ASSERT_TRUE(proxy.transaction("1", std::move(events)));
    EXPECT_TRUE(has_heard({"!inc note one"}));
    EXPECT_EQ(proxy.connections_ever(), 1);
}

// Of its own coming and going only /sync tells the whole.
TEST_F(MatrixProxied, AnInvitationThatItBringsMakesSyncLook) {
    auto const invited = house.server.act("invite", {{"user", "alice"}, {"room", "general"}, {"whom", "coxswain"}});
    auto const invitation = house.server.events("general").back().at("event_id");
    ASSERT_TRUE(proxy.transaction("1", {event(invitation)}));
    EXPECT_TRUE(house.run_until([&] {
        auto const members = house.server.room("general").at("members");
        return std::ranges::find(members, json("@coxswain:lab.test")) != members.end();
    }));
}

// While the homeserver does not answer, what was said meanwhile is older than what the proxy brings.
TEST_F(MatrixProxied, WhileSyncDoesNotAnswerNothingOvertakesWhatOnlySyncKnows) {
    house.server.fault({{"kind", "status"}, {"where", "sync"}, {"status", 502}, {"count", -1}});
    (void)said("!inc note first"); // never brought
    ASSERT_TRUE(proxy.reset());
    ASSERT_TRUE(house.run_until([&] { return !house.network->troubles().empty(); }));
    ASSERT_TRUE(connected_anew(1));
    ASSERT_TRUE(proxy.transaction("1", {said("!inc note second")}));
    ASSERT_TRUE(proxy.ping());
    ASSERT_TRUE(house.run_until([&] { return proxy.pongs() == 1; })) << "the transaction before it was read";
    EXPECT_EQ(house.heard(), Texts{});
    house.server.act("clear_faults");
    EXPECT_TRUE(has_heard({"!inc note first", "!inc note second"}));
}

} // namespace
} // namespace cox::test
