#pragma once
// Carries the outbox machine's actions to the networks and its marks to the store.
#include "bot/clocks.hpp"
#include "bot/outbox_machine.hpp"

#include <functional>
#include <random>
#include <vector>

namespace cox::bot {

using NetworkOf = std::function<Network*(ChannelId const&)>;

class Outbox {
public:
    struct Wiring {
        store::Store& store;
        Clocks& clocks;
        NetworkOf network_of;
        std::function<int(IncidentId)> urgency; // 0 goes first
        // The network answered an OpenChannel: a channel, or the reason why not.
        std::function<void(IncidentId, std::optional<Channel>, std::string reason)> opened;
        // A post could not be shown because of its channel.
        std::function<void(OutboxMachine::Job const&, std::string const& reason)> unreachable;
        std::function<void()> settled; // something ended: look again whether all is quiet, and when to wake
    };
    explicit Outbox(Wiring);

    void take_back(store::Found const&);
    // Adds the effects to the batch that carries their cause; `stored` is to be called with what comes back once that
    // batch is on disk.
    std::vector<std::int64_t> admit(IncidentId, std::vector<Effect> const&, Time at, store::Batch& into);
    void stored(std::vector<std::int64_t> const& ops);
    // Hands out what may go now.
    void pump();

    std::optional<Time> wake() const { return machine_.wake(); }
    // Nothing is on its way; what waits for its time to be tried again is not.
    bool idle() const;
    std::size_t waiting() const { return machine_.size(); }
    std::uint64_t sent() const { return sent_; }
    std::uint64_t failed() const { return failed_; }
    std::uint64_t may_repeat() const { return may_repeat_; }

private:
    void came_back(OutboxMachine::Job const&, Delivered);
    void write_marks();

    Wiring wiring_;
    OutboxMachine machine_;
    std::int64_t next_op_ = 1;
    std::size_t flying_ = 0;
    std::size_t marking_ = 0;
    std::uint64_t sent_ = 0;
    std::uint64_t failed_ = 0;
    std::uint64_t may_repeat_ = 0;
    std::minstd_rand random_{std::random_device{}()};
};

} // namespace cox::bot
