#include "adapters/slack/pace.hpp"

#include "core/assert.hpp"

#include <algorithm>

namespace cox::slack {
namespace {

using namespace std::chrono_literals;

// A tier promises so many calls a minute, "or a bit more". A fifth of them may go at once.
constexpr Rate tier2{4, 60'000ms / 16};
constexpr Rate tier3{10, 60'000ms / 40};
constexpr Rate tier4{20, 60'000ms / 80};
constexpr Rate special{60, 60'000ms / 240}; // "hundreds per minute"
// "Several hundred per minute" in a workspace, one a second in a channel: when everything burns, every incident channel
// gets its first message at once.
constexpr Rate post{200, 60'000ms / 300};
constexpr Rate post_in_channel{3, 1s};

struct Method {
    std::string_view name;
    MethodLimits limits;
};
constexpr bool writes = true;
constexpr bool reads = false;
constexpr Method methods[] = {
    {"apps.connections.open", {tier3, {}, reads}}, // SocketMachine asks seldom enough
    {"auth.test", {special, {}, reads}},
    {"bookmarks.add", {tier2, {}, writes}},
    {"chat.delete", {tier3, {}, writes}},
    {"chat.getPermalink", {special, {}, reads}},
    {"chat.postEphemeral", {tier4, {}, writes}},
    {"chat.postMessage", {post, post_in_channel, writes}},
    {"chat.update", {tier3, {}, writes}},
    {"conversations.archive", {tier2, {}, writes}},
    {"conversations.create", {tier2, {}, writes}},
    {"conversations.history", {tier3, {}, reads}},
    {"conversations.info", {tier3, {}, reads}},
    {"conversations.invite", {tier3, {}, writes}},
    {"conversations.join", {tier3, {}, writes}},
    {"conversations.list", {tier2, {}, reads}},
    {"conversations.members", {tier4, {}, reads}},
    {"conversations.rename", {tier2, {}, writes}},
    {"conversations.replies", {tier3, {}, reads}},
    {"conversations.setPurpose", {tier2, {}, writes}},
    {"conversations.setTopic", {tier2, {}, writes}},
    {"pins.add", {tier2, {}, writes}},
    {"pins.remove", {tier2, {}, writes}},
    {"reactions.add", {tier3, {}, writes}},
    {"reactions.remove", {tier2, {}, writes}},
    {"usergroups.users.list", {tier2, {}, reads}},
    {"users.info", {tier4, {}, reads}},
    {"users.list", {tier2, {}, reads}},
    {"users.lookupByEmail", {tier3, {}, reads}},
    {"views.open", {tier4, {}, reads}},
    {"views.publish", {tier4, {}, reads}},
    {"views.push", {tier4, {}, reads}},
    {"views.update", {tier4, {}, reads}},
};

} // namespace

MethodLimits limits_of(std::string_view method) {
    auto const found = std::ranges::find(methods, method, &Method::name);
    // One that nobody has looked up is taken for a write, and for a rare one.
    return found == std::end(methods) ? MethodLimits{tier2, {}, writes} : found->limits;
}

Moment Pace::Meter::ready() const {
    return std::max(paid_at - rate.each * (rate.burst - 1), rests_until);
}

void Pace::Meter::take(Moment now) {
    paid_at = std::max(paid_at, now) + rate.each;
}

void Pace::add(Ticket ticket, std::string_view method, std::string_view channel, int urgency) {
    auto const same = [ticket](auto const& waiting) { return waiting.second.ticket == ticket; };
    COX_ASSERT(!flying_.contains(ticket) && std::ranges::none_of(waiting_, same));
    auto const limits = limits_of(method);
    Call call{ticket, std::string{method}, {}};
    if (limits.writes && !channel.empty()) call.lane = std::string{"in "}.append(channel);
    auto const measure = [this, &call](std::string name, Rate rate) {
        meters_.try_emplace(name, Meter{rate});
        call.meters.push_back(std::move(name));
    };
    measure(std::string{method}, limits.workspace);
    if (limits.channel && !channel.empty())
        measure(std::string{method}.append(" in ").append(channel), *limits.channel);
    waiting_.emplace(Turn{urgency, ++last_turn_}, std::move(call));
}

void Pace::drop(Ticket ticket) {
    std::erase_if(waiting_, [ticket](auto const& waiting) { return waiting.second.ticket == ticket; });
}

std::vector<Pace::Ticket> Pace::next(Moment now) {
    std::vector<Ticket> going;
    for (auto it = waiting_.begin(); it != waiting_.end() && flying_.size() < at_once_;) {
        auto& call = it->second;
        if (busy_lanes_.contains(call.lane) || ready(call) > now) {
            ++it;
            continue;
        }
        for (auto const& meter : call.meters)
            meters_.at(meter).take(now);
        busy_lanes_.insert(call.lane);
        going.push_back(call.ticket);
        flying_.emplace(call.ticket, std::move(call));
        it = waiting_.erase(it);
    }
    return going;
}

void Pace::answered(Ticket ticket, Moment now, std::optional<Span> retry_after) {
    auto const found = flying_.find(ticket);
    if (found == flying_.end()) return;
    auto const call = std::move(found->second);
    flying_.erase(found);
    busy_lanes_.erase(call.lane);
    if (retry_after) {
        auto& meter = meters_.at(call.meters.back());
        meter.rests_until = std::max(meter.rests_until, now + *retry_after);
    }
    // Channels come and go. With nothing under way, a meter that holds nobody back says no more than a new one.
    if (waiting_.empty() && flying_.empty())
        std::erase_if(meters_, [now](auto const& meter) { return meter.second.idle(now); });
}

std::optional<Moment> Pace::wake(Moment now) const {
    if (flying_.size() >= at_once_) return std::nullopt;
    std::optional<Moment> earliest;
    for (auto const& [turn, call] : waiting_) {
        if (busy_lanes_.contains(call.lane)) continue;
        auto const at = std::max(ready(call), now);
        earliest = earliest ? std::min(*earliest, at) : at;
    }
    return earliest;
}

Moment Pace::ready(Call const& call) const {
    Moment at{};
    for (auto const& meter : call.meters)
        at = std::max(at, meters_.at(meter).ready());
    return at;
}

} // namespace cox::slack
