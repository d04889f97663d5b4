#pragma once
// A proxy of application services, as mautrix-wsproxy is one, on loopback and a thread of its own: one WebSocket at a
// time, on which it hands out what the test gives it, answers pings, and says goodbye in every way. It keeps nothing
// for a bot that is away, and wants to hear nothing about what it has handed out.
#include <nlohmann/json.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cox::test {

class FakeWsproxy {
public:
    explicit FakeWsproxy(std::string as_token);
    ~FakeWsproxy();
    FakeWsproxy(FakeWsproxy const&) = delete;
    FakeWsproxy& operator=(FakeWsproxy const&) = delete;

    std::string const& address() const; // "ws://127.0.0.1:40000"

    bool is_connected() const;
    int connections_ever() const; // that were accepted
    int refused() const;
    std::vector<std::string> asked() const;    // targets of the requests to upgrade
    std::vector<nlohmann::json> heard() const; // what the bot said, oldest first
    int pings() const;                         // the command that is answered
    int pongs() const;                         // to the WebSocket's own pings

    // False when nobody is connected: then it is lost.
    bool say(std::string_view text);
    bool say_binary(std::string_view bytes);
    // `id`: the bot is to say that it arrived, as other proxies than mautrix's want it.
    bool transaction(std::string_view txn, nlohmann::json events, std::int64_t id = 0);
    bool ping(); // by the WebSocket's own means
    bool close(std::uint16_t code, std::string_view reason);
    bool reset(); // RST, without a goodbye

    void accept_token(std::string); // from now on
    void answer_pings(bool);        // of the bot
    void be_there(bool);            // false: nobody is let in, with 503

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace cox::test
