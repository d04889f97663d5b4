#pragma once
// Plays a drill: what its people say, said on the clock of the drill's own channel. How far it has come is kept, so
// that a stop in the middle is a pause.
#include "adapters/store/store.hpp"
#include "bot/clocks.hpp"
#include "bot/config/drill_yaml.hpp"

#include <functional>
#include <optional>
#include <string>

namespace cox::bot {

class DrillPlayer {
public:
    // Says `text` as `user` in the drill's channel, once for each key.
    using Say = std::function<void(std::string user, std::string text, std::string key)>;

    // `rate`: how many times faster than the base clock the channel lives while it plays.
    DrillPlayer(Drill const&, double rate, Clocks&, store::Store&, Say);

    // Before the first step. `latest`: the time of the last thing that happened in the channel, if anything did.
    void begin(store::Found const&, std::optional<Time> latest);
    // Base time of the next step; none when the script is at its end.
    std::optional<Time> next() const;
    // Says everything that is due.
    void run(Time base_now);

private:
    std::string cursor_name() const { return "drill:" + drill_.name; }
    Time local_of(std::size_t step) const { return started_ + drill_.steps[step].at; }

    Drill const& drill_;
    double rate_;
    Clocks& clocks_;
    store::Store& store_;
    Say say_;
    ChannelId channel_;
    Time started_; // on the channel's clock
    std::size_t step_ = 0;
};

// The moment that `wall` ("14:05", UTC) was last shown, at or before `now`.
Time last_time_of_day(std::string const& wall, Time now);

} // namespace cox::bot
