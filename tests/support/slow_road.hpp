#pragma once
// A road of TCP between two on loopback: everything arrives, but late, and now and then it stands still.
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdint>
#include <memory>

namespace cox::testing {

struct RoadWorks {
    std::chrono::milliseconds delay{20};  // for each piece
    int stall_every = 10;                 // pieces
    std::chrono::milliseconds stall{100}; // in addition
};

class SlowRoad {
public:
    SlowRoad(boost::asio::io_context&, std::uint16_t to, RoadWorks = {});
    ~SlowRoad();

    std::uint16_t port() const;
    int connections() const; // so far

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

} // namespace cox::testing
