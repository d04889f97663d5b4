#pragma once
// What time it is. One base clock for the house, and a pace of its own for a channel in which a drill runs faster than
// life. Everything is scheduled in base time.
#include "core/ids.hpp"
#include "core/time.hpp"

#include <chrono>
#include <unordered_map>

namespace cox::bot {

class Clocks {
public:
    enum class Kind { real, scaled, manual };

    static Clocks real();
    // `rate` seconds pass for one second of life.
    static Clocks scaled(double rate);
    // Stands still until advance_to() moves it.
    static Clocks manual(Time start);

    Kind kind() const { return kind_; }
    double rate() const { return kind_ == Kind::manual ? 0.0 : rate_; }

    // Base time. Never goes back, whatever the machine's clock does.
    Time now();
    // Manual only.
    void advance_to(Time base);
    // The clock does not show less than this: an old log is never ahead of it.
    void not_before(Time base);

    // From now on the channel's clock shows `local` and goes `rate` times as fast as the base clock.
    void set_pace(ChannelId const&, Time local, double rate);

    Time now_in(ChannelId const&);
    double rate_in(ChannelId const&) const;
    // The base time at which the channel's clock shows `local`.
    Time base_of(ChannelId const&, Time local) const;
    // How long life takes until the base clock shows `base`; nothing when it has come. Not for a manual clock.
    std::chrono::steady_clock::duration until(Time base);

private:
    struct Pace {
        Time base;
        Time local;
        double rate = 1.0;
    };

    Clocks(Kind kind, double rate, Time start);

    Kind kind_;
    double rate_;
    std::chrono::steady_clock::time_point steady_start_;
    Time start_;
    Time shown_;       // the latest time given out
    Duration ahead_{}; // of the machine's clock: a log from the future goes on from where it stood
    std::unordered_map<ChannelId, Pace> paces_;
};

} // namespace cox::bot
