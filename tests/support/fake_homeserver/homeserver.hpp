#pragma once
// The fake homeserver as a whole. All of it lives on one thread.
#include "faults.hpp"
#include "http_server.hpp"
#include "log.hpp"
#include "settings.hpp"
#include "world.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>

namespace cox::fake_homeserver {

class Homeserver {
public:
    // Begins with @alice, @bob and the bot (@coxswain, password "aye"), the room #ops with all three (the bot at level
    // 50), and #general without the bot.
    Homeserver(boost::asio::io_context& context, unsigned short port);
    Homeserver(Homeserver const&) = delete;
    Homeserver& operator=(Homeserver const&) = delete;

    boost::asio::io_context& context;
    Settings settings;
    World world;
    Faults faults;
    Log log;
    std::map<std::string, std::pair<double, std::int64_t>> buckets; // of each user: how full, and when
    std::map<std::string, int> polls;                               // of each token: how many are open
    HttpServer http;

    std::int64_t now_ms() const;
    void pass(std::int64_t ms) { ahead_ms_ += ms; }
    void violated(std::string what);

    // Something may have come true that somebody waits for.
    void changed();
    // Calls `done` as soon as it holds (true) or the time is over (false). Forgotten by `forget`, if it is still there.
    using Condition = std::function<bool()>;
    using Ticket = std::uint64_t;
    Ticket wait(Condition, std::chrono::milliseconds within, std::function<void(bool)> done);
    void forget(Ticket);

private:
    struct Waiter;
    void look();

    std::list<std::shared_ptr<Waiter>> waiters_;
    Ticket last_ticket_ = 0;
    bool looking_ = false;
    std::int64_t ahead_ms_ = 0;
};

// Thrown by what finds that it cannot be done, and caught in the one place that answers.
struct Refused {
    int status = 400;
    std::string errcode = "M_UNKNOWN";
    std::string error;
    json more = json::object(); // further fields of the answer
};

} // namespace cox::fake_homeserver
