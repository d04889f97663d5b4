#pragma once
// A Slack of our own for tests, on loopback: Socket Mode and the Web API, with faults at will. It runs on a thread of
// its own; everything here may be called from the test's thread. README.md lists the acts, the settings and the faults.
//
//     FakeSlack slack;
//     … let the bot use slack.api() …
//     ASSERT_TRUE(slack.wait_for({{"connections", 1}}));
//     auto const typed = slack.act("command", {{"user", "alice"}, {"channel", "ops"}, {"text", "status"}});
//     ASSERT_TRUE(slack.wait_for({{"acked", typed["envelopes"]}}));
#include "slack.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cox::fake_slack {

class FakeSlack {
public:
    explicit FakeSlack(unsigned short port = 0);
    ~FakeSlack();
    FakeSlack(FakeSlack const&) = delete;
    FakeSlack& operator=(FakeSlack const&) = delete;

    std::string const& address() const; // "http://127.0.0.1:40000"
    std::string api() const { return address() + "/api/"; }

    // Does what control.hpp and README.md describe. Throws std::runtime_error where that cannot be done.
    json act(std::string_view name, json args = json::object());
    void set(json settings) { act("settings", std::move(settings)); }
    void fault(json words) { act("fault", std::move(words)); }

    using Condition = Slack::Condition;
    // False when it does not come true in time.
    [[nodiscard]] bool wait_until(Condition, std::chrono::milliseconds within = std::chrono::seconds{10});
    [[nodiscard]] bool wait_for(json const& words, std::chrono::milliseconds within = std::chrono::seconds{10});

    std::vector<json> calls(std::string_view method = {}); // each as log.hpp has it
    std::vector<json> messages(std::string_view channel);  // oldest first; with "metadata", "edits"
    std::vector<json> ephemerals(std::string_view user = {});
    json channel(std::string_view id_or_name);
    json envelope(std::string_view id); // with "deliveries", "acks", "settled", "given_up"
    json see(std::string_view part);

    // Anything else: runs on the thread of the fake Slack while the caller waits.
    void inside(std::function<void(Slack&)>);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace cox::fake_slack
