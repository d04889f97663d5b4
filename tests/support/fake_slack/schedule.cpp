#include "schedule.hpp"

namespace cox::fake_slack {

void Schedule::after(std::chrono::milliseconds wait, std::function<void()> what) {
    auto const at = waiting_.emplace(std::chrono::steady_clock::now() + wait, std::move(what));
    if (at == waiting_.begin()) arm();
}

void Schedule::arm() {
    if (waiting_.empty()) return;
    timer_.expires_at(waiting_.begin()->first);
    timer_.async_wait([this](boost::system::error_code cancelled) {
        if (cancelled) return;
        while (!waiting_.empty() && waiting_.begin()->first <= std::chrono::steady_clock::now()) {
            auto const what = std::move(waiting_.begin()->second);
            waiting_.erase(waiting_.begin());
            what();
        }
        arm();
    });
}

} // namespace cox::fake_slack
