#include "adapters/matrix/turns.hpp"

#include "core/assert.hpp"

#include <algorithm>

namespace cox::matrix {

void Turns::add(Ticket ticket, Wish wish) {
    order_.insert({wish.urgency, ticket});
    if (!wish.lane.empty()) lanes_[wish.lane].insert(ticket);
    ++limit(wish.bucket).waiting;
    held_.emplace(ticket, Held{std::move(wish)});
}

bool Turns::may_go(Ticket ticket, Held const& held, Moment now) const {
    auto const& [lane, bucket, urgency, needs_token] = held.wish;
    if (needs_token && !has_token_) return false;
    if (!lane.empty() && *lanes_.find(lane)->second.begin() != ticket) return false;
    if (bucket == Bucket::none) return true;
    auto const& its = limit(bucket);
    return now >= its.until && !(its.careful && its.flying > 0);
}

std::optional<Turns::Ticket> Turns::next(Moment now) {
    auto const found =
        std::ranges::find_if(order_, [&](auto const& each) { return may_go(each.second, held_.at(each.second), now); });
    if (found == order_.end()) return std::nullopt;
    auto const ticket = found->second;
    order_.erase(found);
    auto& held = held_.at(ticket);
    held.flying = true;
    ++limit(held.wish.bucket).flying;
    --limit(held.wish.bucket).waiting;
    return ticket;
}

void Turns::leave(Held& held) {
    held.flying = false;
    --limit(held.wish.bucket).flying;
}

void Turns::done(Ticket ticket) {
    auto taken = held_.extract(ticket);
    COX_ASSERT(!taken.empty());
    auto& held = taken.mapped();
    auto& its = limit(held.wish.bucket);
    if (held.flying) {
        leave(held);
    } else {
        order_.erase({held.wish.urgency, ticket});
        --its.waiting;
    }
    if (its.waiting == 0 && its.flying == 0) its.careful = false;
    if (held.wish.lane.empty()) return;
    auto const lane = lanes_.find(held.wish.lane);
    lane->second.erase(ticket);
    if (lane->second.empty()) lanes_.erase(lane);
}

void Turns::again(Ticket ticket) {
    auto& held = held_.at(ticket);
    leave(held);
    ++limit(held.wish.bucket).waiting;
    order_.insert({held.wish.urgency, ticket});
}

void Turns::limited(Bucket bucket, Moment until) {
    auto& its = limit(bucket);
    its.until = std::max(its.until, until);
    its.careful = true;
}

bool Turns::waits(Ticket ticket) const {
    auto const found = held_.find(ticket);
    return found != held_.end() && !found->second.flying;
}

std::chrono::steady_clock::duration Turns::closed_for(Bucket bucket, Moment now) const {
    return std::max(limit(bucket).until - now, std::chrono::steady_clock::duration::zero());
}

std::optional<Turns::Moment> Turns::wake(Moment now) const {
    std::optional<Moment> first;
    for (auto const& its : limits_) {
        if (its.waiting == 0 || its.until <= now) continue;
        if (!first || its.until < *first) first = its.until;
    }
    return first;
}

} // namespace cox::matrix
