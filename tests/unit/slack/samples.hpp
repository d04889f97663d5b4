#pragma once
// An incident of an ordinary night, for the tests of how it is drawn.
#include "adapters/slack/names.hpp"
#include "core/effect.hpp"
#include "core/incident.hpp"
#include "core/marks.hpp"
#include "core/policy.hpp"

#include <string>

namespace cox::slack {

inline Time const half_past_two{std::chrono::seconds{1'790'001'000}}; // 14:30 UTC

inline Person person(std::string const& id, std::string const& name) {
    return {user_id("T1", id), name};
}

inline Policy sample_policy() {
    Policy policy;
    Severity one;
    one.key = "1";
    one.label = "SEV-1";
    one.definition = "Customers cannot do what they pay for, or data is being lost";
    one.update_every = std::chrono::minutes{15};
    Severity two;
    two.key = "2";
    two.label = "SEV-2";
    two.definition = "A part of the product is down";
    two.update_every = std::chrono::minutes{30};
    policy.severities = {one, two};
    policy.triage = "2";
    return policy;
}

inline Incident sample_incident() {
    Incident incident;
    incident.id = {42};
    incident.title = "checkout errors";
    incident.severity = "1";
    incident.severity_label = "SEV-1";
    incident.opened_at = half_past_two - std::chrono::minutes{25};
    incident.channel = Channel{channel_id("T1", "C0INC42"), "inc-42-checkout-errors"};
    Seat seat;
    seat.role = "commander";
    seat.holder = person("U0ANA", "Ana");
    seat.acting = true;
    incident.seats = {seat};
    incident.impact = Fact{"~38% of payments fail", incident.opened_at};
    incident.hypothesis = Fact{"release 4.12 raised time-outs", incident.opened_at};
    incident.confidence = Confidence::likely;
    incident.next_update = half_past_two;
    return incident;
}

inline Card sample_card() {
    Card card;
    card.incident = {42};
    card.severity = "SEV-1";
    card.title = "checkout errors";
    card.status = "investigating";
    card.roles = {
        {"IC", "Incident Commander", "Ana (acting)"}, {"Comms", "Communications", "Sara?"}, {"Ops", "Operations", "—"}};
    card.impact = "~38% of payments fail";
    card.hypothesis = "release 4.12 raised time-outs (likely)";
    card.need = "";
    card.items = {{"A1", "roll back 4.12", "Ameer", marks::moment(half_past_two - std::chrono::minutes{5}, "14:25 UTC"),
                   "in progress", true},
                  {"A2", "check the gateway", "—", "—", "needs an owner", false}};
    card.last_update = marks::moment(half_past_two - std::chrono::minutes{15}, "14:15 UTC");
    card.next_update = half_past_two;
    card.next_update_text = "14:30 UTC";
    card.text =
        "SEV-1 checkout errors · investigating\nIC Ana (acting) · Comms Sara? · Ops —\nImpact: ~38% of payments fail";
    card.buttons = {{"ic me", "Take command"}, {"update", "Post update"}, {"status", "Status"}};
    return card;
}

} // namespace cox::slack
