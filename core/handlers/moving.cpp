// An incident goes on in another channel: its own was archived, deleted, or is the wrong place.
#include "core/handlers/handlers.hpp"

namespace cox {
namespace {

std::vector<Incident const*> open_elsewhere(World const& world, ChannelId const& here) {
    std::vector<Incident const*> found;
    for (auto const& [id, incident] : world.incidents()) {
        bool const is_here = incident.channel && incident.channel->id == here;
        if (incident.open() && !is_here) found.push_back(&incident);
    }
    return found;
}

std::string as_typed(IncidentId id) {
    return "move " + text(id) + " here because …";
}

void refuse_unknown(Turn const& turn, command::Move const& move) {
    auto const others = open_elsewhere(turn.world, turn.request.place.id);
    if (move.incident || others.empty()) {
        turn.refuse("refused.not-open",
                    {{"wanted", move.incident ? text(*move.incident) : ""}, {"open", where_open(turn.world)}});
        return;
    }
    std::vector<std::string> choices;
    for (auto const* incident : others) {
        if (choices.size() == 5) break;
        choices.push_back(marks::code(as_typed(incident->id)));
    }
    turn.refuse("refused.which-one", {{"choices", join(choices, " or ")}});
}

} // namespace

Incident const* incident_to_move(World const& world, command::Move const& move, ChannelId const& here) {
    if (move.incident) {
        auto const* incident = world.find(*move.incident);
        return incident && incident->open() ? incident : nullptr;
    }
    auto const others = open_elsewhere(world, here);
    if (others.empty()) return world.open_in(here);
    return others.size() == 1 ? others.front() : nullptr;
}

bool can_move(Turn const& turn, command::Move const& move) {
    if (!turn.incident) {
        refuse_unknown(turn, move);
        return false;
    }
    auto const& incident = *turn.incident;
    auto args = about(incident, turn.policy);
    args.emplace_back("instead", marks::code(as_typed(incident.id)));
    if (!turn.request.room) {
        turn.refuse("refused.no-room", std::move(args));
        return false;
    }
    if (incident.channel && incident.channel->id == turn.request.place.id) {
        turn.refuse("refused.here-already", std::move(args));
        return false;
    }
    return true;
}

// The cadence and everything that people were asked go on as they were.
void handle(Turn& turn, command::Move const&) {
    turn.happened(event::ChannelMoved{turn.request.place, turn.incident->channel, turn.request.because});
}

} // namespace cox
