#include "adapters/web/rows.hpp"

#include <nlohmann/json.hpp>

namespace cox::web {

nlohmann::json incident_of(ChannelId const& channel, Desk& desk) {
    auto const incident = desk.incident_in(channel);
    return incident ? nlohmann::json(text(*incident)) : nlohmann::json(nullptr);
}

nlohmann::json row_of(WebChannel const& channel, Desk& desk) {
    auto const clock = desk.clock(channel.id);
    return {{"id", channel.id.value},    {"name", channel.name},
            {"topic", channel.topic},    {"incident", incident_of(channel.id, desk)},
            {"now", rfc3339(clock.now)}, {"rate", clock.rate}};
}

} // namespace cox::web
