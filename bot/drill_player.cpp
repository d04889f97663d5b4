#include "bot/drill_player.hpp"

#include <algorithm>
#include <charconv>

namespace cox::bot {
namespace {

struct Position {
    std::size_t step = 0;
    Time started;
};

// "STEP STARTED_MS", as the cursor keeps it.
std::optional<Position> position_from(std::string_view text) {
    std::size_t step = 0;
    std::int64_t started = 0;
    auto const* end = text.data() + text.size();
    auto const first = std::from_chars(text.data(), end, step);
    if (first.ec != std::errc{} || first.ptr == end) return std::nullopt;
    auto const second = std::from_chars(first.ptr + 1, end, started);
    if (second.ec != std::errc{} || second.ptr != end) return std::nullopt;
    return Position{step, Time{Duration{started}}};
}

} // namespace

Time last_time_of_day(std::string const& wall, Time now) {
    int hours = 0;
    int minutes = 0;
    auto const colon = wall.find(':');
    if (colon != std::string::npos) {
        std::from_chars(wall.data(), wall.data() + colon, hours);
        std::from_chars(wall.data() + colon + 1, wall.data() + wall.size(), minutes);
    }
    Time const today = std::chrono::floor<std::chrono::days>(now);
    auto const at = today + std::chrono::hours{hours} + std::chrono::minutes{minutes};
    return at <= now ? at : at - std::chrono::days{1};
}

DrillPlayer::DrillPlayer(Drill const& drill, double rate, Clocks& clocks, store::Store& store, Say say)
    : drill_{drill}, rate_{rate}, clocks_{clocks}, store_{store}, say_{std::move(say)}, channel_{drill.channel} {}

void DrillPlayer::begin(store::Found const& found, std::optional<Time> latest) {
    auto const kept = std::ranges::find(found.cursors, cursor_name(), &store::Cursor::name);
    auto const position = kept == found.cursors.end() ? std::nullopt : position_from(kept->value);
    if (!position) {
        started_ = last_time_of_day(drill_.starts, clocks_.now());
        clocks_.set_pace(channel_, started_, rate_);
        return;
    }
    step_ = std::min(position->step, drill_.steps.size());
    started_ = position->started;
    // The channel's clock stood still while nobody ran it.
    auto local = step_ == 0 ? started_ : local_of(step_ - 1);
    if (latest) local = std::max(local, *latest);
    clocks_.set_pace(channel_, local, step_ < drill_.steps.size() ? rate_ : 1.0);
}

std::optional<Time> DrillPlayer::next() const {
    if (step_ == drill_.steps.size()) return std::nullopt;
    return clocks_.base_of(channel_, local_of(step_));
}

void DrillPlayer::run(Time base_now) {
    bool said = false;
    while (step_ < drill_.steps.size() && clocks_.base_of(channel_, local_of(step_)) <= base_now) {
        auto const& step = drill_.steps[step_];
        say_(step.who, step.says,
             "drill-" + std::to_string(started_.time_since_epoch().count()) + "-" + std::to_string(step_));
        ++step_;
        said = true;
    }
    if (!said) return;
    store::Batch batch;
    batch.cursors.push_back(
        {cursor_name(), std::to_string(step_) + " " + std::to_string(started_.time_since_epoch().count())});
    store_.commit(std::move(batch), [] {});
    // The story is told: from here on the channel lives as fast as everybody.
    if (step_ == drill_.steps.size()) clocks_.set_pace(channel_, clocks_.now_in(channel_), 1.0);
}

} // namespace cox::bot
