#pragma once
// Holds one answer per key: the first who asks does the work, the others get the same answer, none before it is
// durable.
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace cox::web {

class Once {
public:
    using Answer = std::function<void(std::int64_t id)>;

    // At most this many settled keys are kept.
    explicit Once(std::size_t keep) : keep_{keep} {}

    // True: the caller does the work and calls settle(). False: `answer` was called, or will be.
    bool begin(std::string const& key, Answer answer);
    void settle(std::string const& key, std::int64_t id);
    bool knows(std::string const& key) const { return entries_.contains(key); }

private:
    struct Entry {
        bool settled = false;
        std::int64_t id = 0;
        std::vector<Answer> waiting;
    };

    std::size_t keep_;
    std::unordered_map<std::string, Entry> entries_;
    std::deque<std::string> settled_; // oldest first
};

} // namespace cox::web
