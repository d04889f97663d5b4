#pragma once
// Which call may go now: one in flight per lane, each method and channel within the limits that Slack is known to set,
// Slack's own `Retry-After` above all, the most severe incident first. A machine without a clock.
// Source: docs.slack.dev "Rate limits"; each method's page names its tier.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cox::slack {

using Moment = std::chrono::steady_clock::time_point;
using Span = std::chrono::milliseconds;

class Pace {
public:
    using Ticket = std::uint64_t;

    // `urgency`: 0 goes first; calls of equal urgency in the order in which they came. `channel` is "" where the call
    // belongs to none.
    void add(Ticket, std::string_view method, std::string_view channel, int urgency);
    void drop(Ticket);
    // Those that may go now; each is in flight until answered().
    std::vector<Ticket> next(Moment now);
    // `retry_after`: Slack's word; the method (for chat.postMessage: the method in that channel) rests for so long.
    void answered(Ticket, Moment now, std::optional<Span> retry_after = {});
    // When next() has something more; none while only answers are awaited.
    std::optional<Moment> wake(Moment now) const;
    std::size_t waiting() const;

private:
    // (the machine's own state)
};

} // namespace cox::slack
