#pragma once
// What the tests of Slack's way in share: a connected house in which waits are short.
#include "adapters/slack/drawing.hpp"
#include "slack_house.hpp"

#include <gtest/gtest.h>

#include <future>
#include <set>
#include <stdexcept>

namespace cox::test {

using namespace std::chrono_literals;
using nlohmann::json;

// Every wait of the connection is so short that a test can see it end.
inline slack::SlackOptions impatient() {
    slack::SlackOptions options;
    options.connecting.first_wait = 20ms;
    options.connecting.longest_wait = 100ms;
    options.connecting.hello_within = 300ms;
    options.connecting.fatal_wait = 50ms;
    options.connecting.crowded_wait = 50ms;
    options.connecting.open_at_most_every = 10ms;
    options.connecting.linger = 50ms;
    options.socket.close_within = 50ms;
    options.look_at_tokens_every = 50ms;
    return options;
}

class SlackHouseTest : public ::testing::Test {
protected:
    SlackHouseTest() = default;
    explicit SlackHouseTest(slack::SlackOptions options) : house{std::move(options)} {}

    // Lets it happen in Slack, and waits until it is acknowledged.
    json happen(std::string_view act, json args) {
        auto done = house.slack.act(act, std::move(args));
        EXPECT_TRUE(house.acknowledged(done)) << act << ": " << done;
        return done;
    }
    // What the engine was handed because of it; throws when that was not exactly one thing.
    Inbound const* heard(std::string_view act, json args) {
        auto const before = house.inbox.received.size();
        happen(act, std::move(args));
        auto const things = house.inbox.received.size() - before;
        if (things != 1) throw std::runtime_error{std::string{act} + " made " + std::to_string(things) + " commands"};
        return &house.inbox.received.back();
    }
    // Whether Slack was asked for this method at least so often; waits for it.
    bool called(std::string_view method, std::size_t times = 1) {
        return house.run_until([&] { return house.slack.calls(method).size() >= times; });
    }

    static std::string user(std::string_view id) { return "slack:" + SlackHouse::team() + ":" + std::string{id}; }

    // An incident whose commander is alice, in #ops unless another channel is named.
    Incident& open_incident(std::string_view channel = "C0OPS0001") {
        Incident incident;
        incident.id = {7};
        incident.title = "checkout errors";
        incident.severity = "1";
        incident.severity_label = "SEV-1";
        incident.channel = Channel{SlackHouse::channel(channel), "ops"};
        incident.origin = *incident.channel;
        incident.seats.push_back({"ic", SlackHouse::person("U0ALICE01", "alice"), false, {}, {}});
        house.desk.incident = std::move(incident);
        return *house.desk.incident;
    }

    SlackHouse house;
};

} // namespace cox::test
