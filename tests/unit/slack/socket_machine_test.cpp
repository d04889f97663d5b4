#include "adapters/slack/socket_machine.hpp"

#include "core/overloaded.hpp"

#include <gtest/gtest.h>

namespace cox::slack {
namespace {

using namespace std::chrono_literals;
using Words = std::vector<std::string>;

constexpr Moment t0{1000h};

std::string word(SocketAction const& action) {
    return std::visit(
        overloaded{[](act::AskUrl const& ask) { return "ask " + std::to_string(ask.connection); },
                   [](act::Connect const& c) { return "connect " + std::to_string(c.connection) + " " + c.url; },
                   [](act::Close const& close) { return "close " + std::to_string(close.connection); },
                   [](act::Say const& say) {
                       return (say.how == act::Say::How::info      ? "info: "
                               : say.how == act::Say::How::warning ? "warning: "
                                                                   : "error: ") +
                              say.text;
                   },
                   [](act::Serving const& serving) { return std::string{serving.yes ? "serving" : "not serving"}; }},
        action);
}

Words words(std::vector<SocketAction> const& actions) {
    Words out;
    for (auto const& action : actions)
        out.push_back(word(action));
    return out;
}

SocketMachine::Options places(int count) {
    SocketMachine::Options options;
    options.places = count;
    return options;
}

// A machine of one place whose connection counts since t0.
SocketMachine connected() {
    SocketMachine machine{places(1)};
    machine.start(t0);
    machine.url(1, "wss://a", t0);
    machine.upgraded(1, t0);
    machine.hello(1, t0);
    return machine;
}

TEST(SlackSocket, asks_for_a_url_connects_and_counts_from_hello_on) {
    SocketMachine machine{places(1)};
    EXPECT_EQ(words(machine.start(t0)), Words{"ask 1"});
    EXPECT_EQ(words(machine.url(1, "wss://a/?ticket=1", t0)), Words{"connect 1 wss://a/?ticket=1"});
    machine.upgraded(1, t0 + 1s);
    EXPECT_FALSE(machine.serving());
    EXPECT_EQ(words(machine.hello(1, t0 + 2s)), (Words{"info: connected to Slack", "serving"}));
    EXPECT_EQ(machine.serving(), 1u);
    EXPECT_FALSE(machine.wake());
}

TEST(SlackSocket, a_failure_of_connections_open_is_tried_again) {
    SocketMachine machine{places(1)};
    machine.start(t0);
    EXPECT_EQ(words(machine.no_url(1, {"internal_error", false, {}}, t0, 0.5)),
              Words{"warning: Slack gives no address to connect to: internal_error"});
    EXPECT_EQ(machine.wake(), t0 + 1s); // no sooner than connections.open may be called again
    EXPECT_EQ(words(machine.tick(t0 + 999ms, 0.5)), Words{});
    EXPECT_EQ(words(machine.tick(t0 + 1s, 0.5)), Words{"ask 2"});
}

TEST(SlackSocket, an_error_that_time_does_not_heal_is_said_once_and_tried_again_slowly) {
    SocketMachine machine{places(1)};
    machine.start(t0);
    EXPECT_EQ(words(machine.no_url(1, {"invalid_auth", true, {}}, t0, 0)),
              Words{"error: Slack gives no address to connect to: invalid_auth; the app-level token (xapp-…, with "
                    "connections:write) is wrong "
                    "or gone: make one in the app's Basic Information and put it in the old one's place"});
    EXPECT_EQ(machine.wake(), t0 + 60s);
    EXPECT_EQ(words(machine.tick(t0 + 60s, 0)), Words{"ask 2"});
    EXPECT_EQ(words(machine.no_url(2, {"invalid_auth", true, {}}, t0 + 60s, 0)), Words{});
    EXPECT_EQ(machine.wake(), t0 + 120s);
}

TEST(SlackSocket, F60_a_429_of_connections_open_is_obeyed_by_every_place) {
    SocketMachine machine{places(2)};
    EXPECT_EQ(words(machine.start(t0)), Words{"ask 1"});
    machine.no_url(1, {"ratelimited", false, 30s}, t0, 0);
    EXPECT_EQ(machine.wake(), t0 + 30s);
    EXPECT_EQ(words(machine.tick(t0 + 29'999ms, 0)), Words{});
    EXPECT_EQ(words(machine.tick(t0 + 30s, 0)), Words{"ask 2"});
    EXPECT_EQ(machine.wake(), t0 + 31s);
    EXPECT_EQ(words(machine.tick(t0 + 31s, 0)), Words{"ask 3"});
}

TEST(SlackSocket, F60_a_crash_loop_does_not_burn_the_quota) {
    auto options = places(1);
    options.open_at_most_every = 60s;
    SocketMachine machine{options};
    EXPECT_EQ(words(machine.start(t0, t0 - 20s)), Words{});
    EXPECT_EQ(machine.wake(), t0 + 40s);
    EXPECT_EQ(words(machine.tick(t0 + 40s, 0)), Words{"ask 1"});
    // A clock that was put back does not make it wait for more than the rule asks.
    SocketMachine later{options};
    later.start(t0, t0 + 100h);
    EXPECT_EQ(later.wake(), t0 + 60s);
    SocketMachine rested{options};
    EXPECT_EQ(words(rested.start(t0, t0 - 61s)), Words{"ask 1"});
}

TEST(SlackSocket, an_upgrade_that_is_not_101_gives_exactly_one_serial_chain_of_attempts) {
    SocketMachine machine{places(1)};
    machine.start(t0);
    auto now = t0;
    for (ConnectionId attempt = 1; attempt < 20; ++attempt) {
        machine.url(attempt, "wss://a", now);
        machine.closed(attempt, "upgrade: 409", now, 0.9);
        EXPECT_EQ(words(machine.closed(attempt, "upgrade: 409", now, 0.9)), Words{}); // told twice, counted once
        now = machine.wake().value();
        EXPECT_EQ(words(machine.tick(now, 0.9)), Words{"ask " + std::to_string(attempt + 1)});
        EXPECT_EQ(words(machine.tick(now + 1h, 0.9)), Words{}); // not another one beside it
    }
}

TEST(SlackSocket, the_wait_doubles_with_full_jitter_up_to_its_longest) {
    auto options = places(1);
    options.open_at_most_every = 0s;
    SocketMachine machine{options};
    machine.start(t0);
    ConnectionId attempt = 0;
    for (auto const widest : {500ms, 1000ms, 2000ms, 4000ms, 8000ms, 16'000ms, 30'000ms, 30'000ms}) {
        machine.no_url(++attempt, {"network: connect", false, {}}, t0, 0.25);
        EXPECT_EQ(machine.wake(), t0 + widest / 4);
        machine.tick(t0 + widest / 4, 0);
    }
}

TEST(SlackSocket, the_wait_falls_back_only_after_a_connection_has_lived_past_its_hello) {
    auto const wait_after = [](Span lived) {
        auto options = places(1);
        options.open_at_most_every = 0s;
        SocketMachine machine{options};
        machine.start(t0);
        auto now = t0;
        for (ConnectionId attempt = 1; attempt <= 3; ++attempt) {
            machine.no_url(attempt, {"network: connect", false, {}}, now, 0.5);
            now = machine.wake().value();
            machine.tick(now, 0.5);
        }
        machine.url(4, "wss://a", now);
        machine.hello(4, now);
        machine.closed(4, "lost", now + lived, 0.5);
        return machine.wake().value() - (now + lived);
    };
    EXPECT_EQ(wait_after(30s), 250ms);
    EXPECT_EQ(wait_after(29'999ms), 2000ms);
}

TEST(SlackSocket, a_refresh_of_a_connection_that_has_lived_forgives_what_failed_before_it) {
    auto const wait_after_refresh_at = [](Span lived) {
        auto options = places(1);
        options.open_at_most_every = 0s;
        SocketMachine machine{options};
        machine.start(t0);
        for (ConnectionId attempt = 1; attempt <= 3; ++attempt)
            machine.no_url(attempt, {"network: connect", false, {}}, t0, 0);
        machine.url(4, "wss://a", t0);
        machine.hello(4, t0);
        machine.disconnect(4, "refresh_requested", t0 + lived, 0);
        machine.no_url(5, {"internal_error", false, {}}, t0 + lived, 0.5);
        return machine.wake().value() - (t0 + lived);
    };
    EXPECT_EQ(wait_after_refresh_at(30s), 250ms);
    EXPECT_EQ(wait_after_refresh_at(5s), 2000ms);
}

TEST(SlackSocket, F58_a_refresh_opens_the_next_one_before_the_old_one_goes) {
    for (auto const* reason : {"warning", "refresh_requested", "a reason of tomorrow"}) {
        auto machine = connected();
        auto const now = t0 + 1h;
        EXPECT_EQ(words(machine.disconnect(1, reason, now, 0.5)), Words{"ask 2"});
        EXPECT_EQ(machine.serving(), 1u);
        machine.url(2, "wss://b", now);
        EXPECT_EQ(machine.serving(), 1u);
        EXPECT_EQ(words(machine.hello(2, now)), Words{"close 1"}); // and never "not serving"
        EXPECT_EQ(machine.serving(), 2u);
        EXPECT_FALSE(machine.wake());
    }
}

TEST(SlackSocket, F58_a_replaced_one_lingers_for_what_is_on_its_way_and_one_too_many_does_not) {
    auto machine = connected();
    machine.disconnect(1, "refresh_requested", t0 + 1h, 0.5);
    machine.url(2, "wss://b", t0 + 1h);
    EXPECT_EQ(std::get<act::Close>(machine.hello(2, t0 + 1h).at(0)).linger, 3s);
    EXPECT_EQ(std::get<act::Close>(machine.disconnect(2, "too_many_websockets", t0 + 2h, 0.5).at(1)).linger, 0s);
}

TEST(SlackSocket, F58_refreshes_every_five_seconds_leave_nothing_uncovered) {
    auto machine = connected();
    auto now = t0;
    for (ConnectionId old = 1; old < 100; ++old) {
        now += 5s;
        EXPECT_EQ(words(machine.disconnect(old, "refresh_requested", now, 0.9)),
                  Words{"ask " + std::to_string(old + 1)});
        machine.url(old + 1, "wss://b", now);
        EXPECT_EQ(words(machine.hello(old + 1, now)), Words{"close " + std::to_string(old)});
    }
}

TEST(SlackSocket, F58_a_warning_and_then_a_refresh_of_one_connection_start_one_attempt) {
    auto machine = connected();
    EXPECT_EQ(words(machine.disconnect(1, "warning", t0 + 1h, 0)), Words{"ask 2"});
    EXPECT_EQ(words(machine.disconnect(1, "refresh_requested", t0 + 1h, 0)), Words{});
}

TEST(SlackSocket, F58_an_old_connection_that_goes_before_the_next_says_hello_starts_no_second_attempt) {
    auto machine = connected();
    machine.disconnect(1, "refresh_requested", t0 + 1h, 0);
    EXPECT_EQ(words(machine.closed(1, "lost", t0 + 1h, 0)), Words{"not serving"});
    EXPECT_FALSE(machine.wake()); // what is on its way is all there is to wait for
    machine.url(2, "wss://b", t0 + 1h);
    EXPECT_EQ(words(machine.hello(2, t0 + 1h)), (Words{"info: connected to Slack", "serving"}));
}

TEST(SlackSocket, F58_while_the_next_one_fails_the_old_one_serves_and_the_wait_grows) {
    auto machine = connected();
    auto now = t0 + 1h;
    machine.disconnect(1, "refresh_requested", now, 0.5);
    for (ConnectionId attempt = 2; attempt < 6; ++attempt) {
        machine.url(attempt, "wss://b", now);
        machine.closed(attempt, "upgrade: 503", now, 0.5);
        EXPECT_EQ(machine.serving(), 1u);
        now = machine.wake().value();
        EXPECT_EQ(words(machine.tick(now, 0.5)), Words{"ask " + std::to_string(attempt + 1)});
    }
    machine.closed(1, "lost", now, 0.5); // has lived for long, and yet forgives nothing that came after its refresh
    machine.no_url(6, {"internal_error", false, {}}, now, 0.5);
    EXPECT_EQ(machine.wake(), now + 4s);
}

TEST(SlackSocket, F59_too_many_connections_closes_first_waits_and_is_an_alarm) {
    auto machine = connected();
    EXPECT_EQ(words(machine.disconnect(1, "too_many_websockets", t0 + 1s, 0.5)),
              (Words{"error: Slack has too many connections of this app open", "close 1", "not serving"}));
    EXPECT_EQ(machine.wake(), t0 + 1s + 10s + 250ms);
}

TEST(SlackSocket, F59_too_many_connections_after_each_upgrade_makes_the_wait_grow) {
    SocketMachine machine{places(1)};
    machine.start(t0);
    auto now = t0;
    Span before{0};
    for (ConnectionId attempt = 1; attempt < 6; ++attempt) {
        machine.url(attempt, "wss://a", now);
        machine.upgraded(attempt, now);
        auto const said = words(machine.disconnect(attempt, "too_many_websockets", now, 0.5));
        EXPECT_EQ(said.back(), "close " + std::to_string(attempt));
        auto const wait = std::chrono::duration_cast<Span>(machine.wake().value() - now);
        EXPECT_GT(wait, before);
        before = wait;
        now = machine.wake().value();
        machine.tick(now, 0.5);
    }
    EXPECT_GE(before, 10s);
}

TEST(SlackSocket, F59_a_place_beside_the_crowded_one_keeps_its_connection) {
    SocketMachine machine{places(2)};
    machine.start(t0);
    machine.tick(t0 + 1s, 0);
    for (ConnectionId connection : {1u, 2u}) {
        machine.url(connection, "wss://a", t0 + 1s);
        machine.hello(connection, t0 + 1s);
    }
    EXPECT_EQ(words(machine.disconnect(2, "too_many_websockets", t0 + 2s, 0)),
              (Words{"error: Slack has too many connections of this app open", "close 2"}));
    EXPECT_EQ(machine.serving(), 1u);
}

TEST(SlackSocket, F59_link_disabled_is_an_alarm_and_no_hammering) {
    auto machine = connected();
    EXPECT_EQ(words(machine.disconnect(1, "link_disabled", t0 + 1s, 0)),
              (Words{"error: Socket Mode is switched off in the settings of the Slack app", "close 1", "not serving"}));
    EXPECT_EQ(machine.wake(), t0 + 61s);
}

TEST(SlackSocket, a_peer_that_closes_is_connected_to_again) {
    auto machine = connected();
    EXPECT_EQ(words(machine.closed(1, "peer closed", t0 + 1h, 0)),
              (Words{"warning: the connection to Slack is lost: peer closed", "not serving", "ask 2"}));
}

TEST(SlackSocket, a_connection_that_says_no_hello_is_given_up) {
    SocketMachine machine{places(1)};
    machine.start(t0);
    machine.url(1, "wss://a", t0);
    EXPECT_EQ(machine.wake(), t0 + 10s);
    machine.upgraded(1, t0 + 6s);
    EXPECT_EQ(words(machine.tick(t0 + 10s, 0)), Words{});
    EXPECT_EQ(words(machine.tick(t0 + 16s, 0)),
              (Words{"close 1", "warning: no connection to Slack: it says no hello", "ask 2"}));
    EXPECT_EQ(words(machine.hello(1, t0 + 17s)), Words{}); // too late
}

TEST(SlackSocket, closed_events_of_replaced_connections_start_nothing) {
    auto machine = connected();
    machine.disconnect(1, "refresh_requested", t0 + 1h, 0);
    machine.url(2, "wss://b", t0 + 1h);
    machine.hello(2, t0 + 1h);
    EXPECT_EQ(words(machine.closed(1, "lost", t0 + 1h, 0)), Words{});
    EXPECT_EQ(words(machine.disconnect(1, "link_disabled", t0 + 1h, 0)), Words{});
    EXPECT_EQ(words(machine.closed(77, "lost", t0 + 1h, 0)), Words{});
    EXPECT_EQ(machine.serving(), 2u);
    EXPECT_FALSE(machine.wake());
}

TEST(SlackSocket, two_places_are_independent) {
    SocketMachine machine{places(2)};
    EXPECT_EQ(words(machine.start(t0)), Words{"ask 1"});
    machine.url(1, "wss://a", t0);
    EXPECT_EQ(words(machine.hello(1, t0)), (Words{"info: connected to Slack", "serving"}));
    EXPECT_EQ(words(machine.tick(t0 + 1s, 0)), Words{"ask 2"});
    machine.url(2, "wss://b", t0 + 1s);
    EXPECT_EQ(words(machine.hello(2, t0 + 1s)), Words{});
    EXPECT_EQ(machine.serving(), 2u); // the newest
    // One is lost and cannot come back; the other one is not touched, and refreshes as ever.
    machine.closed(2, "lost", t0 + 1h, 0);
    machine.no_url(3, {"internal_error", false, {}}, t0 + 1h, 0.9);
    EXPECT_EQ(machine.serving(), 1u);
    EXPECT_EQ(words(machine.disconnect(1, "refresh_requested", t0 + 2h, 0)), Words{"ask 4"}); // the uncovered one
    EXPECT_EQ(words(machine.tick(t0 + 2h + 1s, 0)), Words{"ask 5"});
    machine.url(5, "wss://c", t0 + 2h + 1s);
    EXPECT_EQ(words(machine.hello(5, t0 + 2h + 1s)), Words{"close 1"});
}

TEST(SlackSocket, stopping_says_goodbye_to_all_and_twice_is_harmless) {
    auto machine = connected();
    machine.disconnect(1, "refresh_requested", t0 + 1h, 0);
    machine.url(2, "wss://b", t0 + 1h);
    EXPECT_EQ(words(machine.stop()), (Words{"close 2", "close 1", "not serving"}));
    EXPECT_EQ(words(machine.stop()), Words{});
    EXPECT_EQ(words(machine.url(2, "wss://b", t0 + 1h)), Words{});
    EXPECT_EQ(words(machine.hello(2, t0 + 1h)), Words{});
    EXPECT_EQ(words(machine.closed(1, "stopped", t0 + 1h, 0)), Words{});
    EXPECT_EQ(words(machine.tick(t0 + 2h, 0)), Words{});
    EXPECT_FALSE(machine.wake());
    EXPECT_FALSE(machine.serving());
}

TEST(SlackSocket, a_url_that_comes_after_the_stop_is_not_connected_to) {
    SocketMachine machine{places(1)};
    machine.start(t0);
    EXPECT_EQ(words(machine.stop()), Words{});
    EXPECT_EQ(words(machine.url(1, "wss://a", t0)), Words{});
}

} // namespace
} // namespace cox::slack
