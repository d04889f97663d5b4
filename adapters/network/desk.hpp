#pragma once
// What a chat network that lives elsewhere asks of the house, beyond handing in what people say.
#include "core/incident.hpp"
#include "core/policy.hpp"
#include "core/words.hpp"

#include <string_view>
#include <vector>

namespace cox {

enum class Weight { info, warning, error };

struct Desk {
    virtual ~Desk() = default;
    virtual Policy const& policy() const = 0;
    virtual Words const& words() const = 0;
    virtual Time now() = 0;
    // The most severe first, the newest first among equals.
    virtual std::vector<Incident const*> open_incidents() const = 0;
    // The open incident whose channel of record this is; null when there is none.
    virtual Incident const* open_in(ChannelId const&) const = 0;
    // Topic and card of the incident that is open there are to be shown once more.
    virtual void show_again(ChannelId const&) = 0;
    // For whoever runs the bot.
    virtual void tell_operator(Weight, std::string_view) = 0;
};

} // namespace cox
