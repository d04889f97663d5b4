#include "bot/desk.hpp"

#include "core/event_json.hpp"
#include "core/views.hpp"

#include <algorithm>

namespace cox::bot {
namespace {

// Effects that wait longer than this are a reason to look: the network takes nothing.
constexpr std::size_t many_waiting = 1000;

constexpr std::string_view clock_cursor = "clock";

void metric(std::string& text, std::string_view name, std::string_view type, std::string_view help, double value) {
    text.append("# HELP ")
        .append(name)
        .append(" ")
        .append(help)
        .append("\n# TYPE ")
        .append(name)
        .append(" ")
        .append(type);
    auto number = std::to_string(value);
    number.erase(number.find_last_not_of('0') + 1);
    if (number.ends_with('.')) number.pop_back();
    text.append("\n").append(name).append(" ").append(number).append("\n");
}

} // namespace

std::vector<std::string> Desk::incidents() {
    std::vector<Incident const*> all;
    for (auto const& [id, incident] : wiring_.loop.world().incidents())
        all.push_back(&incident);
    std::ranges::sort(
        all, [](Incident const* a, Incident const* b) { return a->open() != b->open() ? a->open() : a->id > b->id; });
    std::vector<std::string> texts;
    texts.reserve(all.size());
    for (auto const* incident : all)
        texts.push_back(incident_json(*incident, wiring_.policy));
    return texts;
}

void Desk::incident(IncidentId id, std::function<void(std::optional<std::string>)> answer) {
    if (auto const* held = wiring_.loop.world().find(id)) {
        answer(incident_json(*held, wiring_.policy));
        return;
    }
    // Closed long ago: folded from its log.
    wiring_.store.read_events(id, [this, answer = std::move(answer)](std::vector<Event> const& log) {
        if (log.empty()) {
            answer(std::nullopt);
            return;
        }
        Incident incident;
        for (auto const& event : log)
            apply(incident, event);
        answer(incident_json(incident, wiring_.policy));
    });
}

void Desk::events(IncidentId id, std::function<void(std::optional<std::vector<std::string>>)> answer) {
    wiring_.store.read_events(id, [answer = std::move(answer)](std::vector<Event> const& log) {
        if (log.empty()) {
            answer(std::nullopt);
            return;
        }
        std::vector<std::string> lines;
        lines.reserve(log.size());
        for (auto const& event : log)
            lines.push_back(to_json_line(event));
        answer(std::move(lines));
    });
}

std::optional<IncidentId> Desk::incident_in(ChannelId const& channel) {
    auto const* incident = wiring_.loop.world().open_in(channel);
    return incident ? std::optional{incident->id} : std::nullopt;
}

web::ChannelClock Desk::clock(ChannelId const& channel) {
    auto const now = wiring_.clocks.now_in(channel);
    auto const& zone = wiring_.policy.zone;
    return {now, wiring_.clocks.rate_in(channel), zone.abbreviation(now), zone.offset(now)};
}

void Desk::advance(Duration span, std::function<void(Time)> done) {
    wiring_.timetable.advance(span, [this, done = std::move(done)](Time now) mutable {
        store::Batch batch;
        batch.cursors.push_back({std::string{clock_cursor}, rfc3339(now)});
        wiring_.store.commit(std::move(batch), [done = std::move(done), now] { done(now); });
    });
}

std::optional<Time> Desk::clock_left_at(store::Found const& found) {
    auto const kept = std::ranges::find(found.cursors, clock_cursor, &store::Cursor::name);
    return kept == found.cursors.end() ? std::nullopt : from_rfc3339(kept->value);
}

web::Readiness Desk::readiness() {
    web::Readiness readiness{ready_, {}};
    if (!ready_) readiness.reasons.emplace_back("starting");
    for (auto const& troubles : watched_) {
        for (auto& trouble : troubles())
            readiness.reasons.push_back(std::move(trouble));
    }
    if (auto const waiting = wiring_.loop.outbox().waiting(); waiting > many_waiting) {
        readiness.reasons.push_back(std::to_string(waiting) + " effects wait to be delivered");
    }
    return readiness;
}

std::string Desk::metrics() {
    auto const& counters = wiring_.loop.counters();
    auto const& world = wiring_.loop.world();
    auto const open = std::ranges::count_if(world.incidents(), [](auto const& entry) { return entry.second.open(); });
    auto const number = [](auto value) { return static_cast<double>(value); };
    std::string text;
    metric(text, "coxswain_commands_total", "counter", "Commands taken in.", number(counters.commands));
    metric(text, "coxswain_refusals_total", "counter", "Commands refused or not understood.",
           number(counters.refusals));
    metric(text, "coxswain_duplicates_total", "counter", "Messages delivered again, taken once.",
           number(counters.duplicates));
    metric(text, "coxswain_timers_total", "counter", "Timers that fired.", number(counters.timers));
    metric(text, "coxswain_events_total", "counter", "Events written to the log.", number(counters.events));
    metric(text, "coxswain_effects_sent_total", "counter", "Effects delivered.", number(wiring_.loop.outbox().sent()));
    metric(text, "coxswain_effects_failed_total", "counter", "Effects given up.",
           number(wiring_.loop.outbox().failed()));
    metric(text, "coxswain_effects_repeated_total", "counter",
           "Effects delivered once more because nothing told whether the first one arrived.",
           number(wiring_.loop.outbox().may_repeat()));
    metric(text, "coxswain_effects_waiting", "gauge", "Effects on their way.", number(wiring_.loop.outbox().waiting()));
    metric(text, "coxswain_incidents_open", "gauge", "Open incidents.", number(open));
    return text;
}

} // namespace cox::bot
