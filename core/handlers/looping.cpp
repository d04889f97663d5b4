// The commander's answer to the command loop.
#include "core/handlers/handlers.hpp"

namespace cox {

void handle(Turn& turn, command::Loop const& loop) {
    auto const& incident = *turn.incident;
    if (!(incident.commander() == turn.actor())) {
        turn.refuse("refused.loop-is-the-commanders", about(incident, turn.policy));
        return;
    }
    bool const changes = loop.impact || loop.hypothesis || loop.need || loop.next;
    if (!loop.confirms && !changes) {
        turn.answer(query::LoopOf{incident.id});
        return;
    }
    if (loop.next) {
        handle(turn, command::NextUpdate{*loop.next});
        if (turn.decision.refusal) return;
    }
    if (loop.impact) turn.happened(event::ImpactSet{*loop.impact});
    if (loop.hypothesis)
        turn.happened(event::HypothesisSet{*loop.hypothesis, loop.confidence.value_or(Confidence::suspected)});
    if (loop.need) turn.happened(event::NeedSet{need_or_none(*loop.need), {}});
    turn.happened(event::LoopAnswered{});
}

} // namespace cox
