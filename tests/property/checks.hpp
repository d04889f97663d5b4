#pragma once
// What must be true of every log and of everything the bot says.
#include "engine.hpp"

#include <map>
#include <string>
#include <string_view>

namespace cox::test {

// "" when all is well, else what is not.
std::string differs(Incident const&, Incident const&);
std::string wrong_with(Effect const&);
bool is_utf8(std::string_view);
// The title's part of a topic holds whole characters of the title only.
std::string wrong_with_topic(std::string_view topic, Incident const&);

// Follows one log, event by event.
class Follower {
public:
    explicit Follower(Policy const& policy) : policy_{policy} {}

    // `woke`: nothing could be posted before this moment.
    std::string follow(Event const&, bool woke);
    std::string compare(Incident const& live) const { return differs(folded_, live); }
    // While an incident is open, the moment of its next update lies ahead.
    std::string silent_at(Time now) const;

private:
    std::string cadence(Event const&, bool woke);

    Policy const& policy_;
    Incident folded_; // from what the log's lines say
    std::optional<Time> deadline_;
    bool two_allowed_ = false; // mitigations at once: overridden, or not enforced at some time
};

} // namespace cox::test
