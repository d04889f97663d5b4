#pragma once
// The Matrix network as the house runs it, against a homeserver of our own on loopback or another one.
#include "adapters/matrix/matrix_network.hpp"
#include "adapters/matrix/names.hpp"
#include "fake_chat_desk.hpp"
#include "fake_homeserver/fake_homeserver.hpp"
#include "fake_house.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cox::test {

// Every wait is so short that a test can see it end.
matrix::MatrixOptions quick_matrix();

class MatrixHouse {
public:
    // `before` the network begins: what it finds on the homeserver.
    using Before = std::function<void(fake_homeserver::FakeHomeserver&)>;
    explicit MatrixHouse(matrix::MatrixOptions options = quick_matrix(), Before const& before = {},
                         matrix::Secrets given = with_password());
    // Against the homeserver that the options name; the one in here is left alone.
    MatrixHouse(matrix::MatrixOptions, matrix::Secrets);
    ~MatrixHouse();

    // A new life on the same store, as after kill -9.
    void restart();
    // As kill -9 alone.
    void die() { network.reset(); }
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
    // Until nothing is wrong and the homeserver is listened to.
    [[nodiscard]] bool connect();
    // Until all that the fake has to tell has been taken in, and that is on disk.
    [[nodiscard]] bool caught_up();
    // Lets it happen on the fake, and waits until it was taken in. What the act answers.
    nlohmann::json happen(std::string_view act, nlohmann::json args);
    // The place in the homeserver's stream up to which all is on disk; -1 before there is one.
    fake_homeserver::Position place() const;
    // Of the newest event that is not the bot's: /sync does not tell it of its own.
    fake_homeserver::Position last_of_others();
    // The texts of the commands that were handed in, oldest first.
    std::vector<std::string> heard() const;

    // What is committed is reported as durable only from release_commits() on.
    void hold_commits() { holding_ = true; }
    void release_commits();

    Delivered deliver(std::int64_t op, Effect);
    Delivered reconcile(std::int64_t op, Effect);

    ChannelId ops() { return matrix::channel_id(ops_); }
    ChannelId channel(std::string_view name) {
        return matrix::channel_id(server.room(name).at("id").get<std::string>());
    }
    static matrix::Secrets with_password() { return {.token = {}, .password = "aye"}; }
    static Person person(std::string_view name) {
        return {matrix::user_id("@" + std::string{name} + ":lab.test"), std::string{name}};
    }
    // From now on an incident is open in #ops, whose commander is alice.
    Incident& incident_in_ops();
    // What the bot said there, as clients show it.
    std::vector<std::string> said(std::string_view room = "ops");
    bool has_said(std::string_view part, std::string_view room = "ops");

    fake_homeserver::FakeHomeserver server;
    FakeChatDesk desk;
    std::unique_ptr<matrix::MatrixNetwork> network;
    matrix::Secrets secrets;

private:
    void durable(std::function<void()>);

    boost::asio::io_context io_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
    matrix::MatrixOptions options_;
    std::string ops_;
    bool holding_ = false;
    std::vector<std::function<void()>> held_;

public:
    FakeStore store{[this](std::function<void()> call) { durable(std::move(call)); }};
    FakeInbox inbox{store};
};

} // namespace cox::test
