#pragma once
// What the rule files offer to the table.
#include "core/rules/rule.hpp"

namespace cox {

std::optional<Finding> check_one_incident_per_channel(RuleCase const&);
std::optional<Finding> check_one_commander(RuleCase const&);
std::optional<Finding> check_moved_from_within(RuleCase const&);
std::optional<Finding> check_reason_given(RuleCase const&);
std::optional<Finding> check_owner_and_eta(RuleCase const&);

std::optional<Finding> check_delegation_accepted(RuleCase const&);
std::optional<Time> due_delegation_accepted(TimerCase const&);
std::vector<EventBody> fire_delegation_accepted(TimerCase const&, Time now);

std::optional<Finding> check_one_mitigation(RuleCase const&);
std::optional<Time> due_one_mitigation(TimerCase const&);
std::vector<EventBody> fire_one_mitigation(TimerCase const&, Time now);

std::optional<Time> due_roles_filled(TimerCase const&);
std::vector<EventBody> fire_roles_filled(TimerCase const&, Time now);

std::optional<Finding> check_stable_before_resolved(RuleCase const&);

std::optional<Finding> check_commander_decides(RuleCase const&);
std::optional<Finding> check_hands_off_commander(RuleCase const&);
std::optional<Finding> check_separate_comms(RuleCase const&);
std::optional<Finding> check_one_strategy(RuleCase const&);
std::optional<Finding> check_uncertainty_stated(RuleCase const&);
std::optional<Finding> check_impact_measured(RuleCase const&);
std::optional<Finding> check_frozen(RuleCase const&);

std::optional<Time> due_command_loop(TimerCase const&);
std::vector<EventBody> fire_command_loop(TimerCase const&, Time now);

std::optional<Time> due_stale_hypothesis(TimerCase const&);
std::vector<EventBody> fire_stale_hypothesis(TimerCase const&, Time now);

std::optional<Time> due_always_moving(TimerCase const&);
std::vector<EventBody> fire_always_moving(TimerCase const&, Time now);

std::optional<Time> due_eta_kept(TimerCase const&);
std::vector<EventBody> fire_eta_kept(TimerCase const&, Time now);

std::optional<Time> due_commander_rotates(TimerCase const&);
std::vector<EventBody> fire_commander_rotates(TimerCase const&, Time now);

} // namespace cox
