#include "core/handlers/handlers.hpp"

namespace cox {

void handle(Turn& turn, command::Contained const& contained) {
    auto const& incident = *turn.incident;
    if (incident.status == Status::contained && contained.impact) {
        turn.happened(event::ImpactSet{*contained.impact});
        return;
    }
    if (incident.status == Status::contained) {
        auto args = about(incident, turn.policy);
        args.emplace_back("since", clock_moment(*incident.contained_at, turn.policy.zone));
        turn.refuse("refused.contained-already", std::move(args));
        return;
    }
    if (contained.impact) turn.happened(event::ImpactSet{*contained.impact});
    turn.happened(event::Contained{contained.what, turn.next_from_now(turn.severity())});
}

void handle(Turn& turn, command::Unstable const& unstable) {
    if (turn.incident->status != Status::contained) {
        turn.refuse("refused.not-contained-now", about(*turn.incident, turn.policy));
        return;
    }
    turn.happened(event::Unstable{unstable.why});
}

void handle(Turn& turn, command::Resolve const& resolve) {
    if (resolve.impact) turn.happened(event::ImpactSet{*resolve.impact});
    end_freeze(turn);
    turn.happened(event::Resolved{resolve.summary});
}

void handle(Turn& turn, command::Cancel const&) {
    end_freeze(turn);
    turn.happened(event::Cancelled{turn.request.because});
}

void handle(Turn& turn, command::Reopen const&) {
    auto const* incident = turn.world.last_closed_in(turn.request.place.id);
    if (!incident) {
        turn.refuse("refused.nothing-to-reopen", {{"place", turn.request.place.name}});
        return;
    }
    auto const* severity = turn.policy.severity(incident->severity);
    if (!severity) {
        turn.refuse("refused.severity-retired", about(*incident, turn.policy));
        return;
    }
    turn.happened_in(incident->id, incident->seq, event::Reopened{turn.request.because, turn.next_from_now(*severity)});
}

} // namespace cox
