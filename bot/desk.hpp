#pragma once
// Answers what the web channel asks of the house.
#include "adapters/web/desk.hpp"
#include "bot/loop.hpp"
#include "bot/timetable.hpp"

namespace cox::bot {

class Desk final : public web::Desk {
public:
    struct Wiring {
        Policy const& policy;
        Clocks& clocks;
        store::Store& store;
        Loop& loop;
        Timetable& timetable;
    };
    explicit Desk(Wiring wiring) : wiring_{wiring} {}

    std::vector<std::string> incidents() override;
    void incident(IncidentId, std::function<void(std::optional<std::string>)>) override;
    void events(IncidentId, std::function<void(std::optional<std::vector<std::string>>)>) override;
    std::optional<IncidentId> incident_in(ChannelId const&) override;
    web::ChannelClock clock(ChannelId const&) override;
    bool manual_clock() const override { return wiring_.clocks.kind() == Clocks::Kind::manual; }
    void advance(Duration, std::function<void(Time)>) override;
    web::Readiness readiness() override;
    std::string metrics() override;

    // Where a clock moved by hand stood at the end of the former run.
    static std::optional<Time> clock_left_at(store::Found const&);

    void set_ready(bool ready) { ready_ = ready; }
    // Somebody with troubles of their own, to be told with ours.
    void watch(std::function<std::vector<std::string>()> troubles) { watched_.push_back(std::move(troubles)); }

private:
    Wiring wiring_;
    bool ready_ = false;
    std::vector<std::function<std::vector<std::string>()>> watched_;
};

} // namespace cox::bot
