#include "adapters/matrix/slowness.hpp"

#include <algorithm>

namespace cox::matrix {

std::optional<std::chrono::seconds> Slowness::waits(Moment now, Span span) {
    auto const begin = now - looks_back;
    while (!lately_.empty() && lately_.front().until <= begin)
        lately_.pop_front();
    // What several calls wait for at once is waited for once.
    auto const from = lately_.empty() ? now : std::max(now, lately_.back().until);
    if (now + span > from) lately_.push_back({from, now + span});
    Span in_all{};
    for (auto const& each : lately_)
        in_all += each.until - std::max(each.from, begin);
    bool const told_lately = told_ && now - *told_ < tells_again_after;
    if (in_all <= too_long || told_lately) return std::nullopt;
    told_ = now;
    return std::chrono::ceil<std::chrono::seconds>(in_all);
}

} // namespace cox::matrix
