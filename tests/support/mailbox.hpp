#pragma once
// Stands in for the network thread: what is posted to it runs when the test waits.
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <utility>

namespace cox::testing {

class Mailbox {
public:
    std::function<void(std::function<void()>)> poster() {
        return [this](std::function<void()> letter) {
            std::lock_guard const lock{mutex_};
            letters_.push_back(std::move(letter));
            came_.notify_one();
        };
    }

    // Runs what comes until `done`; false when that takes more than ten seconds.
    template <class Done>
    [[nodiscard]] bool run_until(Done&& done) {
        auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
        while (!done()) {
            std::unique_lock lock{mutex_};
            if (!came_.wait_until(lock, deadline, [this] { return !letters_.empty(); })) return false;
            auto letter = std::move(letters_.front());
            letters_.pop_front();
            lock.unlock();
            letter();
        }
        return true;
    }

    // Runs what is here already.
    void run() {
        std::unique_lock lock{mutex_};
        while (!letters_.empty()) {
            auto letter = std::move(letters_.front());
            letters_.pop_front();
            lock.unlock();
            letter();
            lock.lock();
        }
    }

private:
    std::mutex mutex_;
    std::condition_variable came_;
    std::deque<std::function<void()>> letters_;
};

} // namespace cox::testing
