#pragma once
// One channel of the web network, and the row that keeps it.
#include "adapters/store/store.hpp"
#include "core/ids.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cox::web {

// Where an incident's live card stands in its channel.
struct CardPlace {
    IncidentId incident;
    std::int64_t message = 0;
    std::int64_t op = 0; // the effect that first showed it
    Time at;
};

struct WebChannel {
    ChannelId id;
    std::string name;
    bool durable = false;                    // nobody sees it before
    std::string topic;                       // as people see it
    std::string topic_wanted;                // as the last effect asked; becomes `topic` once it is durable
    std::optional<std::string> topic_before; // what stood there before an incident's topic
    std::string purpose;
    std::int64_t op = 0;          // the OpenChannel it came from; 0 for a channel of the house
    std::vector<CardPlace> cards; // oldest first

    CardPlace const* card_of(IncidentId) const;
};

store::SaidChannel to_row(WebChannel const&);
WebChannel from_row(store::SaidChannel const&);

// A name as channels have it: lower case letters, digits and dashes, at most 80.
std::string channel_name(std::string_view wanted);
// With "-2" (or whatever number) at its end, still at most 80.
std::string numbered_name(std::string_view name, int number);

} // namespace cox::web
