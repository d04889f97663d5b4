// What must be true of Socket Mode's life cycle whatever Slack, the network and the clock do.
#include "adapters/slack/socket_machine.hpp"

#include "core/overloaded.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace cox::slack {
namespace {

using namespace std::chrono_literals;

// Does what the machine says, keeps account of it, and checks after every step.
class World {
public:
    World(int places, std::uint64_t seed) : places_{places}, random_{seed}, machine_{options(places)} {
        take(machine_.start(now_));
    }

    void step() {
        now_ += Span{below(3000)};
        switch (below(8)) {
        case 0: refuse_url(); break;
        case 1: give_url(); break;
        case 2: say_hello(); break;
        case 3: ask_to_leave(); break;
        case 4: close_one(); break;
        case 5: tell_of_a_stranger(); break;
        default: take(machine_.tick(now_, jitter())); break;
        }
    }
    // Slack is well and every connection is made.
    void be_kind() {
        for (int i = 0; i < 20; ++i) {
            if (auto const at = machine_.wake()) now_ = std::max(now_, *at);
            take(machine_.tick(now_, jitter()));
            while (!asked_.empty())
                give_url();
            while (!connecting_.empty())
                say_hello();
        }
        EXPECT_EQ(live_.size(), static_cast<std::size_t>(places_));
    }
    void stop() {
        stopped_ = true;
        take(machine_.stop());
        EXPECT_TRUE(live_.empty() && connecting_.empty());
        EXPECT_FALSE(machine_.wake());
        EXPECT_FALSE(serving_);
    }

private:
    static SocketMachine::Options options(int places) {
        SocketMachine::Options options;
        options.places = places;
        return options;
    }
    std::int64_t below(std::int64_t n) { return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(n)); }
    double jitter() { return static_cast<double>(below(1000)) / 1000; }
    std::optional<ConnectionId> one_of(std::set<ConnectionId> const& all) {
        if (all.empty()) return std::nullopt;
        return *std::next(all.begin(), below(static_cast<std::int64_t>(all.size())));
    }

    void refuse_url() {
        auto const id = one_of(asked_);
        if (!id) return;
        asked_.erase(*id);
        UrlRefused refused{"internal_error", below(3) == 0, {}};
        if (below(3) == 0) {
            refused.retry_after = Span{below(60'000)};
            not_before_ = std::max(not_before_, now_ + *refused.retry_after);
        }
        take(machine_.no_url(*id, refused, now_, jitter()));
    }
    void give_url() {
        auto const id = one_of(asked_);
        if (!id) return;
        asked_.erase(*id);
        take(machine_.url(*id, "wss://a", now_));
    }
    void say_hello() {
        auto const id = one_of(connecting_);
        if (!id) return;
        connecting_.erase(*id);
        live_.insert(*id);
        take(machine_.hello(*id, now_));
    }
    void ask_to_leave() {
        auto const id = below(2) == 0 ? one_of(live_) : one_of(connecting_);
        static std::vector<std::string> const reasons{"warning", "refresh_requested", "too_many_websockets",
                                                      "link_disabled", ""};
        if (id) take(machine_.disconnect(*id, reasons[static_cast<std::size_t>(below(5))], now_, jitter()));
    }
    void close_one() {
        auto const id = below(2) == 0 ? one_of(live_) : one_of(connecting_);
        if (!id) return;
        live_.erase(*id);
        connecting_.erase(*id);
        take(machine_.closed(*id, "lost", now_, jitter()));
    }
    void tell_of_a_stranger() {
        auto const id = one_of(gone_).value_or(1'000'000);
        take(machine_.closed(id, "late", now_, jitter()));
        take(machine_.hello(id, now_));
        take(machine_.url(id, "wss://late", now_));
        take(machine_.disconnect(id, "link_disabled", now_, jitter()));
    }

    void take(std::vector<SocketAction> const& actions) {
        for (auto const& action : actions)
            std::visit(overloaded{[this](act::AskUrl const& ask) { asks(ask.connection); },
                                  [this](act::Connect const& connect) { connects(connect.connection); },
                                  [this](act::Close const& close) { closes(close.connection); },
                                  [](act::Say const& say) { EXPECT_FALSE(say.text.empty()); },
                                  [this](act::Serving const& serving) {
                                      EXPECT_NE(serving.yes, serving_) << "said only when it changes";
                                      serving_ = serving.yes;
                                  }},
                       action);
        check();
    }
    void asks(ConnectionId id) {
        EXPECT_GT(id, newest_) << "an id is never used twice";
        newest_ = id;
        EXPECT_GE(now_, not_before_) << "neither within a second of the last, nor while Slack's word says to wait";
        not_before_ = std::max(not_before_, now_ + 1s);
        asked_.insert(id);
    }
    void connects(ConnectionId id) {
        EXPECT_FALSE(gone_.contains(id));
        connecting_.insert(id);
    }
    void closes(ConnectionId id) {
        EXPECT_EQ(live_.erase(id) + connecting_.erase(id), 1u) << "only what is open is closed, and once";
        gone_.insert(id);
    }
    void check() {
        auto const places = static_cast<std::size_t>(places_);
        auto const on_the_way = asked_.size() + connecting_.size();
        EXPECT_LE(on_the_way, places) << "one attempt for each place";
        EXPECT_LE(live_.size(), places);
        EXPECT_LE(live_.size() + connecting_.size(), 2 * places) << "one that counts and the next one, for each place";
        EXPECT_EQ(serving_, !live_.empty());
        EXPECT_EQ(machine_.serving().has_value(), serving_);
        EXPECT_TRUE(!machine_.serving() || live_.contains(*machine_.serving()));
        bool const wants = !stopped_ && live_.size() + on_the_way < places;
        EXPECT_TRUE(!wants || machine_.wake()) << "a place without a connection is never forgotten";
        EXPECT_TRUE(connecting_.empty() || machine_.wake()) << "nothing is waited for without an end";
    }

    int places_;
    std::mt19937_64 random_;
    Moment now_{1000h};
    Moment not_before_;
    SocketMachine machine_;
    ConnectionId newest_ = 0;
    bool serving_ = false;
    bool stopped_ = false;
    std::set<ConnectionId> asked_, connecting_, live_, gone_;
};

TEST(SlackSocket, whatever_happens_each_place_has_one_attempt_and_is_never_forgotten) {
    for (std::uint64_t seed = 1; seed <= 400 && !testing::Test::HasFailure(); ++seed) {
        SCOPED_TRACE(seed);
        World world{1 + static_cast<int>(seed % 2), seed};
        for (int i = 0; i < 300 && !testing::Test::HasFailure(); ++i)
            world.step();
        world.be_kind();
        world.stop();
    }
}

TEST(SlackSocket, without_a_hello_the_wait_never_shrinks) {
    auto options = SocketMachine::Options{};
    options.open_at_most_every = 0s;
    SocketMachine machine{options};
    Moment now{1000h};
    machine.start(now);
    Span before{0};
    for (ConnectionId attempt = 1; attempt <= 50; ++attempt) {
        if (attempt % 2 == 0) {
            machine.url(attempt, "wss://a", now);
            machine.closed(attempt, "upgrade: 408", now, 0.999);
        } else {
            machine.no_url(attempt, {"internal_error", false, {}}, now, 0.999);
        }
        auto const wait = std::chrono::duration_cast<Span>(machine.wake().value() - now);
        EXPECT_GE(wait, before);
        EXPECT_LE(wait, options.longest_wait);
        before = wait;
        now = machine.wake().value();
        machine.tick(now, 0);
    }
    EXPECT_GT(before, options.longest_wait / 2);
}

} // namespace
} // namespace cox::slack
