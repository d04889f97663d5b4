#include "slack.hpp"

#include <boost/asio/post.hpp>

namespace cox::fake_slack {

// Not at once: whoever says so may be in the middle of it.
void Slack::changed() {
    if (waiting_.empty() || std::exchange(looking_, true)) return;
    boost::asio::post(context, [this] { look(); });
}

void Slack::look() {
    looking_ = false;
    for (auto at = waiting_.begin(); at != waiting_.end();) {
        auto const one = *at;
        if (!one->condition(*this)) {
            ++at;
            continue;
        }
        at = waiting_.erase(at);
        one->done(true);
    }
}

void Slack::wait(Condition condition, std::chrono::milliseconds within, std::function<void(bool)> done) {
    if (condition(*this)) return done(true);
    auto const one = std::make_shared<Waiting>(Waiting{std::move(condition), std::move(done)});
    waiting_.push_back(one);
    schedule.after(within, [this, weak = std::weak_ptr{one}] {
        auto const still = weak.lock();
        if (!still || waiting_.remove(still) == 0) return;
        still->done(false);
    });
}

} // namespace cox::fake_slack
