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

} // namespace
} // namespace cox::test
