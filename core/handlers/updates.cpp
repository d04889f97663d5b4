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
        turn.happened(event::UpdatePosted{speaks_for_command(turn), "", turn.next_from_now(*to), {}});
        return;
    }
    // The new pace from the last update, never in the past.
    if (to->update_every) changed.next_update = std::max(later(incident.last_update, *to->update_every), turn.now());
    turn.happened(changed);
}

namespace {

// Two taps on one button are one update.
constexpr Duration just_now = std::chrono::minutes{1};

bool says_nothing_new(Turn const& turn, command::Update const& update) {
    auto const& incident = *turn.incident;
    if (!update.headline.empty() || update.impact || update.hypothesis || update.need) return false;
    bool const confirmed_before = incident.last_update > incident.opened_at && incident.unconfirmed_in_a_row == 0;
    return confirmed_before && !incident.changed_since_update && turn.now() - incident.last_update < just_now;
}

} // namespace

void handle(Turn& turn, command::Update const& update) {
    if (says_nothing_new(turn, update)) {
        auto args = about(*turn.incident, turn.policy);
        args.emplace_back("posted", clock_moment(turn.incident->last_update, turn.policy.zone));
        args.emplace_back(
            "next", turn.incident->next_update ? clock_moment(*turn.incident->next_update, turn.policy.zone) : "");
        turn.refuse("refused.nothing-new", std::move(args));
        return;
    }
    if (update.impact) turn.happened(event::ImpactSet{*update.impact});
    if (update.hypothesis) {
        turn.happened(event::HypothesisSet{*update.hypothesis, update.confidence.value_or(Confidence::suspected)});
    }
    if (update.need) turn.happened(event::NeedSet{need_or_none(*update.need), {}});
    turn.happened(event::UpdatePosted{true, one_line(update.headline, 400), turn.next_from_now(turn.severity()), {}});
}

void handle(Turn& turn, command::NextUpdate const& next) {
    auto const& incident = *turn.incident;
    auto args = about(incident, turn.policy);
    args.emplace_back("now", clock_moment(turn.now(), turn.policy.zone));
    if (next.at <= turn.now()) {
        turn.refuse("refused.next-in-past", std::move(args));
        return;
    }
    // One cadence beyond the one in force, however often it is asked: silence cannot be put off piece by piece.
    auto const every = turn.severity().update_every;
    auto const latest = later(incident.last_update, every.value_or(Duration{0}) * 2);
    if (every && next.at > latest) {
        args.emplace_back("latest", clock_moment(latest, turn.policy.zone));
        args.emplace_back("every", span_text(*every));
        args.emplace_back("instead", latest > turn.now()
                                         ? marks::code("next " + clock_digits(latest, turn.policy.zone) + " because …")
                                         : marks::code("update"));
        turn.refuse("refused.next-too-late", std::move(args));
        return;
    }
    turn.happened(event::UpdateMoved{next.at, turn.request.because});
}

} // namespace cox
