#include "core/cadence.hpp"

#include "core/phrases.hpp"

#include <algorithm>

namespace cox {
namespace {

using namespace std::chrono_literals;

// Later than this past its time, the clock was not merely busy: nobody was there to post.
constexpr Duration downtime = 60s;

Person const& who_drafts(Incident const& incident) {
    auto const* comms = incident.seat("comms");
    return comms && comms->holder ? *comms->holder : incident.commander();
}

std::optional<Time> draft_due(TimerCase const& c) {
    auto const& next = c.incident.next_update;
    if (!next || !c.severity.update_every || c.incident.draft_shown_for == next) return std::nullopt;
    return *next - draft_lead(*c.severity.update_every);
}

std::vector<EventBody> post_unconfirmed(TimerCase const& c, Time now) {
    event::UpdatePosted update;
    if (c.severity.update_every) update.next_update = later(now, *c.severity.update_every);
    if (now - *c.incident.next_update > downtime) update.silent_since = c.incident.last_update;
    std::vector<EventBody> events{update};
    auto const in_a_row = c.incident.unconfirmed_in_a_row + 1;
    // Mentioned at two, paged at three; then each third time, so that a page stays a page.
    if (in_a_row >= 2) {
        events.emplace_back(event::Escalated{"updates", in_a_row, c.policy.backup, in_a_row % 3 == 0});
    }
    return events;
}

} // namespace

Duration draft_lead(Duration update_every) {
    return std::min<Duration>(2min, update_every / 5);
}

Time next_nudge(Time last, Zone const& zone) {
    auto due = later(last, 24h);
    auto const weekday = [&] {
        return std::chrono::weekday{std::chrono::floor<std::chrono::days>(due + zone.offset(due))};
    };
    while (weekday() == std::chrono::Saturday || weekday() == std::chrono::Sunday)
        due = later(due, 24h);
    return due;
}

std::optional<Time> due_cadence(TimerCase const& c) {
    if (!c.incident.next_update) return next_nudge(c.incident.last_nudge, c.policy.zone);
    auto const draft = draft_due(c);
    return draft ? std::min(*draft, *c.incident.next_update) : *c.incident.next_update;
}

std::vector<EventBody> fire_cadence(TimerCase const& c, Time now) {
    if (!c.incident.next_update) return {event::Reminded{"stale", 1, c.incident.commander()}};
    if (now >= *c.incident.next_update) return post_unconfirmed(c, now);
    return {event::DraftShown{*c.incident.next_update, who_drafts(c.incident)}};
}

} // namespace cox
