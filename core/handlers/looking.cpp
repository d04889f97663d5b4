#include "core/handlers/handlers.hpp"

namespace cox {

void handle(Turn& turn, command::Status const&) {
    if (turn.incident) {
        turn.answer(query::CardOf{turn.incident->id});
    } else {
        turn.answer(query::OpenIncidents{});
    }
}

void handle(Turn& turn, command::Help const& help) {
    turn.answer(query::Help{help.about});
}

void handle(Turn& turn, command::ShowPolicy const& show) {
    turn.answer(query::PolicyTable{show.severity});
}

void handle(Turn& turn, command::Timeline const&) {
    auto const* incident = turn.incident ? turn.incident : turn.world.last_closed_in(turn.request.place.id);
    if (!incident) {
        turn.refuse("refused.no-incident-ever", {{"place", turn.request.place.name}});
        return;
    }
    turn.answer(query::TimelineOf{incident->id});
}

void handle(Turn& turn, command::ListActions const&) {
    turn.answer(query::ItemsOf{turn.incident->id});
}

void handle(Turn& turn, command::AskRole const& ask) {
    turn.answer(query::RoleOf{turn.incident->id, ask.role});
}

// Talk between people: decide() notes a sign of life of the commander.
void handle(Turn&, command::Heard const&) {}

} // namespace cox
