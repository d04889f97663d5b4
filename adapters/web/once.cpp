#include "adapters/web/once.hpp"

namespace cox::web {

bool Once::begin(std::string const& key, Answer answer) {
    auto const [at, first] = entries_.try_emplace(key);
    if (at->second.settled) {
        answer(at->second.id);
        return false;
    }
    at->second.waiting.push_back(std::move(answer));
    return first;
}

void Once::settle(std::string const& key, std::int64_t id) {
    auto& entry = entries_[key];
    bool const was_settled = std::exchange(entry.settled, true);
    entry.id = id;
    auto const waiting = std::exchange(entry.waiting, {});
    if (!was_settled) {
        settled_.push_back(key);
        if (settled_.size() > keep_) {
            entries_.erase(settled_.front());
            settled_.pop_front();
        }
    }
    for (auto const& answer : waiting)
        answer(id);
}

} // namespace cox::web
