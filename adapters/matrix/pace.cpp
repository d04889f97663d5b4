#include "adapters/matrix/pace.hpp"

#include "core/assert.hpp"

#include <algorithm>

namespace cox::matrix {
namespace {

// Servers round down what they say; so much more was always enough.
constexpr Span margin{50};

} // namespace

void Pace::add(Ticket ticket, Counted counted, std::string_view room, int urgency) {
    auto const same = [ticket](auto const& waiting) { return waiting.second.ticket == ticket; };
    COX_ASSERT(!flying_.contains(ticket) && std::ranges::none_of(waiting_, same));
    Call call{ticket, counted, counted == Counted::reads ? std::string{} : std::string{room}};
    meters_.try_emplace(counted);
    waiting_.emplace(Turn{urgency, ++last_turn_}, std::move(call));
}

void Pace::drop(Ticket ticket) {
    std::erase_if(waiting_, [ticket](auto const& waiting) { return waiting.second.ticket == ticket; });
}

// Only an answer can let it go, not time.
bool Pace::held(Call const& call) const {
    auto const& meter = meters_.at(call.counted);
    return busy_rooms_.contains(call.room) || (meter.window > 0 && meter.flying >= meter.window);
}

std::vector<Pace::Ticket> Pace::next(Moment now) {
    std::vector<Ticket> going;
    for (auto it = waiting_.begin(); it != waiting_.end() && flying_.size() < at_once_;) {
        auto& call = it->second;
        auto& meter = meters_.at(call.counted);
        if (held(call) || meter.rests_until > now) {
            ++it;
            continue;
        }
        ++meter.flying;
        if (!call.room.empty()) busy_rooms_.insert(call.room);
        going.push_back(call.ticket);
        flying_.emplace(call.ticket, std::move(call));
        it = waiting_.erase(it);
    }
    return going;
}

void Pace::answered(Ticket ticket, Moment now, std::optional<Span> limited) {
    auto const found = flying_.find(ticket);
    if (found == flying_.end()) return;
    auto const call = std::move(found->second);
    flying_.erase(found);
    busy_rooms_.erase(call.room);
    auto& meter = meters_.at(call.counted);
    --meter.flying;
    if (limited) {
        meter.window = 1;
        meter.rests_until = std::max(meter.rests_until, now + *limited + margin);
    } else if (meter.window > 0) {
        meter.window = meter.window * 2 > at_once_ ? 0 : meter.window * 2;
    }
}

std::optional<Moment> Pace::wake(Moment now) const {
    if (flying_.size() >= at_once_) return std::nullopt;
    std::optional<Moment> earliest;
    for (auto const& [turn, call] : waiting_) {
        if (held(call)) continue;
        auto const at = std::max(meters_.at(call.counted).rests_until, now);
        earliest = earliest ? std::min(*earliest, at) : at;
    }
    return earliest;
}

} // namespace cox::matrix
