#include "clock.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace cox::fake_slack {

using namespace std::chrono;

std::int64_t Clock::now_ms() const {
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count() + ahead_ms_;
}

std::string Clock::ts() {
    last_us_ = std::max(last_us_ + 100, now_ms() * 1000);
    char text[40];
    std::snprintf(text, sizeof text, "%010lld.%06lld", static_cast<long long>(last_us_ / 1'000'000),
                  static_cast<long long>(last_us_ % 1'000'000));
    return text;
}

std::int64_t steady_us() {
    return duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count();
}

} // namespace cox::fake_slack
