#pragma once
// Answers what the chat networks ask of the house.
#include "adapters/network/desk.hpp"
#include "bot/loop.hpp"

namespace cox::bot {

class ChatDesk final : public cox::Desk {
public:
    struct Wiring {
        Policy const& policy_in_force;
        Words const& catalogue;
        Clocks& clocks;
        Loop& loop;
    };
    explicit ChatDesk(Wiring wiring) : wiring_{wiring} {}

    Policy const& policy() const override { return wiring_.policy_in_force; }
    Words const& words() const override { return wiring_.catalogue; }
    Time now() override { return wiring_.clocks.now(); }
    std::vector<Incident const*> open_incidents() const override;
    Incident const* open_in(ChannelId const& channel) const override { return wiring_.loop.world().open_in(channel); }
    void show_again(ChannelId const& channel) override { wiring_.loop.show_again(channel); }
    void tell_operator(Weight, std::string_view) override;

private:
    Wiring wiring_;
};

} // namespace cox::bot
