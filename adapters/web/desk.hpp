#pragma once
// What the web channel asks of the rest of the house, besides taking in what people say. The composition root fills it.
#include "core/ids.hpp"
#include "core/time.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cox::web {

// A channel's clock: a drill may run faster than life.
struct ChannelClock {
    Time now;
    double rate = 1.0; // seconds of the channel for one second of life; 0 on a manual clock
    // How people are shown it: the policy's zone.
    std::string zone = "UTC";
    Duration ahead_of_utc{0};
};

struct Readiness {
    bool ready = false;
    std::vector<std::string> reasons; // why not, or what is degraded
};

struct Desk {
    virtual ~Desk() = default;
    // JSON objects as in GET /api/incidents/{id}; open ones first, newest first.
    virtual std::vector<std::string> incidents() = 0;
    virtual void incident(IncidentId, std::function<void(std::optional<std::string>)>) = 0;
    // The log, one JSON object a line; none for an incident that does not exist.
    virtual void events(IncidentId, std::function<void(std::optional<std::vector<std::string>>)>) = 0;
    // "INC-1" of the open incident in a channel, or none.
    virtual std::optional<IncidentId> incident_in(ChannelId const&) = 0;
    virtual ChannelClock clock(ChannelId const&) = 0;
    // Manual clock only: moves it, lets every timer fire at its own moment, and answers once all that fell due is done.
    virtual bool manual_clock() const = 0;
    virtual void advance(Duration, std::function<void(Time now)>) = 0;
    virtual Readiness readiness() = 0;
    virtual std::string metrics() = 0; // Prometheus text
};

} // namespace cox::web
