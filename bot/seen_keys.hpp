#pragma once
// Which keys were taken in lately, so that the same key twice is one command. A day is longer than any network
// delivers again.
#include "core/time.hpp"

#include <cstdint>
#include <deque>
#include <string_view>
#include <unordered_set>

namespace cox::bot {

class SeenKeys {
public:
    // True when the key is new; it is remembered from then on.
    bool insert(std::string_view key, Time now);
    std::size_t size() const { return known_.size(); }

private:
    struct Entry {
        Time at;
        std::uint64_t hash;
    };
    std::unordered_set<std::uint64_t> known_;
    std::deque<Entry> by_age_;
};

} // namespace cox::bot
