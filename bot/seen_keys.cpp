#include "bot/seen_keys.hpp"

#include <functional>

namespace cox::bot {
namespace {

constexpr Duration remembered_for = std::chrono::hours{24};

} // namespace

bool SeenKeys::insert(std::string_view key, Time now) {
    while (!by_age_.empty() && now - by_age_.front().at > remembered_for) {
        known_.erase(by_age_.front().hash);
        by_age_.pop_front();
    }
    // 64 bits of a key: among the million keys of a busy day two meet once in 40 million days.
    auto const hash = static_cast<std::uint64_t>(std::hash<std::string_view>{}(key));
    if (!known_.insert(hash).second) return false;
    by_age_.push_back({now, hash});
    return true;
}

} // namespace cox::bot
