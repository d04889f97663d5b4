#pragma once
// How effects leave, as a machine without a socket or a clock: operations in, actions out. Posts of a channel go one
// after the other, and so do a channel's words to one person; topic and card are slots in which the newest wins. What
// may have been sent before is asked about before it is sent again.
#include "adapters/network/network.hpp"
#include "adapters/store/store.hpp"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cox::bot {

class OutboxMachine {
public:
    struct Job {
        std::int64_t op = 0;
        IncidentId incident;
        Effect effect;
        int attempts = 0;
        bool ask_first = false; // its fate is not known
        Time at;                // when it was decided
    };

    enum class Do { deliver, reconcile };
    struct Action {
        Do what = Do::deliver;
        Job job;
    };

    // Takes an effect in. The state to store with it: in_flight when it goes at once, else pending. In both cases it is
    // handed out by `next` only after `stored`.
    store::OpState admit(std::int64_t op, IncidentId, Effect, Time at = {});
    // What was last written of it is on disk: that it was admitted, or that it goes next.
    void stored(std::int64_t op);
    // From a former life. Those that were in flight or unknown are asked about first; private words that are too old to
    // be waited for are let go.
    void take_back(store::Op const&, Effect, Time now);

    // What to do now.
    std::vector<Action> next(Time now);
    // How it went. `jitter` in [0, 1) spreads retries.
    void result(std::int64_t op, Delivered const&, Time now, double jitter);
    // Changes to write down, in order; each one is given once. Those of operations that go next must be on disk before
    // `stored` is called for them.
    std::vector<store::OpMark> take_marks();
    // Whether one of the changes to write down is that an operation goes next.
    bool somebody_waits_for_marks() const;

    // When `next` has something again; none while nothing waits for time.
    std::optional<Time> wake() const;
    bool empty() const { return jobs_.empty(); }
    std::size_t size() const { return jobs_.size(); }

private:
    struct Held {
        Job job;
        std::string lane;
        bool slot = false;
        int unwritten = 0;   // rows and marks of it that are not on disk yet
        bool flying = false; // handed out, the result is awaited
        bool marked = false; // stored as in flight
        Time not_before;
    };

    void put(Held held);
    void supersede_updates(std::deque<std::int64_t>& lane, Job const& newer);
    static bool outdated(Held const&);
    static void take_over(Held& newer, Held const& older);
    void finish(std::int64_t op, store::OpMark mark);
    // Puts the lane's next one in flight.
    void promote(std::string const& lane);

    std::map<std::int64_t, Held> jobs_;
    std::map<std::string, std::deque<std::int64_t>> lanes_;
    std::set<std::int64_t> ready_; // first of their lane, on disk as in flight, not handed out
    std::vector<store::OpMark> marks_;
};

} // namespace cox::bot
