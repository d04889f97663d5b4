#include "bot/timetable.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace cox::bot {
namespace {

// An alarm sleeps no longer than this at a stretch, so that a machine that slept, or whose clock was set, is noticed.
constexpr auto longest_sleep = std::chrono::seconds{30};

} // namespace

Timetable::Timetable(boost::asio::io_context& io, Clocks& clocks, std::function<void(std::function<void()>)> when_idle)
    : io_{io}, clocks_{clocks}, when_idle_{std::move(when_idle)}, alarm_{io} {}

void Timetable::add(Source source) {
    sources_.push_back(std::move(source));
    changed();
}

std::optional<Time> Timetable::next() const {
    std::optional<Time> first;
    for (auto const& source : sources_) {
        auto const at = source.next();
        if (at && (!first || *at < *first)) first = at;
    }
    return first;
}

void Timetable::changed() {
    if (stopped_ || firing_ || clocks_.kind() == Clocks::Kind::manual) return;
    auto const at = next();
    if (at == armed_for_) return;
    armed_for_ = at;
    arm();
}

void Timetable::arm() {
    if (!armed_for_) {
        alarm_.cancel();
        return;
    }
    auto const sleep = std::min<std::chrono::steady_clock::duration>(clocks_.until(*armed_for_), longest_sleep);
    alarm_.expires_after(sleep);
    alarm_.async_wait([this](boost::system::error_code const& error) {
        if (error || stopped_) return;
        armed_for_.reset();
        fire();
    });
}

void Timetable::fire() {
    firing_ = true;
    bool more = false;
    for (auto& source : sources_)
        more = source.fire() || more;
    firing_ = false;
    if (more) {
        // People who type are served between two slices.
        boost::asio::post(io_, [this] {
            if (!stopped_) fire();
        });
        return;
    }
    changed();
}

void Timetable::advance(Duration span, std::function<void(Time)> done) {
    step(later(clocks_.now(), span), std::move(done));
}

void Timetable::step(Time target, std::function<void(Time)> done) {
    when_idle_([this, target, done = std::move(done)]() mutable {
        auto const at = next();
        if (stopped_ || !at || *at > target) {
            clocks_.advance_to(target);
            done(clocks_.now());
            return;
        }
        clocks_.advance_to(*at);
        firing_ = true;
        // One source at a time, so that what people say at a moment is there before the clock speaks at it.
        for (auto& source : sources_) {
            auto const its = source.next();
            if (!its || *its > clocks_.now()) continue;
            source.fire();
            break;
        }
        firing_ = false;
        step(target, std::move(done));
    });
}

void Timetable::stop() {
    stopped_ = true;
    alarm_.cancel();
}

} // namespace cox::bot
