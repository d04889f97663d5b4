// From names to addresses, on the day when nobody tells them.
#include "on_loopback.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <condition_variable>
#include <mutex>

using namespace cox::net;
using namespace std::chrono_literals;
using cox::testing::http_answer;
namespace asio = boost::asio;

namespace {

// Look-ups that hang until the test is over.
class Hanging {
public:
    ~Hanging() {
        std::unique_lock lock{state_->mutex};
        state_->over = true;
        state_->changed.notify_all();
        state_->changed.wait(lock, [&] { return state_->returned == state_->asked; });
    }
    auto look_up() {
        return [state = state_](std::string const&) {
            std::unique_lock lock{state->mutex};
            ++state->asked;
            state->changed.wait(lock, [&] { return state->over; });
            ++state->returned;
            state->changed.notify_all();
            return std::vector<std::string>{};
        };
    }
    int asked() const {
        std::lock_guard const lock{state_->mutex};
        return state_->asked;
    }

private:
    struct State {
        std::mutex mutex;
        std::condition_variable changed;
        bool over = false;
        int asked = 0;
        int returned = 0;
    };
    std::shared_ptr<State> state_ = std::make_shared<State>();
};

Script serving(Certificate const& certificate, int requests = 1) {
    Script script{step::StartTls{certificate}};
    for (int i = 0; i < requests; ++i) {
        script.emplace_back(step::HearHead{});
        script.emplace_back(step::Say{http_answer(200, "hello", "Connection: close\r\n")});
    }
    script.emplace_back(step::Drain{});
    return script;
}

} // namespace

class NamesOfHosts : public OnLoopback {
protected:
    OutsideOptions with(std::function<std::vector<std::string>(std::string const&)> look_up) {
        auto made = options();
        made.look_up = std::move(look_up);
        made.name_within = 50ms;
        made.name_cache = folder.path() / "names";
        return made;
    }
    // Asks once with a look-up that works, so that an address is known.
    void learn(BadPeer const& server) {
        auto const world = outside_of(with([](std::string const&) { return std::vector<std::string>{"127.0.0.1"}; }));
        HttpClient client{io, *world};
        ASSERT_TRUE(ask(client, at(server, "https://slack.test")));
    }
};

TEST_F(NamesOfHosts, F46_ANameThatNobodyKnowsIsSaid) {
    auto const world = outside_of(with([](std::string const&) { return std::vector<std::string>{}; }));
    HttpClient client{io, *world};
    auto const answer = ask(client, "https://slack.test/");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().cause, Cause::name);
    EXPECT_EQ(answer.error().reason, "slack.test has no address");
    EXPECT_FALSE(answer.error().may_have_acted);
}

TEST_F(NamesOfHosts, F46_ALookUpThatHangsIsGivenUpAndDisturbsNoOtherNetwork) {
    Hanging hanging;
    BadPeer server{io, {serving(good_certificate())}};
    auto const stuck = outside_of(with(hanging.look_up()));
    auto const well = outside();
    HttpClient stuck_client{io, *stuck};
    HttpClient client{io, *well};
    std::optional<HttpResult> given_up;
    stuck_client.send(request("https://slack.test/"), [&](HttpResult result) { given_up = std::move(result); });
    EXPECT_TRUE(ask(client, at(server, "https://slack.test")));
    ASSERT_TRUE(run_until([&] { return given_up.has_value(); }));
    ASSERT_FALSE(*given_up);
    EXPECT_EQ(given_up->error().cause, Cause::name);
    EXPECT_NE(given_up->error().reason.find("nobody answered in time"), std::string::npos) << given_up->error().reason;
}

TEST_F(NamesOfHosts, F46_LookUpsThatHangDoNotPileUpAndHoldUpNobodysEnd) {
    Hanging hanging;
    auto made = with(hanging.look_up());
    made.name_within = 5ms;
    {
        auto const world = outside_of(std::move(made));
        HttpClient client{io, *world};
        for (int i = 0; i < 20; ++i)
            EXPECT_FALSE(ask(client, "https://host-" + std::to_string(i) + ".test/"));
    }
    EXPECT_LE(hanging.asked(), 4);
    EXPECT_GE(hanging.asked(), 1);
}

TEST_F(NamesOfHosts, F46_ManyWhoAskAtOnceShareOneLookUp) {
    Hanging hanging;
    auto made = with(hanging.look_up());
    made.name_within = 200ms;
    auto const world = outside_of(std::move(made));
    HttpClient client{io, *world};
    int answered = 0;
    for (int i = 0; i < 8; ++i) {
        client.send(request("https://slack.test/"), [&](HttpResult const& result) {
            EXPECT_FALSE(result);
            ++answered;
        });
    }
    ASSERT_TRUE(run_until([&] { return answered == 8; }));
    EXPECT_EQ(hanging.asked(), 1);
}

TEST_F(NamesOfHosts, F46_TheLastGoodAddressIsTakenAfterARestartWhenLookUpsHang) {
    BadPeer server{io, {serving(good_certificate())}};
    learn(server);
    Hanging hanging;
    auto const world = outside_of(with(hanging.look_up()));
    HttpClient client{io, *world};
    auto const answer = ask(client, at(server, "https://slack.test"));
    ASSERT_TRUE(answer) << answer.error().reason;
    EXPECT_EQ(answer->body, "hello");
    EXPECT_FALSE(ask(client, at(server, "https://other.test"))) << "known of one host only";
}

TEST_F(NamesOfHosts, F46_TheLastGoodAddressIsTakenWhenTheNameIsGone) {
    BadPeer server{io, {serving(good_certificate())}};
    auto const known = std::make_shared<bool>(true);
    auto made = with([known](std::string const&) {
        return *known ? std::vector<std::string>{"127.0.0.1"} : std::vector<std::string>{};
    });
    made.name_cache.reset();
    auto const world = outside_of(std::move(made));
    HttpClient client{io, *world};
    ASSERT_TRUE(ask(client, at(server, "https://slack.test")));
    *known = false;
    EXPECT_TRUE(ask(client, at(server, "https://slack.test")));
    EXPECT_EQ(server.accepted(), 2);
}

TEST_F(NamesOfHosts, F46_AWrongAddressIsFoundOutByTlsAndNotRemembered) {
    BadPeer server{io, {serving(good_certificate())}};
    learn(server);
    Wanted evil;
    evil.names = {"DNS:evil.test"};
    // The wrong one has the same port at another of loopback's addresses.
    BadPeer wrong{io, {serving(cox::testing::issued_by(trusted_authority(), evil))}, "127.0.0.2", server.port()};
    auto const lies = std::make_shared<bool>(true);
    auto const world = outside_of(with([lies](std::string const&) {
        return *lies ? std::vector<std::string>{"127.0.0.2"} : std::vector<std::string>{};
    }));
    HttpClient client{io, *world};
    auto const answer = ask(client, at(server, "https://slack.test"));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().cause, Cause::certificate);
    EXPECT_TRUE(wrong.requests().empty());
    *lies = false;
    EXPECT_TRUE(ask(client, at(server, "https://slack.test")));
}

TEST_F(NamesOfHosts, F46_ACacheThatIsDamagedIsAnEmptyOne) {
    std::ofstream{folder.path() / "names"} << "slack.test not-an-address\n\n\xff\xfe 1.2.3\nslack.test\n";
    auto const world = outside_of(with([](std::string const&) { return std::vector<std::string>{}; }));
    HttpClient client{io, *world};
    EXPECT_EQ(ask(client, "https://slack.test/").error().cause, Cause::name);
}

TEST_F(NamesOfHosts, LocalhostIsNotLookedUp) {
    BadPeer server{io, {{step::HearHead{}, step::Say{http_answer(200, "")}}}};
    auto const world = outside_of(with([](std::string const&) { return std::vector<std::string>{"192.0.2.1"}; }));
    HttpClient client{io, *world};
    EXPECT_TRUE(ask(client, at(server, "http://localhost")));
}

TEST_F(NamesOfHosts, AnAddressThatRefusesIsFollowedByTheNext) {
    BadPeer server{io, {serving(good_certificate())}};
    auto const world = outside_of(with([](std::string const&) {
        return std::vector<std::string>{"127.0.0.3", "::1", "127.0.0.1"};
    }));
    HttpClient client{io, *world};
    EXPECT_TRUE(ask(client, at(server, "https://slack.test")));
}

TEST_F(NamesOfHosts, F57_AnAddressThatLeadsNowhereIsPassedOver) {
    BadPeer server{io, {serving(good_certificate())}};
    // Whoever listens and accepts nobody takes so many and then lets further ones wait for ever.
    asio::ip::tcp::acceptor hole{io};
    asio::ip::tcp::endpoint const at_hole{asio::ip::make_address("127.0.0.2"), server.port()};
    hole.open(at_hole.protocol());
    hole.bind(at_hole);
    hole.listen(0);
    std::vector<asio::ip::tcp::socket> crowd;
    for (int i = 0; i < 4; ++i) {
        crowd.emplace_back(io, at_hole.protocol());
        crowd.back().async_connect(at_hole, [](boost::system::error_code) {});
    }
    auto const world = outside_of(with([](std::string const&) {
        return std::vector<std::string>{"127.0.0.2", "127.0.0.1"};
    }));
    HttpLimits limits;
    limits.connect_within = 5s; // long enough for the second one's turn
    HttpClient client{io, *world, limits};
    auto const answer = ask(client, at(server, "https://slack.test"));
    ASSERT_TRUE(answer) << answer.error().reason;

    auto const only_hole = outside_of(with([](std::string const&) { return std::vector<std::string>{"127.0.0.2"}; }));
    limits.connect_within = 50ms;
    HttpClient lost{io, *only_hole, limits};
    auto const nothing = ask(lost, at(server, "https://slack.test"));
    ASSERT_FALSE(nothing);
    EXPECT_EQ(nothing.error().cause, Cause::connect);
    EXPECT_FALSE(nothing.error().may_have_acted);
}
