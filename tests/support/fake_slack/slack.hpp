#pragma once
// The fake Slack as a whole. Everything in it happens on one thread, that of its io_context.
#include "clock.hpp"
#include "faults.hpp"
#include "log.hpp"
#include "permits.hpp"
#include "schedule.hpp"
#include "settings.hpp"
#include "sockets.hpp"
#include "world.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <string>

namespace cox::fake_slack {

struct Slack {
    explicit Slack(boost::asio::io_context& its_context)
        : context{its_context}, schedule{its_context}, sockets{*this} {}
    Slack(Slack const&) = delete;
    Slack& operator=(Slack const&) = delete;

    boost::asio::io_context& context;
    std::string address; // "http://127.0.0.1:40000"
    Clock clock;
    Settings settings;
    World world;
    Faults faults;
    Log log;
    Permits permits;
    Schedule schedule;
    Sockets sockets;

    // Something may have come true that somebody waits for.
    void changed();
    // Calls `done` as soon as it holds (true) or the time is over (false).
    using Condition = std::function<bool(Slack const&)>;
    void wait(Condition, std::chrono::milliseconds within, std::function<void(bool)> done);

private:
    struct Waiting {
        Condition condition;
        std::function<void(bool)> done;
    };
    void look();

    std::list<std::shared_ptr<Waiting>> waiting_;
    bool looking_ = false;
};

// Thrown by what a method or an act finds it cannot do, and caught in the one place that answers: `what` is Slack's
// word.
struct Refused {
    std::string error;
    json more = json::object(); // further fields of the answer
};

} // namespace cox::fake_slack
