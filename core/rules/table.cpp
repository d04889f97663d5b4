#include "core/rules/all.hpp"

#include "core/assert.hpp"

#include <algorithm>
#include <array>

namespace cox {
namespace {

using enum Level;

// clang-format off
constexpr std::array table{
    Rule{"one-incident-per-channel", "a channel has at most one open incident, an incident one channel of record", invariant, invariant, invariant, check_one_incident_per_channel},
    Rule{"one-commander", "exactly one commander from the first second; a second claim becomes a request", invariant, invariant, invariant, check_one_commander},
    Rule{"moved-from-within", "an incident is moved by somebody who has a part in it", enforce, warn, off, check_moved_from_within},
    Rule{"reason-given", "what changes the course of an incident says why", enforce, enforce, enforce, check_reason_given},
    Rule{"owner-and-eta", "no action without one owner and an ETA", enforce, enforce, warn, check_owner_and_eta},
    Rule{"delegation-accepted", "an action or a role is delegated only when the person accepts", enforce, warn, off, check_delegation_accepted, due_delegation_accepted, fire_delegation_accepted},
    Rule{"hands-off-commander", "the commander owns no action: whoever repairs cannot watch the whole", enforce, warn, off, check_hands_off_commander},
    Rule{"separate-comms", "commander and communications lead are different people", enforce, off, off, check_separate_comms},
    Rule{"uncertainty-stated", "a hypothesis says how sure it is, and is not told as a fact before it is one", warn, warn, off, check_uncertainty_stated},
    Rule{"impact-measured", "impact names a number, a share or a scope", warn, warn, off, check_impact_measured},
    Rule{"one-strategy", "a mitigation fits the chosen strategy or says why; after a recent change, back first", warn, warn, off, check_one_strategy},
    Rule{"frozen", "during a freeze a mitigation needs the commander's word", enforce, enforce, off, check_frozen},
    Rule{"one-mitigation", "one change to production at a time, watched before the next; others wait in line", enforce, enforce, warn, check_one_mitigation, due_one_mitigation, fire_one_mitigation},
    Rule{"roles-filled", "the severity's roles are filled within its response time, or the backup hears of it", enforce, warn, off, nullptr, due_roles_filled, fire_roles_filled},
    Rule{"stable-before-resolved", "contained and quiet for the policy's time before it is called resolved", enforce, warn, off, check_stable_before_resolved},
    Rule{"commander-decides", "severity, strategy, decisions, freeze, contained and the end are the commander's; from others they are proposals", enforce, warn, off, check_commander_decides},
    Rule{"command-loop", "the commander answers five questions on each loop; two unanswered and the incident is unattended", enforce, off, off, nullptr, due_command_loop, fire_command_loop},
    Rule{"stale-hypothesis", "a hypothesis that stands unchanged, or that a failed mitigation speaks against, is asked about", warn, off, off, nullptr, due_stale_hypothesis, fire_stale_hypothesis},
    Rule{"always-moving", "until it is contained somebody is doing something, or the commander is asked", warn, off, off, nullptr, due_always_moving, fire_always_moving},
    Rule{"eta-kept", "at its ETA the owner is asked how it went, later the commander hears", enforce, warn, off, nullptr, due_eta_kept, fire_eta_kept},
    Rule{"commander-rotates", "after a shift in command a hand-over is proposed, with a brief", warn, off, off, nullptr, due_commander_rotates, fire_commander_rotates},
};
// clang-format on

} // namespace

std::span<Rule const> rules() {
    return table;
}

Rule const* find_rule(std::string_view name) {
    auto const found = std::ranges::find(table, name, &Rule::name);
    return found == table.end() ? nullptr : &*found;
}

Level level_of(Rule const& rule, Policy const& policy, Severity const& severity) {
    if (rule.invariant()) return invariant;
    if (auto const set = severity.rules.find(rule.name); set != severity.rules.end()) return set->second;
    auto const rank = policy.rank(severity.key);
    return rank < 2 ? rule.severe : rank == 2 ? rule.moderate : rule.minor;
}

std::string_view level_word(Level level) {
    switch (level) {
    case off: return "off";
    case warn: return "warn";
    case enforce: return "enforce";
    case invariant: return "invariant";
    }
    return "";
}

std::string rules_table() {
    std::string text = "| rule | what it holds | SEV-1, SEV-2 | SEV-3 | SEV-4 |\n|---|---|---|---|---|\n";
    for (auto const& rule : table) {
        text += "| `" + std::string{rule.name} + "` | " + std::string{rule.holds};
        for (auto const level : {rule.severe, rule.moderate, rule.minor})
            text += " | " + std::string{level == invariant ? "always" : level_word(level)};
        text += " |\n";
    }
    return text;
}

Level level_of(std::string_view name, Policy const& policy, Severity const& severity) {
    auto const* rule = find_rule(name);
    COX_ASSERT(rule != nullptr);
    return level_of(*rule, policy, severity);
}

} // namespace cox
