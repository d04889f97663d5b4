#pragma once
// The Slack network as the house runs it, against a Slack of our own on loopback.
#include "adapters/slack/slack_network.hpp"
#include "fake_chat_desk.hpp"
#include "fake_house.hpp"
#include "fake_slack/fake_slack.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cox::test {

class SlackHouse {
public:
    explicit SlackHouse(slack::SlackOptions options = {});
    // Against another Slack, which is at `options.api_url`; the one in here is left alone.
    SlackHouse(slack::SlackOptions options, slack::Tokens);
    ~SlackHouse();

    // A new life on the same store, as after kill -9.
    void restart();
    // Runs until `done`; false when that takes more than ten seconds.
    template <class Done>
    [[nodiscard]] bool run_until(Done done) {
        auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
        while (!done()) {
            if (std::chrono::steady_clock::now() > deadline) return false;
            io_.run_one_for(std::chrono::milliseconds{20});
        }
        return true;
    }
    // Until each envelope that an act of the fake Slack made is acknowledged.
    [[nodiscard]] bool acknowledged(nlohmann::json const& act);
    // What is committed is reported as durable only from release_commits() on.
    void hold_commits() { holding_ = true; }
    void release_commits();
    // Until a connection serves.
    [[nodiscard]] bool connect();

    Delivered deliver(std::int64_t op, Effect);
    Delivered reconcile(std::int64_t op, Effect);

    static ChannelId channel(std::string_view id) { return ChannelId{"slack:" + team() + ":" + std::string{id}}; }
    static Person person(std::string_view id, std::string name);
    static std::string team() { return "T0FAKE001"; }
    std::string id_of(std::string_view name) { return slack.channel(name).at("id").get<std::string>(); }

    fake_slack::FakeSlack slack;
    FakeChatDesk desk;
    std::unique_ptr<slack::SlackNetwork> network;
    slack::Tokens tokens{"xapp-1-A0FAKE001-1-fake", "xoxb-1-fake"};

private:
    boost::asio::io_context io_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
    slack::SlackOptions options_;
    bool holding_ = false;
    std::vector<std::function<void()>> held_;

    void durable(std::function<void()>);

public:
    FakeStore store{[this](std::function<void()> call) { durable(std::move(call)); }};
    FakeInbox inbox{store};
};

} // namespace cox::test
