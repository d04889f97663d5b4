#pragma once
// The time of the fake Slack: the system's, unless a test lets some of it pass.
#include <cstdint>
#include <string>

namespace cox::fake_slack {

class Clock {
public:
    std::int64_t now_ms() const;
    // A message's id: the moment, and never the same twice: "1790000002.000300".
    std::string ts();
    void pass(std::int64_t ms) { ahead_ms_ += ms; }

private:
    std::int64_t ahead_ms_ = 0;
    std::int64_t last_us_ = 0;
};

// For measuring: never set back, and not moved by pass().
std::int64_t steady_us();

} // namespace cox::fake_slack
