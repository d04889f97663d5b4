#pragma once
// The core in process, driven as the bot's loop drives it: requests in, effects out, time in the caller's hand.
#include "core/announce.hpp"
#include "core/hear.hpp"
#include "core/words.hpp"
#include "core/world.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cox::test {

Policy shipped_policy();
Words shipped_words();

class Engine {
public:
    Engine(Policy the_policy, Words const& the_words) : policy{std::move(the_policy)}, words{the_words} {}

    // Decides, applies and announces. A channel that is asked for is there at once, or refused with `no_channels`.
    std::vector<Effect> carry_out(Request const&);
    // The same for what the request's `typed` says.
    std::vector<Effect> hear(Request, Form, FindPeople);
    // The timer that waits longest of all open incidents.
    std::optional<std::pair<Time, IncidentId>> next_timer() const;
    std::vector<Effect> fire(IncidentId, Time now);

    World const& world() const { return world_; }
    std::vector<Event> const& log(IncidentId) const;
    std::map<IncidentId, std::vector<Event>> const& logs() const { return logs_; }
    Decision const& last_decision() const { return last_; }

    Policy policy;
    Words const& words;
    std::string no_channels; // why the network makes none; "" when it does

private:
    std::vector<Effect> once(Decision, Request const&);
    std::vector<Effect> with_channel(std::vector<Effect>, Request const&);

    World world_;
    std::map<IncidentId, std::vector<Event>> logs_;
    Decision last_;
};

} // namespace cox::test
