#pragma once
// All incidents that the engine holds in memory, and which channel belongs to which.
#include "core/incident.hpp"

#include <expected>
#include <ranges>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace cox {

class World {
public:
    // The reason names the incident and the sequence number at which the log cannot be right.
    std::expected<void, std::string> apply(Event const&);

    Incident const* find(IncidentId) const;
    // The open incident whose channel of record this is; null when there is none.
    Incident const* open_in(ChannelId const&) const;
    // The incident last closed in this channel, while none is open there.
    Incident const* last_closed_in(ChannelId const&) const;
    // An incident last closed in this channel, so long ago that it is not held here.
    void remember_closed(ChannelId const&, IncidentId);
    // The one so remembered that last_closed_in cannot show before it is held.
    std::optional<IncidentId> not_held_in(ChannelId const&) const;
    // Holds what was remembered: the fold of its log.
    void hold(Incident);
    void forget_closed(ChannelId const&);
    // Every incident held, as (id, incident), by number.
    auto incidents() const {
        return std::views::transform(by_number_, [this](IncidentId id) {
            return std::pair<IncidentId, Incident const&>{id, incidents_.find(id)->second};
        });
    }
    // The number that the next declaration gets.
    IncidentId next_id() const { return {highest_ + 1}; }
    // Numbers up to this one are taken, by incidents that are not held here.
    void reserve_ids(IncidentId highest);

private:
    Incident& make(IncidentId);

    std::unordered_map<IncidentId, Incident> incidents_;
    std::vector<IncidentId> by_number_;
    std::unordered_map<ChannelId, IncidentId> open_in_;
    std::unordered_map<ChannelId, IncidentId> closed_in_; // hidden while one is open there
    std::int64_t highest_ = 0;
};

} // namespace cox
