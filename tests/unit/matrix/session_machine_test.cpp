#include "adapters/matrix/session_machine.hpp"

#include "core/overloaded.hpp"

#include <gtest/gtest.h>

namespace cox::matrix {
namespace {

using namespace std::chrono_literals;
using Words = std::vector<std::string>;

constexpr Time now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 25}};

std::string word(SessionAction const& action) {
    return std::visit(
        overloaded{[](act::AskWellKnown const& ask) { return "well-known of " + ask.server; },
                   [](act::AskWhoWeAre const& ask) { return "who is " + ask.token; },
                   [](act::LogIn const& in) { return "log in " + in.user + " " + in.password + " " + in.device; },
                   [](act::Refresh const& refresh) { return "refresh " + refresh.refresh_token; },
                   [](act::UseBase const& base) { return "at " + base.url; },
                   [](act::Save const& save) { return "save " + save.session.token; },
                   [](act::Serve const& serve) { return "serve " + serve.session.token; },
                   [](act::GiveUp const&) { return std::string{"give up"}; },
                   [](act::Wait const& wait) { return "wait " + std::to_string(wait.span.count()); },
                   [](act::LookAtSecrets const& look) { return "look " + std::to_string(look.span.count()); },
                   [](act::Say const&) { return std::string{"say"}; }},
        action);
}

Words words(SessionMachine::Actions const& actions) {
    Words out;
    for (auto const& action : actions)
        out.push_back(word(action));
    return out;
}

Answer good(std::string body) {
    Answer answer;
    answer.status = 200;
    answer.body = std::move(body);
    return answer;
}

Answer bad(int status, std::string errcode) {
    Answer answer;
    answer.status = status;
    answer.errcode = std::move(errcode);
    return answer;
}

SessionMachine::Options options(std::string homeserver = "https://hs.test") {
    SessionMachine::Options all;
    all.homeserver = std::move(homeserver);
    all.user = "coxswain";
    all.device = "COXSWAIN";
    return all;
}

Session kept(std::string token, std::string refresh = "") {
    Session session;
    session.base = "https://hs.test";
    session.user = "@coxswain:hs.test";
    session.device = "COXSWAIN";
    session.token = std::move(token);
    session.refresh_token = std::move(refresh);
    return session;
}

constexpr char const* logged_in = R"({"user_id":"@coxswain:hs.test","access_token":"t1","device_id":"COXSWAIN"})";
constexpr char const* whoami = R"({"user_id":"@coxswain:hs.test","device_id":"COXSWAIN"})";

// A machine that serves with the token, by a password.
SessionMachine serving(std::string token, std::string refresh = "") {
    SessionMachine machine{options()};
    (void)machine.start(kept(std::move(token), std::move(refresh)), Secrets{"", "aye"});
    (void)machine.told_who_we_are(good(whoami));
    (void)machine.saved(now);
    return machine;
}

TEST(MatrixSession, APasswordLogsInOnceAndTheTokenIsOnDiskBeforeItIsUsed) {
    SessionMachine machine{options()};
    EXPECT_EQ(words(machine.start({}, Secrets{"", "aye"})),
              (Words{"at https://hs.test", "log in coxswain aye COXSWAIN"}));
    EXPECT_EQ(words(machine.logged_in(good(logged_in), now)), Words{"save t1"});
    EXPECT_EQ(words(machine.saved(now)), (Words{"serve t1", "say"}));
}

TEST(MatrixSession, ALaterStartAsksWhoItIsAndDoesNotLogIn) {
    SessionMachine machine{options()};
    EXPECT_EQ(words(machine.start(kept("t1"), Secrets{"", "aye"})), (Words{"at https://hs.test", "who is t1"}));
    EXPECT_EQ(words(machine.told_who_we_are(good(whoami))), Words{"save t1"});
}

TEST(MatrixSession, AnotherAccountOrHomeserverInTheSettingsMeansAnotherLogIn) {
    SessionMachine other_server{options("https://new.test")};
    EXPECT_EQ(words(other_server.start(kept("t1"), Secrets{"", "aye"})),
              (Words{"at https://new.test", "log in coxswain aye COXSWAIN"}));
    auto renamed = options();
    renamed.user = "@bosun:hs.test";
    SessionMachine other_user{renamed};
    EXPECT_EQ(words(other_user.start(kept("t1"), Secrets{"", "aye"})),
              (Words{"at https://hs.test", "log in @bosun:hs.test aye COXSWAIN"}));
}

TEST(MatrixSession, AGivenTokenGoesBeforeAKeptOne) {
    SessionMachine machine{options()};
    EXPECT_EQ(words(machine.start(kept("t1"), Secrets{"given", "aye"})), (Words{"at https://hs.test", "who is given"}));
}

TEST(MatrixSession, ATokenThatTheOperatorTookAwayIsNotUsedAnyMore) {
    auto session = kept("given");
    session.given = true;
    SessionMachine machine{options()};
    EXPECT_EQ(words(machine.start(session, Secrets{"", "aye"})),
              (Words{"at https://hs.test", "log in coxswain aye COXSWAIN"}));
}

TEST(MatrixSession, AServersNameIsLookedUpAtTheLogInOnly) {
    SessionMachine machine{options("example.org")};
    EXPECT_EQ(words(machine.start({}, Secrets{"", "aye"})), Words{"well-known of example.org"});
    EXPECT_EQ(words(machine.well_known(good(R"({"m.homeserver":{"base_url":"https://m.example.org/"}})"))),
              (Words{"at https://m.example.org", "log in coxswain aye COXSWAIN"}));
    auto found = kept("t1");
    found.base = "https://m.example.org";
    SessionMachine later{options("example.org")};
    EXPECT_EQ(words(later.start(found, Secrets{"", "aye"})), (Words{"at https://m.example.org", "who is t1"}));
}

TEST(MatrixSession, WithoutAWellKnownFileTheServerIsItsOwnHomeserver) {
    SessionMachine machine{options("example.org")};
    (void)machine.start({}, Secrets{"", "aye"});
    EXPECT_EQ(words(machine.well_known(bad(404, ""))),
              (Words{"at https://example.org", "log in coxswain aye COXSWAIN"}));
}

TEST(MatrixSession, AWellKnownFileThatNamesNoUsableAddressIsNotFollowed) {
    for (auto const* body : {"{}", R"({"m.homeserver":{"base_url":"http://m.example.org"}})",
                             R"({"m.homeserver":{"base_url":7}})", "<html>"}) {
        SessionMachine machine{options("example.org")};
        (void)machine.start({}, Secrets{"", "aye"});
        EXPECT_EQ(words(machine.well_known(good(body))), (Words{"say", "wait 1000"})) << body;
    }
}

TEST(MatrixSession, AHomeserverThatIsAwayIsTriedAgainAtGrowingIntervalsAndSaidOnce) {
    SessionMachine machine{options()};
    (void)machine.start({}, Secrets{"", "aye"});
    EXPECT_EQ(words(machine.logged_in(bad(502, ""), now)), (Words{"say", "wait 1000"}));
    EXPECT_EQ(words(machine.tick()), Words{"log in coxswain aye COXSWAIN"});
    EXPECT_EQ(words(machine.logged_in(bad(502, ""), now)), Words{"wait 2000"});
    (void)machine.tick();
    auto limited = bad(429, "M_LIMIT_EXCEEDED");
    limited.retry_after = 331s;
    EXPECT_EQ(words(machine.logged_in(limited, now)), (Words{"say", "wait 331000"}));
}

TEST(MatrixSession, F86_ASoftLogoutLogsInAgainAsTheSameDevice) {
    auto machine = serving("t1");
    auto soft = bad(401, "M_UNKNOWN_TOKEN");
    soft.soft_logout = true;
    EXPECT_EQ(words(machine.refused(soft, now)), (Words{"say", "look 0"}));
    EXPECT_EQ(words(machine.secrets(Secrets{"", "aye"})), Words{"log in coxswain aye COXSWAIN"});
}

TEST(MatrixSession, F86_ARefreshTokenIsUsedBeforeThePassword) {
    auto machine = serving("t1", "r1");
    EXPECT_EQ(words(machine.refused(bad(401, "M_UNKNOWN_TOKEN"), now)), Words{"refresh r1"});
    EXPECT_EQ(words(machine.refreshed(good(R"({"access_token":"t2","refresh_token":"r2"})"), now)), Words{"save t2"});
    EXPECT_EQ(words(machine.saved(now)), Words{"serve t2"});
}

TEST(MatrixSession, F86_ARefreshTokenThatIsRefusedGivesWayToThePassword) {
    auto machine = serving("t1", "r1");
    (void)machine.refused(bad(401, "M_UNKNOWN_TOKEN"), now);
    EXPECT_EQ(words(machine.refreshed(bad(403, "M_FORBIDDEN"), now)), Words{"log in coxswain aye COXSWAIN"});
}

TEST(MatrixSession, ATokenThatEndsIsRefreshedBeforeItDoes) {
    SessionMachine machine{options()};
    (void)machine.start({}, Secrets{"", "aye"});
    (void)machine.logged_in(good(R"({"user_id":"@coxswain:hs.test","access_token":"t1","device_id":"COXSWAIN",)"
                                 R"("refresh_token":"r1","expires_in_ms":300000})"),
                            now);
    EXPECT_EQ(words(machine.saved(now)), (Words{"serve t1", "say", "wait 240000"}));
    EXPECT_EQ(words(machine.tick()), Words{"refresh r1"});
}

TEST(MatrixSession, F86_ARevokedTokenIsGivenUpWithAWordAndANewOneIsTakenWithoutARestart) {
    SessionMachine machine{options()};
    (void)machine.start({}, Secrets{"t1", ""});
    (void)machine.told_who_we_are(good(whoami));
    (void)machine.saved(now);
    EXPECT_EQ(words(machine.refused(bad(401, "M_UNKNOWN_TOKEN"), now)), (Words{"say", "look 0"}));
    EXPECT_EQ(words(machine.secrets(Secrets{"t1", ""})), (Words{"say", "give up", "look 2000"}));
    EXPECT_EQ(words(machine.secrets(Secrets{"t1", ""})), Words{"look 2000"});
    EXPECT_EQ(words(machine.secrets(Secrets{"t2", ""})), Words{"who is t2"});
    EXPECT_EQ(words(machine.told_who_we_are(good(whoami))), Words{"save t2"});
    EXPECT_EQ(words(machine.saved(now)), (Words{"serve t2", "say"}));
}

TEST(MatrixSession, AWrongPasswordIsNotTriedAgainAndAgain) {
    SessionMachine machine{options()};
    (void)machine.start({}, Secrets{"", "aye"});
    EXPECT_EQ(words(machine.logged_in(bad(403, "M_FORBIDDEN"), now)), (Words{"say", "give up", "look 2000"}));
    for (int look = 1; look < 15; ++look)
        EXPECT_EQ(words(machine.secrets(Secrets{"", "aye"})), Words{"look 2000"}) << look;
    EXPECT_EQ(words(machine.secrets(Secrets{"", "aye"})), Words{"log in coxswain aye COXSWAIN"});
}

TEST(MatrixSession, F86_ATokenThatIsRefusedAsSoonAsItIsGivenIsNotAskedForInALoop) {
    auto machine = serving("t1", "r1");
    auto const gone = bad(401, "M_UNKNOWN_TOKEN");
    auto const fresh = good(R"({"access_token":"t2","refresh_token":"r2"})");
    EXPECT_EQ(words(machine.refused(gone, now)), Words{"refresh r1"});
    for (auto const* wait : {"wait 2000", "wait 4000", "wait 8000"}) {
        (void)machine.refreshed(fresh, now);
        (void)machine.saved(now);
        EXPECT_EQ(words(machine.refused(gone, now + 1s)), Words{wait});
        EXPECT_EQ(words(machine.tick()), Words{"refresh r2"});
    }
    (void)machine.refreshed(fresh, now);
    (void)machine.saved(now);
    EXPECT_EQ(words(machine.refused(gone, now + 5min)), Words{"refresh r2"}) << "one that was good for a while";
}

TEST(MatrixSession, ALockedAccountIsAskedAboutSlowlyAndKeepsItsToken) {
    auto machine = serving("t1");
    EXPECT_EQ(words(machine.refused(bad(401, "M_USER_LOCKED"), now)), (Words{"say", "give up", "wait 60000"}));
    EXPECT_EQ(words(machine.tick()), Words{"who is t1"});
    EXPECT_EQ(words(machine.told_who_we_are(good(whoami))), Words{"save t1"});
    EXPECT_EQ(words(machine.saved(now)), (Words{"serve t1", "say"}));
}

TEST(MatrixSession, S12_TheDeviceIsKeptForEver) {
    auto session = kept("");
    session.device = "OLDDEVICE";
    session.token = "t1";
    SessionMachine machine{options()};
    (void)machine.start(session, Secrets{"", "aye"});
    (void)machine.told_who_we_are(bad(401, "M_UNKNOWN_TOKEN"));
    EXPECT_EQ(words(machine.secrets(Secrets{"", "aye"})), Words{"log in coxswain aye OLDDEVICE"});
}

TEST(MatrixSession, WhatIsKeptComesBackAsItWas) {
    auto session = kept("t1", "r1");
    session.expires = now + 5min;
    EXPECT_EQ(session_from_json(to_json(session)), session);
    EXPECT_EQ(session_from_json("{}"), std::nullopt);
    EXPECT_EQ(session_from_json("not JSON"), std::nullopt);
}

} // namespace
} // namespace cox::matrix
