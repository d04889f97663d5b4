#pragma once
// A homeserver of our own for tests, on loopback: the client-server API as far as a bot needs it, strict in what it
// accepts, with faults at will. It runs on a thread of its own; everything here may be called from the test's thread.
// README.md lists the acts, the settings and the faults.
//
//     FakeHomeserver matrix;
//     … let the bot log in at matrix.address() as @coxswain:lab.test with the password "aye" …
//     ASSERT_TRUE(matrix.wait_for({{"polling", "coxswain"}}));
//     matrix.act("say", {{"user", "alice"}, {"room", "ops"}, {"text", "!inc status"}});
//     ASSERT_TRUE(matrix.wait_for({{"room", "ops"}, {"text", "No incident"}}));
//     EXPECT_EQ(matrix.violations(), std::vector<std::string>{});
#include "homeserver.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cox::fake_homeserver {

class FakeHomeserver {
public:
    explicit FakeHomeserver(unsigned short port = 0);
    ~FakeHomeserver();
    FakeHomeserver(FakeHomeserver const&) = delete;
    FakeHomeserver& operator=(FakeHomeserver const&) = delete;

    std::string const& address() const; // "http://127.0.0.1:40000"

    // Does what control.hpp and README.md describe. Throws std::runtime_error where that cannot be done.
    json act(std::string_view name, json args = json::object());
    void set(json settings) { act("settings", std::move(settings)); }
    void fault(json words) { act("fault", std::move(words)); }

    // False when it does not come true in time.
    [[nodiscard]] bool wait_for(json const& words, std::chrono::milliseconds within = std::chrono::seconds{10});

    std::vector<json> calls(std::string_view endpoint = {}); // each as log.hpp has it
    std::vector<json> messages(std::string_view room); // as a client shows them; with "event_id", "sender", "edits"
    std::vector<json> events(std::string_view room);   // all, oldest first
    json room(std::string_view id_or_alias);           // "name", "topic", "pinned", "members", "state", …
    std::size_t room_count();
    std::vector<std::string> violations();
    json see(std::string_view part);

    // Anything else: runs on the thread of the fake while the caller waits.
    void inside(std::function<void(Homeserver&)>);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace cox::fake_homeserver
