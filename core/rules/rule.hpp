#pragma once
// A rule of incident command: one file in this folder, one row in table.cpp. What it checks, what it does when its
// time has come, how hard it is held unless the policy says otherwise, and the sentence that explains it.
#include "core/decide.hpp"
#include "core/policy.hpp"
#include "core/world.hpp"

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace cox {

// A command on its way to being carried out.
struct RuleCase {
    World const& world;
    Policy const& policy;
    Incident const* incident; // null when none is open in the place
    Severity const* severity; // of the incident, or of the one that is declared; null without one
    Request const& request;
    Level level;
    bool approved = false; // the commander has said yes to it
};

// What a rule has against a command.
struct Finding {
    enum class Way {
        refuse,  // it does not happen
        queue,   // it happens, in line
        instead, // `event` happens in its place
        propose, // it waits for the commander's word
        tell     // it happens, and the person hears a word about it, however hard the rule is held
    } way = Way::refuse;
    Sentence why;
    std::optional<EventBody> event;
};

// An incident whose clock is asked.
struct TimerCase {
    Incident const& incident;
    Policy const& policy;
    Severity const& severity;
    Level level;
};

struct Rule {
    std::string_view name;
    std::string_view holds; // one line, for people
    Level severe;           // SEV-1 and SEV-2: the two most severe of the policy
    Level moderate;         // the third
    Level minor;            // the fourth and below
    std::optional<Finding> (*check)(RuleCase const&) = nullptr;
    // When the rule must act next, and what happens then; a rule whose time has come must do something.
    std::optional<Time> (*due)(TimerCase const&) = nullptr;
    std::vector<EventBody> (*fire)(TimerCase const&, Time now) = nullptr;

    bool invariant() const { return severe == Level::invariant; }
};

std::span<Rule const> rules();
Rule const* find_rule(std::string_view name);
std::string_view level_word(Level); // "enforce"
// All rules as a table in Markdown, with the levels that hold where a policy says nothing.
std::string rules_table();
Level level_of(Rule const&, Policy const&, Severity const&);
// Of the rule with this name; its file need not be known to ask.
Level level_of(std::string_view rule, Policy const&, Severity const&);

} // namespace cox
