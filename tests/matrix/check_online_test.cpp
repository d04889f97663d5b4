// What an operator reads before the first start, or when the bot is silent.
#include "adapters/matrix/check_online.hpp"
#include "house_test.hpp"

namespace cox::test {
namespace {

using matrix::OnlineCheck;
using Result = OnlineCheck::Result;

class MatrixCheckOnline : public ::testing::Test {
protected:
    void TearDown() override { EXPECT_EQ(server.violations(), Texts{}); }

    OnlineCheck check(matrix::Secrets const& secrets) {
        auto options = quick_matrix();
        options.homeserver = server.address();
        options.admission = admission;
        return matrix::check_online(options, secrets);
    }
    OnlineCheck check_by_password() { return check({.token = {}, .password = "aye"}); }
    OnlineCheck check_as_service(std::string token = "as-token") {
        return check({.token = {}, .password = {}, .as_token = std::move(token)});
    }
    void add_service(std::string const& user) {
        server.act("add_service", {{"token", "as-token"}, {"sender", "coxswain-service"}, {"users", {user}}});
    }

    fake_homeserver::FakeHomeserver server;
    matrix::Admission admission;
};

std::string all_of(OnlineCheck const& found) {
    std::string text;
    for (auto const& line : found.lines)
        text += line + "\n";
    return text;
}

TEST_F(MatrixCheckOnline, AsAnApplicationServiceItLooksAtTheBotsAccountAndNotAtTheServicesOwn) {
    add_service("coxswain");
    auto const found = check_as_service();
    EXPECT_EQ(found.result, Result::good) << all_of(found);
    EXPECT_TRUE(all_of(found).contains("the bot is @coxswain:lab.test\n")) << all_of(found);
    EXPECT_TRUE(all_of(found).contains("it is in 1 room\n")) << all_of(found);
}

TEST_F(MatrixCheckOnline, AsAnApplicationServiceItNamesWhatTheBotLacksInItsRooms) {
    add_service("coxswain");
    server.act("set_level", {{"room", "ops"}, {"user", "coxswain"}, {"level", 0}});
    auto const found = check_as_service();
    EXPECT_EQ(found.result, Result::incomplete);
    EXPECT_TRUE(all_of(found).contains("may not set the topic and pin the card")) << all_of(found);
}

TEST_F(MatrixCheckOnline, AnAccountThatIsStillToBeMadeIsNoGoodNewsAndTheWayToItIsSaid) {
    server.inside([](auto& inner) { inner.world.accounts.erase("@coxswain:lab.test"); });
    add_service("coxswain");
    auto const found = check_as_service();
    EXPECT_EQ(found.result, Result::incomplete);
    EXPECT_TRUE(all_of(found).contains("start `coxswain serve` once")) << all_of(found);
    EXPECT_FALSE(all_of(found).contains("room")) << all_of(found);
}

TEST_F(MatrixCheckOnline, AServicesTokenThatIsRefusedIsToldFromAnAccessToken) {
    auto const found = check_as_service("another");
    EXPECT_EQ(found.result, Result::refused);
    EXPECT_TRUE(all_of(found).contains("the application service's token is refused")) << all_of(found);
}

TEST_F(MatrixCheckOnline, WhoseCommandsCountIsSaid) {
    EXPECT_TRUE(all_of(check_by_password()).contains("commands are taken from everybody of lab.test\n"));
    admission.allow = {"@alice:lab.test", "else.where"};
    admission.deny = {"@mallory:else.where"};
    admission.power = 50;
    auto const said = all_of(check_by_password());
    EXPECT_TRUE(said.contains("commands are taken from @alice:lab.test, else.where (matrix.allow), not from "
                              "@mallory:else.where (matrix.deny); only with power level 50 or more in the room "
                              "(matrix.power)\n"))
        << said;
}

TEST_F(MatrixCheckOnline, F87_AHomeserverThatLimitsLogInsIsNoMatterOfTheNetwork) {
    server.fault({{"kind", "limited"}, {"where", "login"}, {"retry_after_ms", 41'500}});
    auto const found = check_by_password();
    EXPECT_EQ(found.result, Result::not_reached);
    EXPECT_TRUE(all_of(found).contains("the homeserver limits log-ins; check again in 42 s\n")) << all_of(found);
    EXPECT_FALSE(all_of(found).contains("check the network")) << all_of(found);
}

TEST_F(MatrixCheckOnline, OfVeryManyRoomsItSaysHowManyItLooksAt) {
    for (int i = 0; i < 200; ++i)
        server.act("add_room", {{"name", "room" + std::to_string(i)}, {"members", {"coxswain"}}});
    auto const found = all_of(check_by_password());
    EXPECT_TRUE(found.contains("it is in 201 rooms, of which 200 are looked at\n")) << found.substr(0, 500);
}

} // namespace
} // namespace cox::test
