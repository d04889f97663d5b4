#pragma once
// Which call may go now: one in flight per lane, each method and channel within the limits that Slack is known to set,
// Slack's own `Retry-After` above all, the most severe incident first. A machine without a clock.
// Source: docs.slack.dev "Rate limits"; each method's page names its tier.
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cox::slack {

using Moment = std::chrono::steady_clock::time_point;
using Span = std::chrono::milliseconds;

// `burst` calls at once, then one every `each`. Over any time t at most burst + t / each.
struct Rate {
    int burst = 1;
    Span each{1000};
};

// What Slack sets for a method; the burst and a minute's calls together stay within its tier.
struct MethodLimits {
    Rate workspace;              // all calls of the method
    std::optional<Rate> channel; // those in one channel, where Slack counts them too
    bool writes = false;         // to a channel: calls of all such methods in one channel go one after the other
};
MethodLimits limits_of(std::string_view method);

class Pace {
public:
    using Ticket = std::uint64_t;

    // At most `at_once` calls are in flight: as many as there are connections, lest the rest stand in a line that knows
    // no urgency.
    explicit Pace(std::size_t at_once = 8) : at_once_{at_once} {}

    // `urgency`: 0 goes first; calls of equal urgency in the order in which they came. `channel` is "" where the call
    // belongs to none. The ticket must not wait or be in flight already.
    void add(Ticket, std::string_view method, std::string_view channel, int urgency);
    // Forgets one that waits; one that is in flight stays so until it is answered.
    void drop(Ticket);
    // Those that may go now; each is in flight until answered().
    std::vector<Ticket> next(Moment now);
    // `retry_after`: Slack's word; the method (for chat.postMessage: the method in that channel) rests for so long. The
    // ticket is forgotten: add() it again to try again.
    void answered(Ticket, Moment now, std::optional<Span> retry_after = {});
    // When next() has something more; none while only answers are awaited.
    std::optional<Moment> wake(Moment now) const;
    std::size_t waiting() const { return waiting_.size(); }

private:
    // The moments at which calls of one kind may go, kept as the one at which all of them are paid for.
    struct Meter {
        Rate rate;
        Moment paid_at{};
        Moment rests_until{};

        Moment ready() const;
        void take(Moment now);
        bool idle(Moment now) const { return paid_at <= now && rests_until <= now; }
    };
    struct Call {
        Ticket ticket = 0;
        std::string lane;
        std::vector<std::string> meters; // each must allow it; the last one rests at Slack's word
    };
    using Turn = std::pair<int, std::uint64_t>; // urgency, then who came first

    Moment ready(Call const&) const;

    std::size_t at_once_;
    std::uint64_t last_turn_ = 0;
    std::map<Turn, Call> waiting_;
    std::map<Ticket, Call> flying_;
    std::set<std::string> busy_lanes_;
    std::map<std::string, Meter> meters_;
};

} // namespace cox::slack
