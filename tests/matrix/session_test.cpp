// Who the bot is on the homeserver, and how it stays that.
#include "house_test.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace cox::test {
namespace {

using MatrixSession = MatrixHouseTest;

std::set<std::string> devices_of(std::vector<json> const& logins) {
    std::set<std::string> devices;
    for (auto const& each : logins)
        devices.insert(each.at("body").value("device_id", ""));
    return devices;
}

TEST_F(MatrixSession, ItLogsInOnceAndARestartGoesOnWithTheSameToken) {
    EXPECT_EQ(calls("login"), 1u);
    house.restart();
    ASSERT_TRUE(house.connect());
    EXPECT_EQ(calls("login"), 1u);
    EXPECT_GE(calls("whoami"), 1u);
}

TEST_F(MatrixSession, S12_TheDeviceIsTheSameForEver) {
    for (bool const soft : {true, false}) {
        house.server.act("revoke", {{"user", "coxswain"}, {"soft", soft}});
        auto const before = calls("login") + calls("refresh");
        ASSERT_TRUE(house.run_until([&] { return calls("login") + calls("refresh") > before; }));
        ASSERT_TRUE(house.connect());
    }
    EXPECT_EQ(devices_of(house.server.calls("login")), std::set<std::string>{"COXSWAIN"});
}

TEST_F(MatrixSession, S12_ItAsksForNothingThatOnlyAnAdministratorMayDo) {
    house.happen("say", {{"user", "alice"}, {"room", "ops"}, {"text", "!inc status"}});
    for (auto const& call : house.server.calls()) {
        auto const target = call.at("target").get<std::string>();
        EXPECT_FALSE(target.contains("/_synapse/")) << target;
        EXPECT_NE(call.at("endpoint"), "") << target;
    }
}

// What it asks to be told of may change with another version of it.
TEST_F(MatrixSession, AFilterIsGivenOnceAndAnotherOneAnewAndThePlaceIsKept) {
    while_away([&] { say("!inc note one"); });
    EXPECT_EQ(calls("filter"), 1u);
    while_away([&] {
        store::Batch older;
        older.cursors.push_back({"matrix:filter", R"({"id":"7","filter":"{\"room\":{}}"})"});
        house.store.commit(std::move(older), [] {});
        say("!inc note two");
    });
    EXPECT_EQ(calls("filter"), 2u);
    EXPECT_EQ(house.heard(), (Texts{"!inc note one", "!inc note two"}));
}

TEST_F(MatrixSession, AfterItStoppedNothingIsAskedAndNothingIsLost) {
    ASSERT_TRUE(house.run_until([&] { return house.server.wait_for({{"polling", "coxswain"}}, 0ms); }));
    bool gone = false;
    house.network->network().leave([&] { gone = true; });
    ASSERT_TRUE(house.run_until([&] { return gone; }));
    ASSERT_TRUE(house.run_until([&] { return !house.server.wait_for({{"polling", "coxswain"}}, 0ms); }));
    auto const asked = house.server.calls().size();
    say("!inc note meanwhile");
    EXPECT_EQ(house.heard(), Texts{});
    EXPECT_EQ(house.server.calls().size(), asked);
    house.restart();
    ASSERT_TRUE(house.connect());
    ASSERT_TRUE(house.caught_up());
    EXPECT_EQ(house.heard(), Texts{"!inc note meanwhile"});
}

// How a token ends in the middle of a poll.
struct Revoked {
    char const* name;
    bool soft;
    char const* poll;
};
class MatrixRevoked : public MatrixHouseTest, public ::testing::WithParamInterface<Revoked> {};

TEST_P(MatrixRevoked, F86_ATokenThatEndsIsRenewedAndNothingIsLost) {
    house.server.set({{"revoked_poll", GetParam().poll}});
    ASSERT_TRUE(house.run_until([&] { return house.server.wait_for({{"polling", "coxswain"}}, 0ms); }));
    house.server.act("revoke", {{"user", "coxswain"}, {"soft", GetParam().soft}});
    say("!inc note meanwhile");
    ASSERT_TRUE(house.caught_up());
    EXPECT_EQ(house.heard(), Texts{"!inc note meanwhile"});
    EXPECT_EQ(house.deliver(1, effect::Post{house.ops(), effect::PostKind::word, "hello", {}}).what,
              Delivered::What::sent);
    EXPECT_EQ(devices_of(house.server.calls("login")), std::set<std::string>{"COXSWAIN"});
}

INSTANTIATE_TEST_SUITE_P(Matrix, MatrixRevoked,
                         testing::Values(Revoked{"softly", true, "ok"}, Revoked{"softly_at_once", true, "401"},
                                         Revoked{"for_good", false, "ok"}, Revoked{"for_good_at_once", false, "401"}),
                         [](auto const& each) { return std::string{each.param.name}; });

TEST(MatrixRefresh, F86_ATokenThatRunsOutIsRefreshedAndNotBoughtWithThePassword) {
    MatrixHouse house{quick_matrix(), [](auto& server) { server.set({{"token_lives_ms", 1500}}); }};
    ASSERT_TRUE(house.connect());
    ASSERT_TRUE(house.run_until([&] { return house.server.calls("refresh").size() >= 2; }));
    house.server.act("say", {{"user", "alice"}, {"room", "ops"}, {"text", "!inc status"}});
    ASSERT_TRUE(house.caught_up());
    EXPECT_EQ(house.heard(), Texts{"!inc status"});
    EXPECT_EQ(house.server.calls("login").size(), 1u);
    EXPECT_EQ(house.server.violations(), Texts{});
}

TEST_F(MatrixSession, F86_WhereThePasswordIsWrongTooItSaysSoAndComesBackWithTheRightOne) {
    house.server.act("set_password", {{"user", "coxswain"}, {"password", "another"}});
    house.server.act("revoke", {{"user", "coxswain"}});
    ASSERT_TRUE(house.run_until([&] { return !house.network->troubles().empty(); }));
    auto const post = effect::Post{house.ops(), effect::PostKind::word, "hello", {}};
    EXPECT_NE(house.deliver(1, post).what, Delivered::What::sent);
    say("!inc note meanwhile");
    house.secrets.password = "another";
    ASSERT_TRUE(house.connect());
    ASSERT_TRUE(house.caught_up());
    EXPECT_EQ(house.heard(), Texts{"!inc note meanwhile"});
    EXPECT_EQ(house.deliver(2, post).what, Delivered::What::sent);
}

TEST(MatrixLogin, AHomeserverThatLimitsLoginsIsWaitedFor) {
    MatrixHouse house{quick_matrix(), [](auto& server) {
                          server.fault({{"kind", "limited"}, {"where", "login"}, {"retry_after_ms", 300}});
                      }};
    ASSERT_TRUE(house.connect());
    auto const logins = house.server.calls("login");
    ASSERT_EQ(logins.size(), 2u);
    EXPECT_GE(logins[1].at("at_ms").get<std::int64_t>() - logins[0].at("at_ms").get<std::int64_t>(), 300);
}

TEST(MatrixLogin, ATokenFromAFileNeedsNoLogin) {
    fake_homeserver::FakeHomeserver server;
    auto const made = server.act("login", {{"user", "coxswain"}, {"device", "GIVEN"}});
    auto options = quick_matrix();
    options.homeserver = server.address();
    MatrixHouse house{options, {.token = made.at("access_token"), .password = {}}};
    ASSERT_TRUE(house.connect());
    EXPECT_TRUE(server.calls("login").empty());
    EXPECT_EQ(server.violations(), Texts{});
}

// Of an application service's proxy, which is asked for beside /sync.
class MatrixProxyToken : public ::testing::Test {
protected:
    MatrixProxyToken() {
        auto const made = server.act("login", {{"user", "coxswain"}, {"device", "GIVEN"}});
        auto options = quick_matrix();
        options.homeserver = server.address();
        options.proxy.first_wait = options.first_retry;
        options.proxy.longest_wait = options.longest_retry;
        options.websocket = "ws" + server.address().substr(std::string_view{"http"}.size());
        house.emplace(options, matrix::Secrets{made.at("access_token"), "", "wrong"});
    }
    void TearDown() override { EXPECT_EQ(server.violations(), Texts{}); }

    bool is_wrong(std::string_view part) {
        auto const troubles = house->network->troubles();
        return std::ranges::any_of(troubles, [&](auto const& each) { return each.contains(part); });
    }

    fake_homeserver::FakeHomeserver server;
    std::optional<MatrixHouse> house;
};

TEST_F(MatrixProxyToken, OneThatWasMendedIsTakenWithoutARestart) {
    ASSERT_TRUE(house->run_until([&] { return is_wrong("COXSWAIN_MATRIX_AS_TOKEN"); }));
    server.act("add_service", {{"token", "right"}, {"sender", "coxswain-service"}, {"users", {"coxswain"}}});
    house->secrets.as_token = "right";
    EXPECT_TRUE(house->run_until([&] {
        auto const asked = server.calls("as_sync");
        return !asked.empty() && asked.back().at("user") == "@coxswain-service:lab.test";
    }));
}

TEST_F(MatrixProxyToken, ItsTroubleDoesNotHideThatNothingIsHeardAtAll) {
    ASSERT_TRUE(house->run_until([&] { return is_wrong("COXSWAIN_MATRIX_AS_TOKEN"); }));
    server.fault({{"kind", "status"}, {"where", "sync"}, {"count", -1}});
    server.act("say", {{"user", "alice"}, {"room", "ops"}, {"text", "hello"}});
    EXPECT_TRUE(house->run_until([&] { return is_wrong("/sync is not answered"); }));
    EXPECT_TRUE(is_wrong("COXSWAIN_MATRIX_AS_TOKEN"));
}

} // namespace
} // namespace cox::test
