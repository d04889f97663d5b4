#include "core/decide.hpp"

#include "core/assert.hpp"
#include "core/authorize.hpp"
#include "core/cadence.hpp"
#include "core/handlers/handlers.hpp"
#include "core/overloaded.hpp"
#include "core/parse.hpp"
#include "core/proposal.hpp"
#include "core/rules/rule.hpp"
#include "core/turn.hpp"

#include <algorithm>

namespace cox {
namespace {

// Commands that make sense where no incident is open.
template <class C>
constexpr bool works_without_incident =
    std::is_same_v<C, command::Declare> || std::is_same_v<C, command::Status> || std::is_same_v<C, command::Help> ||
    std::is_same_v<C, command::ShowPolicy> || std::is_same_v<C, command::Timeline> ||
    std::is_same_v<C, command::Reopen> || std::is_same_v<C, command::Heard>;

template <class C>
concept Built = requires(Turn& turn, C const& c) { handle(turn, c); };

// The command as typed, up to a reason that was left open.
std::string without_reason(std::string_view typed) {
    auto text = one_line(typed, 200);
    if (auto const because = text.rfind(" because"); because != std::string::npos) text.resize(because);
    return text;
}

// Whose channel the place is, or which one the command names.
Incident const* incident_meant(World const& world, Request const& request) {
    if (request.incident) return world.find(*request.incident);
    if (auto const* move = std::get_if<command::Move>(&request.command))
        return incident_to_move(world, *move, request.place.id);
    return world.open_in(request.place.id);
}

void refuse_without_incident(Turn const& turn) {
    if (auto const* closed = turn.world.last_closed_in(turn.request.place.id)) {
        auto args = about(*closed, turn.policy);
        args.emplace_back("closed", dated_text(*closed->closed_at, turn.now(), turn.policy.zone));
        turn.refuse("refused.closed", std::move(args));
        return;
    }
    turn.refuse("refused.no-incident-here", {{"place", turn.request.place.name}, {"open", where_open(turn.world)}});
}

// What the rules say of a command.
struct Ruling {
    bool passes = false;              // otherwise the decision says what happens instead, or why nothing does
    std::optional<Sentence> proposed; // it waits for the commander's word; what its author hears
};

Ruling ask_rules(Turn& turn) {
    bool const reopens = std::holds_alternative<command::Reopen>(turn.request.command);
    auto const* closed = reopens ? turn.world.last_closed_in(turn.request.place.id) : nullptr;
    auto const* of = turn.incident ? turn.incident : closed;
    auto const* severity = of ? turn.policy.severity(of->severity) : nullptr;
    if (auto const* declare = std::get_if<command::Declare>(&turn.request.command))
        severity = turn.policy.severity(declare->severity.value_or(turn.policy.triage));
    std::vector<EventBody> overridden;
    std::optional<Sentence> proposed;
    for (auto const& rule : rules()) {
        if (!rule.check) continue;
        auto const level = rule.invariant() ? Level::invariant
                           : severity       ? level_of(rule, turn.policy, *severity)
                                            : rule.severe;
        if (level == Level::off) continue;
        bool const approved = turn.proposer != nullptr;
        auto finding = rule.check({turn.world, turn.policy, turn.incident, severity, turn.request, level, approved});
        if (!finding) continue;

        if (level == Level::warn || finding->way == Finding::Way::tell) {
            turn.decision.notices.push_back(std::move(finding->why));
            continue;
        }
        if (finding->way == Finding::Way::instead) {
            turn.happened(std::move(*finding->event));
            turn.decision.notices.push_back(std::move(finding->why));
            return {};
        }
        if (turn.request.override_rules && level != Level::invariant) {
            if (turn.request.because.empty()) {
                turn.decision.refusal =
                    Refusal{std::string{rule.name},
                            {"refused.override-needs-reason",
                             {{"rule", std::string{rule.name}},
                              {"instead", marks::code(without_reason(turn.request.typed) + " because …")}},
                             {}}};
                return {};
            }
            overridden.emplace_back(
                event::Overridden{std::string{rule.name}, turn.request.because, one_line(turn.request.typed, 400)});
            continue;
        }
        if (finding->way == Finding::Way::propose) {
            proposed = std::move(finding->why);
            continue;
        }
        if (finding->way == Finding::Way::queue) {
            turn.queued = true;
            turn.decision.notices.push_back(std::move(finding->why));
            continue;
        }
        turn.decision.notices.clear();
        if (turn.incident) {
            turn.happened(event::Refused{std::string{rule.name}, one_line(turn.request.typed, 400)});
        }
        turn.decision.refusal = Refusal{std::string{rule.name}, std::move(finding->why)};
        return {};
    }
    if (proposed) return {false, std::move(proposed)};
    // What is only being declared has no log yet.
    for (auto& event : overridden)
        if (turn.incident) turn.happened(std::move(event));
    return {true, {}};
}

// Keeps the command until the commander's word. What could not be carried out anyway is refused at once.
template <class C>
void propose(Turn& turn, C const& c, Sentence why) {
    Decision trial;
    Turn tried{turn.world, turn.policy, turn.request, turn.incident, trial};
    handle(tried, c);
    turn.decision.notices.clear();
    if (trial.refusal) {
        turn.decision.refusal = std::move(trial.refusal);
        return;
    }
    auto proposed = proposal_of(c);
    COX_ASSERT(proposed);
    auto const& incident = *turn.incident;
    proposed->words = verb_of(turn.request.typed);
    proposed->because = turn.request.because;
    for (auto const& other : incident.proposals) {
        bool const same = other.asked.does == proposed->does && other.asked.text == proposed->text &&
                          other.asked.item == proposed->item && other.asked.owner == proposed->owner;
        if (other.state != ProposalState::open || !same) continue;
        auto args = about(incident, turn.policy);
        args.emplace_back("proposal", other.asked.proposal);
        args.emplace_back("by", other.by == turn.actor() ? "yours" : other.by.name);
        turn.refuse("refused.proposed-already", std::move(args));
        return;
    }
    proposed->proposal = "P" + std::to_string(incident.proposals.size() + 1);
    why.args.emplace_back("proposal", proposed->proposal);
    turn.happened(std::move(*proposed));
    turn.decision.notices.push_back(std::move(why));
}

// A line feed in somebody's words must not make a line of its own in an update.
void put_on_one_line(EventBody& body) {
    auto const tidy = overloaded{[](std::string_view, std::string& value) {
                                     if (value.find('\n') != std::string::npos)
                                         value = one_line(value, longest_command);
                                 },
                                 [](std::string_view, auto&) {}};
    std::visit([&](auto& e) { e.fields(e, tidy); }, body);
}

// A commander who says anything at all is there; where nothing else is written, the log hears of it once a minute.
void note_commander(Turn const& turn) {
    if (!turn.incident || !turn.decision.events.empty() || turn.actor().id.empty()) return;
    if (!(turn.incident->commander() == turn.actor())) return;
    if (turn.now() - turn.incident->commander_seen < std::chrono::minutes{1}) return;
    turn.happened(event::CommanderSeen{});
}

template <class C>
void carry_out(Turn& turn, C const& c) {
    if constexpr (!Built<C>) {
        auto const typed = verb_of(turn.request.typed);
        turn.refuse("refused.not-built", {{"command", typed.substr(0, typed.find(' '))}});
    } else {
        if constexpr (std::is_same_v<C, command::Move>) {
            // Nobody is asked for a reason for what cannot be.
            if (!can_move(turn, c)) return;
        } else if constexpr (!works_without_incident<C>) {
            if (!turn.incident) {
                refuse_without_incident(turn);
                return;
            }
        }
        auto ruling = ask_rules(turn);
        if (ruling.passes) {
            handle(turn, c);
        } else if (ruling.proposed) {
            propose(turn, c, std::move(*ruling.proposed));
        }
    }
}

} // namespace

void carry_out(Turn& turn, Command const& command) {
    std::visit([&](auto const& c) { carry_out(turn, c); }, command);
}

Decision decide(World const& world, Policy const& policy, Request const& request) {
    Decision decision;
    auto const* incident = incident_meant(world, request);
    Turn turn{world, policy, request, incident, decision};
    if (auto refusal = authorize(policy, request, incident)) {
        if (incident) turn.happened(event::Refused{refusal->rule, one_line(request.typed, 400)});
        decision.refusal = std::move(refusal);
        return decision;
    }
    carry_out(turn, request.command);
    note_commander(turn);
    for (auto& event : decision.events)
        put_on_one_line(event.body);
    return decision;
}

namespace {

// A source of timers: the cadence and every rule that has one.
struct Timer {
    std::optional<Time> (*due)(TimerCase const&);
    std::vector<EventBody> (*fire)(TimerCase const&, Time now);
    Level level;
};

// Calls visit(timer, its time) for every timer that is set.
template <class Visit>
void each_timer(Incident const& incident, Policy const& policy, Visit&& visit) {
    auto const& severity = severity_of(incident, policy);
    auto const look = [&](Timer const& timer) {
        if (auto const due = timer.due({incident, policy, severity, timer.level})) visit(timer, *due);
    };
    look({due_cadence, fire_cadence, Level::enforce});
    for (auto const& rule : rules()) {
        if (!rule.due) continue;
        if (auto const level = level_of(rule, policy, severity); level != Level::off)
            look({rule.due, rule.fire, level});
    }
}

} // namespace

std::optional<Time> next_due(Incident const& incident, Policy const& policy) {
    // Before the network has made the channel there is nobody to speak to.
    if (!incident.open() || !incident.channel) return std::nullopt;
    std::optional<Time> first;
    each_timer(incident, policy, [&](Timer const&, Time due) {
        if (!first || due < *first) first = due;
    });
    return first;
}

// Fires every timer that is due, the one that has waited longest first, each on the incident as the one before left it:
// what falls due together is told together.
void handle(Turn& turn, command::Tick const&) {
    constexpr int most = 100;
    auto incident = *turn.incident;
    if (!incident.open() || !incident.channel) return;
    for (int fired = 0;; ++fired) {
        std::optional<std::pair<Timer, Time>> first;
        each_timer(incident, turn.policy, [&](Timer const& timer, Time due) {
            if (due <= turn.now() && (!first || due < first->second)) first.emplace(timer, due);
        });
        if (!first) return;
        COX_ASSERT(fired < most);
        auto const& severity = severity_of(incident, turn.policy);
        auto events = first->first.fire({incident, turn.policy, severity, first->first.level}, turn.now());
        COX_ASSERT(!events.empty());
        for (auto& event : events) {
            turn.happened(std::move(event));
            apply(incident, turn.decision.events.back());
        }
    }
}

} // namespace cox
