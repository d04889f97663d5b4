#pragma once
// The command loop: what people say comes in, what the room sees goes out, and nothing is acknowledged before it is on
// disk. Lives on the network thread.
#include "adapters/network/network.hpp"
#include "adapters/store/store.hpp"
#include "bot/clocks.hpp"
#include "bot/outbox.hpp"
#include "bot/seen_keys.hpp"
#include "core/decide.hpp"

#include <functional>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

namespace cox::bot {

struct Counters {
    std::uint64_t commands = 0;
    std::uint64_t refusals = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t timers = 0;
    std::uint64_t events = 0;
};

class Loop final : public Inbox {
public:
    struct Wiring {
        Policy const& policy;
        Words const& words;
        store::Store& store;
        Clocks& clocks;
        NetworkOf network_of;
        std::function<void(std::function<void()>)> post; // to the network thread, later
        std::function<void()> changed;                   // the next wake-up may be another
        std::optional<ChannelId> last_resort = {};       // where posts go that no other place takes
    };
    explicit Loop(Wiring);

    // Start-up: the log, event by event, then what else was found.
    std::expected<void, std::string> replay(Event&&);
    void take_back(store::Found const&);

    void receive(Inbound, std::function<void(Outcome)> durable) override;

    // Base time at which a timer or a retry is due.
    std::optional<Time> next_due() const;
    // Fires what is due, the most severe incidents first; at most `most` timers. True when more are due.
    bool fire_due(std::size_t most);

    // Topic and card of the incident that is open there, once more.
    void show_again(ChannelId const&);

    // Calls back once nothing is on its way to the store or to a network.
    void when_idle(std::function<void()>);

    World const& world() const { return world_; }
    Counters const& counters() const { return counters_; }
    Outbox const& outbox() const { return outbox_; }
    Time latest_event() const { return latest_event_; }

private:
    struct Commit {
        store::Batch batch;
        std::vector<Effect> effects;
        IncidentId incident;
        std::optional<ChannelId> left = {};  // where the incident was until now
        std::optional<IncidentId> also = {}; // another one that was told something with it
    };

    struct Waiting {
        Inbound inbound;
        std::function<void(Outcome)> durable;
    };

    // What is said where an incident was closed long ago waits until that incident is held again.
    void recall(Waiting);
    void hold(ChannelId const&, IncidentId, std::vector<Event> const& log);
    void take_in(Waiting);
    void carry_out(Decision const&, Request, Inbound, std::function<void(Outcome)> durable);
    // Applies a decision to the world and puts what follows from it into the batch.
    void carry(Decision const&, Request const&, Commit&);
    void follow(FollowUp const&, Request const&, Commit&);
    void save(Commit, Outcome, std::function<void(Outcome)> durable);
    void tell_of_change(IncidentId, std::optional<ChannelId> const& left);
    void answer_timeline(IncidentId, Request, std::function<void(Outcome)> durable);
    std::vector<ChannelId> places_of(IncidentId, ChannelId const& home) const;
    std::string name_of(IncidentId, ChannelId const& place) const;
    std::optional<Channel> room_of(Incident const&) const;
    void point_out(Incident const&, effect::Post const&);
    void say_elsewhere(OutboxMachine::Job const&, std::string const& reason);
    void channel_opened(IncidentId, std::optional<Channel>, std::string reason);
    void fire(IncidentId);
    void schedule(Incident const&);
    int urgency_of(IncidentId) const;
    void settled();

    Wiring wiring_;
    World world_;
    Outbox outbox_;
    SeenKeys seen_;
    Counters counters_;
    Time latest_event_;
    std::unordered_map<ChannelId, std::vector<Waiting>> recalling_;

    std::set<std::pair<Time, IncidentId>> due_; // base time
    std::unordered_map<IncidentId, Time> due_of_;
    std::size_t saving_ = 0;
    std::vector<std::function<void()>> waiting_for_idle_;
};

} // namespace cox::bot
