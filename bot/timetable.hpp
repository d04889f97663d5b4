#pragma once
// Makes things happen at their time, whichever clock is in force: by an alarm on a clock that runs, one after the
// other on a manual one.
#include "bot/clocks.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <optional>
#include <vector>

namespace cox::bot {

// Something with times of its own.
struct Source {
    std::function<std::optional<Time>()> next; // base time
    std::function<bool()> fire;                // does what is due; true when more is due already
};

class Timetable {
public:
    // `when_idle` calls back once nothing is on its way.
    Timetable(boost::asio::io_context&, Clocks&, std::function<void(std::function<void()>)> when_idle);

    // At the same moment the earlier source goes first.
    void add(Source);
    // The next time may be another one now.
    void changed();
    // Manual clock: lets every moment up to now + span happen, each once the one before is done.
    void advance(Duration span, std::function<void(Time now)> done);
    void stop();

private:
    std::optional<Time> next() const;
    void fire();
    void arm();
    void step(Time target, std::function<void(Time)> done);

    boost::asio::io_context& io_;
    Clocks& clocks_;
    std::function<void(std::function<void()>)> when_idle_;
    std::vector<Source> sources_;
    boost::asio::steady_timer alarm_;
    std::optional<Time> armed_for_;
    bool firing_ = false;
    bool stopped_ = false;
};

} // namespace cox::bot
