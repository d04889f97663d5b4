#pragma once
// What is to be done later: one timer for all of it.
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <map>

namespace cox::fake_slack {

class Schedule {
public:
    explicit Schedule(boost::asio::io_context& context) : timer_{context} {}

    void after(std::chrono::milliseconds wait, std::function<void()> what);

private:
    using Moment = std::chrono::steady_clock::time_point;
    void arm();

    boost::asio::steady_timer timer_;
    std::multimap<Moment, std::function<void()>> waiting_;
};

} // namespace cox::fake_slack
