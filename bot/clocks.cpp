#include "bot/clocks.hpp"

#include "core/assert.hpp"

#include <algorithm>
#include <cmath>

namespace cox::bot {
namespace {

Duration scaled_by(Duration span, double rate) {
    return Duration{std::llround(static_cast<double>(span.count()) * rate)};
}

Time wall_clock() {
    return std::chrono::floor<Duration>(std::chrono::system_clock::now());
}

} // namespace

Clocks::Clocks(Kind kind, double rate, Time start)
    : kind_{kind}, rate_{rate}, steady_start_{std::chrono::steady_clock::now()}, start_{start}, shown_{start} {}

Clocks Clocks::real() {
    return {Kind::real, 1.0, wall_clock()};
}
Clocks Clocks::scaled(double rate) {
    return {Kind::scaled, rate, wall_clock()};
}
Clocks Clocks::manual(Time start) {
    return {Kind::manual, 0.0, start};
}

Time Clocks::now() {
    switch (kind_) {
    case Kind::real: shown_ = std::max(shown_, wall_clock() + ahead_); break;
    case Kind::scaled: {
        auto const lived = std::chrono::floor<Duration>(std::chrono::steady_clock::now() - steady_start_);
        shown_ = std::max(shown_, start_ + scaled_by(lived, rate_));
        break;
    }
    case Kind::manual: break;
    }
    return shown_;
}

void Clocks::advance_to(Time base) {
    COX_ASSERT(kind_ == Kind::manual);
    shown_ = std::max(shown_, base);
}

void Clocks::not_before(Time base) {
    auto const behind = base - now();
    if (behind <= Duration{0}) return;
    if (kind_ == Kind::real) ahead_ += behind;
    if (kind_ == Kind::scaled) start_ += behind;
    shown_ = base;
}

void Clocks::set_pace(ChannelId const& channel, Time local, double rate) {
    paces_.insert_or_assign(channel, Pace{now(), local, rate});
}

Time Clocks::now_in(ChannelId const& channel) {
    auto const found = paces_.find(channel);
    if (found == paces_.end()) return now();
    auto const& pace = found->second;
    return pace.local + scaled_by(now() - pace.base, pace.rate);
}

double Clocks::rate_in(ChannelId const& channel) const {
    auto const found = paces_.find(channel);
    return found == paces_.end() ? rate() : rate() * found->second.rate;
}

Time Clocks::base_of(ChannelId const& channel, Time local) const {
    auto const found = paces_.find(channel);
    if (found == paces_.end()) return local;
    auto const& pace = found->second;
    // Rounded up: at the base time given back, the channel's clock shows `local` or a little more, never less.
    auto const span = static_cast<double>((local - pace.local).count()) / pace.rate;
    return pace.base + Duration{static_cast<Duration::rep>(std::ceil(span))};
}

std::chrono::steady_clock::duration Clocks::until(Time base) {
    auto const left = base - now();
    if (left <= Duration{0}) return {};
    return scaled_by(left, 1.0 / rate_);
}

} // namespace cox::bot
