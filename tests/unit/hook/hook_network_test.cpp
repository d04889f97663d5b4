// Against a server on loopback that answers as its script says, behind the bot's own outbox where it matters.
#include "../../support/bad_peer.hpp"
#include "../../support/fake_chat_desk.hpp"
#include "../../support/fake_store.hpp"
#include "adapters/hook/hook_network.hpp"
#include "adapters/hook/signature.hpp"
#include "bot/outbox.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <gtest/gtest.h>

namespace cox::hook {
namespace {

using namespace std::chrono_literals;
using What = Delivered::What;
using cox::testing::http_answer;
using cox::testing::Script;
namespace step = cox::testing::step;

ChannelId const queue{"hook:freeze"};
std::string const body = R"({"frozen":true,"incident":"INC-42"})";

Script answers(int status, std::string const& more_headers = "") {
    return {step::HearHead{}, step::Say{http_answer(status, "", more_headers)}, step::HangUp{}};
}

// One header of a request as it came; "" when there is none.
std::string header_of(std::string const& request, std::string const& name) {
    auto const at = request.find("\r\n" + name + ": ");
    if (at == request.npos) return {};
    auto const from = at + name.size() + 4;
    return request.substr(from, request.find("\r\n", from) - from);
}

struct HookNetworkTest : ::testing::Test {
    boost::asio::io_context io;
    test::FakeStore store{[this](std::function<void()> call) { boost::asio::post(io, std::move(call)); }};
    test::FakeChatDesk desk;
    std::optional<std::string> secret = std::string{};
    std::unique_ptr<HookNetwork> hooks;
    std::unique_ptr<cox::testing::BadPeer> peer;

    void SetUp() override { live(); }

    // A new life on the same store.
    void live() {
        HookOptions options;
        options.http.first_byte_within = 200ms;
        auto made = HookNetwork::make(io, store, desk, options, [this] { return secret; });
        ASSERT_TRUE(made) << made.error();
        hooks = std::move(*made);
        hooks->load(store.found());
    }
    void receiver(std::vector<Script> scripts) {
        peer = std::make_unique<cox::testing::BadPeer>(io, std::move(scripts));
    }
    Effect call() const {
        auto const port = std::to_string(peer->port());
        return effect::CallHook{queue, "http://127.0.0.1:" + port + "/freeze?token=hidden", body};
    }

    template <class Done>
    [[nodiscard]] bool run_until(Done done) {
        auto const deadline = std::chrono::steady_clock::now() + 10s;
        while (!done()) {
            if (io.stopped()) io.restart();
            if (std::chrono::steady_clock::now() > deadline) return false;
            io.run_one_until(deadline);
        }
        return true;
    }
    Delivered deliver(std::int64_t op, Effect effect, Duration age = {}) {
        std::optional<Delivered> got;
        hooks->network().deliver({op, {42}, std::move(effect), desk.now() - age},
                                 [&](Delivered it) { got = std::move(it); });
        EXPECT_TRUE(run_until([&] { return got.has_value(); }));
        return got.value_or(Delivered{});
    }
    Delivered reconcile(std::int64_t op) {
        std::optional<Delivered> got;
        hooks->network().reconcile({op, {42}, call(), desk.now()}, [&](Delivered it) { got = std::move(it); });
        return got.value_or(Delivered{});
    }
    std::string const& request(std::size_t number = 0) const { return peer->requests().at(number); }
};

TEST_F(HookNetworkTest, OwnsTheQueuesOfHooksAndNoChannel) {
    EXPECT_TRUE(hooks->network().owns(queue));
    EXPECT_FALSE(hooks->network().owns({"ops"}));
    EXPECT_FALSE(hooks->network().owns({"hook"}));
    EXPECT_FALSE(hooks->network().room({queue, "freeze"}));
}

TEST_F(HookNetworkTest, TheReceiverHearsTheBodyAsItIs) {
    receiver({answers(204)});
    EXPECT_EQ(deliver(7, call()).what, What::sent);
    EXPECT_TRUE(request().starts_with("POST /freeze?token=hidden HTTP/1.1\r\n")) << request();
    EXPECT_EQ(header_of(request(), "Content-Type"), "application/json");
    EXPECT_EQ(header_of(request(), "User-Agent"), "Coxswain");
    EXPECT_TRUE(request().ends_with("\r\n\r\n" + body));
    EXPECT_EQ(header_of(request(), "X-Coxswain-Signature"), "");
    EXPECT_TRUE(desk.told.empty());
}

TEST_F(HookNetworkTest, WithASecretTheReceiverCanTellThatItWasUs) {
    secret = "team secret";
    receiver({answers(200)});
    EXPECT_EQ(deliver(7, call()).what, What::sent);
    auto const seconds = header_of(request(), "X-Coxswain-Timestamp");
    auto const now = std::chrono::system_clock::now().time_since_epoch() / 1s;
    EXPECT_LE(now - std::stoll(seconds), 60);
    EXPECT_EQ(header_of(request(), "X-Coxswain-Signature"), signature("team secret", std::stoll(seconds), body));
}

TEST_F(HookNetworkTest, WhileTheSecretCannotBeReadNothingGoesOutUnsigned) {
    secret.reset();
    receiver({answers(200)});
    EXPECT_EQ(deliver(7, call()).what, What::again);
    EXPECT_EQ(peer->accepted(), 0);
    EXPECT_TRUE(desk.was_told("COXSWAIN_HOOK_SECRET cannot be read"));
}

TEST_F(HookNetworkTest, TheSameCallHasTheSameKeyInEveryLifeAndAnotherCallAnother) {
    receiver({answers(503), answers(503), answers(503)});
    deliver(7, call());
    live();
    deliver(7, call());
    deliver(8, call());
    auto const key = header_of(request(0), "Idempotency-Key");
    EXPECT_TRUE(key.starts_with("coxswain-") && key.ends_with("-7")) << key;
    EXPECT_EQ(header_of(request(1), "Idempotency-Key"), key);
    EXPECT_NE(header_of(request(2), "Idempotency-Key"), key);
}

TEST_F(HookNetworkTest, OfAReceiverThatIsNotWellTheOperatorHearsOnceAndOnceThatItIsWell) {
    receiver({answers(503, "Retry-After: 90\r\n"), answers(500), answers(200)});
    auto const later = deliver(7, call());
    EXPECT_EQ(later.what, What::again);
    EXPECT_EQ(later.wait, 90s);
    EXPECT_EQ(deliver(7, call()).what, What::again);
    ASSERT_EQ(desk.told.size(), 1u);
    EXPECT_TRUE(desk.told[0].contains("was not reached (HTTP 503); it is tried again for a day")) << desk.told[0];
    EXPECT_FALSE(desk.told[0].contains("hidden"));
    EXPECT_EQ(deliver(7, call()).what, What::sent);
    ASSERT_EQ(desk.told.size(), 2u);
    EXPECT_TRUE(desk.told[1].contains("was reached"));
}

TEST_F(HookNetworkTest, AfterADayItIsGivenUpAndTheOperatorHears) {
    receiver({answers(503), answers(503)});
    EXPECT_EQ(deliver(7, call(), 24h - 1min).what, What::again);
    auto const delivered = deliver(7, call(), 24h);
    EXPECT_EQ(delivered.what, What::failed);
    EXPECT_TRUE(desk.was_told("given up after a day: HTTP 503"));
}

TEST_F(HookNetworkTest, ARefusalIsFinalAndTheOperatorHears) {
    receiver({answers(404)});
    EXPECT_EQ(deliver(7, call()).what, What::failed);
    EXPECT_TRUE(desk.was_told("has not heard what happened (HTTP 404); tell it by hand"));
}

TEST_F(HookNetworkTest, ARedirectIsNotFollowed) {
    receiver({answers(307, "Location: /elsewhere\r\n"), answers(200)});
    EXPECT_EQ(deliver(7, call()).what, What::failed);
    EXPECT_EQ(peer->accepted(), 1);
}

TEST_F(HookNetworkTest, PlainHttpGoesToThisMachineOnly) {
    EXPECT_EQ(deliver(7, effect::CallHook{queue, "http://ci.example.org/freeze", body}).what, What::failed);
}

TEST_F(HookNetworkTest, AnAnswerThatWasLostLeavesOpenWhatHappenedAndTheCallIsMadeAgain) {
    receiver({{step::HearHead{}, step::Reset{}}, answers(200)});
    EXPECT_EQ(deliver(7, call()).what, What::unknown);
    EXPECT_EQ(reconcile(7).what, What::absent);
    auto const delivered = deliver(7, call());
    EXPECT_EQ(delivered.what, What::sent);
    EXPECT_TRUE(delivered.may_repeat);
    EXPECT_EQ(header_of(request(0), "Idempotency-Key"), header_of(request(1), "Idempotency-Key"));
}

TEST_F(HookNetworkTest, AReceiverThatNeverAnswersIsHungUpOn) {
    receiver({{step::HearHead{}, step::Silence{}}});
    EXPECT_EQ(deliver(7, call()).what, What::unknown);
}

TEST_F(HookNetworkTest, NobodyListeningIsTriedAgain) {
    receiver({answers(200)});
    auto const to = call();
    peer.reset();
    EXPECT_EQ(deliver(7, to).what, What::again);
}

TEST_F(HookNetworkTest, WhoLeavesWaitsForTheLastAnswer) {
    receiver({answers(200)});
    bool sent = false;
    bool gone = false;
    hooks->network().deliver({7, {42}, call(), desk.now()},
                             [&](Delivered const& it) { sent = it.what == What::sent && !gone; });
    hooks->network().leave([&] { gone = true; });
    EXPECT_FALSE(gone);
    EXPECT_TRUE(run_until([&] { return gone; }));
    EXPECT_TRUE(sent);
}

// Freeze and unfreeze in their order, whatever becomes of the first try.
TEST_F(HookNetworkTest, BehindTheOutboxWhatWasLostIsHeardAgainBeforeTheNext) {
    receiver({{step::HearHead{}, step::Reset{}}, answers(200), answers(200)});
    auto clocks = bot::Clocks::manual(desk.now());
    bot::Outbox outbox{{store, clocks, [&](ChannelId const&) { return &hooks->network(); },
                        [](IncidentId) { return 0; },
                        [](IncidentId, std::optional<Channel> const&, std::string const&) {},
                        [](bot::OutboxMachine::Job const&, std::string const&) {}, [] {}}};
    auto unfreeze = std::get<effect::CallHook>(call());
    unfreeze.body = R"({"frozen":false})";
    store::Batch batch;
    auto const ops = outbox.admit({42}, {call(), unfreeze}, clocks.now(), batch);
    store.commit(std::move(batch), [&] { outbox.stored(ops); });
    auto const carried = [&] {
        if (auto const wake = outbox.wake(); outbox.idle() && wake) {
            clocks.advance_to(*wake);
            outbox.pump();
        }
        return outbox.waiting() == 0;
    };
    EXPECT_TRUE(run_until(carried));
    ASSERT_EQ(peer->requests().size(), 3u);
    EXPECT_TRUE(request(0).ends_with(body));
    EXPECT_TRUE(request(1).ends_with(body));
    EXPECT_TRUE(request(2).ends_with(unfreeze.body));
    EXPECT_EQ(outbox.may_repeat(), 1u);
}

} // namespace
} // namespace cox::hook
