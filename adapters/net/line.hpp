#pragma once
// One connection from the first look-up of a name to the end: its bytes, and the moment at which it is hung up on
// unless something happens before. Whoever waits on it looks afterwards whether it was hung up.
#include "adapters/net/stream.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace cox::net {

class Line : public std::enable_shared_from_this<Line> {
public:
    explicit Line(Stream::executor_type const& executor) : stream{executor}, timer_{executor} {}

    // Hangs up when this much time passes without another word about it. Cheap: called for every message.
    void within(std::chrono::milliseconds span);
    // No deadline any more.
    void at_leisure() { due_ = Moment::max(); }
    // Whatever is waited for ends with an error, soon but not in here.
    void hang_up();

    bool hung_up() const { return hung_up_; }
    bool expired() const { return expired_; } // it was the deadline that hung up

    Stream stream;
    // Ends a wait for something that is not in `stream` yet.
    std::function<void()> abandon;
    // Called when the deadline hung up; for a connection that nobody waits on.
    std::function<void()> when_expired;

private:
    using Moment = std::chrono::steady_clock::time_point;

    void arm();

    boost::asio::steady_timer timer_;
    Moment due_ = Moment::max();
    Moment armed_for_ = Moment::max();
    bool hung_up_ = false;
    bool expired_ = false;
};

} // namespace cox::net
