#pragma once
// Which call may go now. Writes of one room go one after the other; the most severe incident first; what the server
// counts together rests together when it says M_LIMIT_EXCEEDED, for exactly as long as it says. A machine without a
// clock. A homeserver does not tell its limits, and a bot may be exempt from them: calls go as they come until it
// objects, then one at a time until it takes one, and then more and more again.
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cox::matrix {

using Moment = std::chrono::steady_clock::time_point;
using Span = std::chrono::milliseconds;

// What a homeserver counts together, for each account.
enum class Counted {
    reads,    // not limited
    messages, // messages, state, redactions and reactions, in all rooms together
    rooms,    // createRoom
    joins,
    invites
};

class Pace {
public:
    using Ticket = std::uint64_t;

    // At most `at_once` calls are in flight: as many as there are connections, lest the rest stand in a line that knows
    // no urgency.
    explicit Pace(std::size_t at_once = 6) : at_once_{at_once} {}

    // `room`: "" where the call belongs to none. `urgency`: 0 goes first; calls of equal urgency in the order in which
    // they came. The ticket must not wait or be in flight already.
    void add(Ticket, Counted, std::string_view room, int urgency);
    // Forgets one that waits; one that is in flight stays so until it is answered.
    void drop(Ticket);
    // Those that may go now; each is in flight until answered().
    std::vector<Ticket> next(Moment now);
    // `limited`: the server's word on how long to wait, where it said that there were too many. The ticket is
    // forgotten: add() it again to try again.
    void answered(Ticket, Moment now, std::optional<Span> limited = {});
    // When next() has something more; none while only answers are awaited.
    std::optional<Moment> wake(Moment now) const;
    std::size_t waiting() const { return waiting_.size(); }

private:
    struct Call {
        Ticket ticket = 0;
        Counted counted = Counted::reads;
        std::string room; // "" for reads: they keep no order
    };
    struct Meter {
        Moment rests_until{};
        std::size_t window = 0; // calls that may be in flight; 0 for as many as there are
        std::size_t flying = 0;
    };
    using Turn = std::pair<int, std::uint64_t>; // urgency, then who came first

    bool held(Call const&) const;

    std::size_t at_once_;
    std::uint64_t last_turn_ = 0;
    std::map<Turn, Call> waiting_;
    std::map<Ticket, Call> flying_;
    std::set<std::string> busy_rooms_;
    std::map<Counted, Meter> meters_;
};

} // namespace cox::matrix
