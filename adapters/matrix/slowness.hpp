#pragma once
// How long the homeserver makes us wait because we speak too often, and when whoever runs the bot is to hear of it: the
// limit is theirs to take off. A machine without a clock.
#include <chrono>
#include <deque>
#include <optional>

namespace cox::matrix {

class Slowness {
public:
    using Moment = std::chrono::steady_clock::time_point;
    using Span = std::chrono::steady_clock::duration;

    static constexpr std::chrono::minutes looks_back{5};
    static constexpr std::chrono::seconds too_long{30}; // in all, within that
    static constexpr std::chrono::hours tells_again_after{1};

    // Nothing may go from now on for so long. How long that has become, when it is to be told.
    std::optional<std::chrono::seconds> waits(Moment now, Span);

private:
    struct Wait {
        Moment from;
        Moment until;
    };
    std::deque<Wait> lately_; // one behind another
    std::optional<Moment> told_;
};

} // namespace cox::matrix
