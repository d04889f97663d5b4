#pragma once
// The heart: what a command does to an incident, or why not. Pure: the same world, policy and request always give the
// same decision.
#include "core/effect.hpp"
#include "core/policy.hpp"
#include "core/words.hpp"
#include "core/world.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cox {

// A sentence of the catalogue, said to one person.
struct Sentence {
    std::string_view key;
    Args args;
    std::vector<Button> buttons;
};

// A refusal is a value of the domain: which rule, why it stands in the way now, what to type instead.
struct Refusal {
    std::string rule; // "" when no rule but the state of things is in the way
    Sentence why;
};

// Questions whose answers are views, private to the one who asked.
namespace query {
struct CardOf {
    IncidentId incident;
};
struct OpenIncidents {};
struct Help {
    std::string about;
};
struct PolicyTable {
    std::optional<std::string> severity;
};
struct TimelineOf {
    IncidentId incident;
};
struct ItemsOf {
    IncidentId incident;
};
struct RoleOf {
    IncidentId incident;
    std::string role;
};
struct CallOf {
    IncidentId incident;
};
// The question of the runbook that is open.
struct RunbookOf {
    IncidentId incident;
};
// The five questions, with what is known.
struct LoopOf {
    IncidentId incident;
};
} // namespace query
using Query = std::variant<query::CardOf, query::OpenIncidents, query::Help, query::PolicyTable, query::TimelineOf,
                           query::ItemsOf, query::RoleOf, query::CallOf, query::RunbookOf, query::LoopOf>;

// What another incident is told because of a decision: decided next, and durable together with it.
struct FollowUp {
    IncidentId incident;
    Command command;
};

struct Decision {
    std::vector<Event> events;
    std::optional<Refusal> refusal;
    std::vector<Sentence> notices; // private words beside a success: warnings of rules, where an item stands in line
    std::optional<Query> query;
    std::optional<FollowUp> follows;
};

Decision decide(World const&, Policy const&, Request const&);

// When the clock must speak next for this incident; none: never.
std::optional<Time> next_due(Incident const&, Policy const&);

} // namespace cox
