#include "core/handlers/handlers.hpp"

namespace cox {
namespace {

bool speaks_for_command(Turn const& turn) {
    auto const* comms = turn.incident->seat("comms");
    return turn.incident->commander() == turn.actor() || (comms && comms->holder && *comms->holder == turn.actor());
}

} // namespace

void handle(Turn& turn, command::SetSeverity const& set) {
    auto const& incident = *turn.incident;
    auto const* to = turn.policy.severity(set.severity);
    auto args = about(incident, turn.policy);
    if (!to || to->key == incident.severity) {
        turn.refuse("refused.same-severity", std::move(args));
        return;
    }
    bool const raised = turn.policy.rank(to->key) < turn.policy.rank(incident.severity);
    event::SeverityChanged changed{incident.severity, to->key, to->label, raised, turn.request.because, {}};
    if (raised) {
        // Everybody hears at once, then at the new pace.
        changed.next_update = turn.next_from_now(*to);
        turn.happened(changed);
        auto const why = turn.request.because.empty() ? "" : ": " + turn.request.because;
        turn.happened(event::UpdatePosted{speaks_for_command(turn),
                                          "Raised from " + incident.severity_label + " to " + to->label + " by " +
                                              turn.actor().name + why,
                                          turn.next_from_now(*to), {}});
        return;
    }
    // The new pace from the last update, never in the past.
    if (to->update_every) changed.next_update = std::max(later(incident.last_update, *to->update_every), turn.now());
    turn.happened(changed);
}

void handle(Turn& turn, command::Update const& update) {
    if (update.impact) turn.happened(event::ImpactSet{*update.impact});
    if (update.hypothesis) {
        turn.happened(event::HypothesisSet{*update.hypothesis, update.confidence.value_or(Confidence::suspected)});
    }
    if (update.need) turn.happened(event::NeedSet{*update.need, {}});
    turn.happened(event::UpdatePosted{true, one_line(update.headline, 400), turn.next_from_now(turn.severity()), {}});
}

void handle(Turn& turn, command::NextUpdate const& next) {
    auto const& incident = *turn.incident;
    auto args = about(incident, turn.policy);
    args.emplace_back("now", clock_text(turn.now(), turn.policy.zone));
    if (next.at <= turn.now()) {
        turn.refuse("refused.next-in-past", std::move(args));
        return;
    }
    auto const every = turn.severity().update_every;
    if (every && incident.next_update && next.at > later(*incident.next_update, *every)) {
        args.emplace_back("latest", clock_text(later(*incident.next_update, *every), turn.policy.zone));
        args.emplace_back("every", span_text(*every));
        args.emplace_back("instead", marks::code("next " + clock_digits(later(*incident.next_update, *every), turn.policy.zone) +
                                                 " because …"));
        turn.refuse("refused.next-too-late", std::move(args));
        return;
    }
    turn.happened(event::UpdateMoved{next.at, turn.request.because});
}

} // namespace cox
