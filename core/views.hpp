#pragma once
// Pure functions from an incident to what is shown of it.
#include "core/effect.hpp"
#include "core/policy.hpp"
#include "core/words.hpp"
#include "core/world.hpp"

#include <span>

namespace cox {

// "SEV-1 checkout · investigating | IC Ana · Comms Sara? · Ops — | #INC-42": at most 250 characters, cut by
// priority (title first, then status, roles, commander; the severity stays) and never inside a character.
std::string topic_text(Incident const&, Policy const&);
constexpr std::size_t longest_topic = 250;

// What every view of an incident may use, with its open items as a list.
View facts_of(Incident const&, Policy const&);
// The five questions of the command loop, with what is known; the brief for whoever takes command; the open question of
// a runbook, and its answers.
std::string loop_text(Incident const&, Policy const&, Words const&);
std::string handover_text(Incident const&, Policy const&, Words const&);
std::string runbook_text(Incident const&, Policy const&, Words const&);
std::vector<Button> runbook_buttons(Incident const&, Policy const&);
// What else holds now: strategy, freeze, proposals, nobody in command.
std::vector<CardLine> lines_of(Incident const&, Policy const&, Words const&);
// What a webhook is told of a freeze, a JSON object.
std::string freeze_json(std::string_view happened, std::string const& what, Event const&, Incident const&);

Card card_of(Incident const&, Policy const&, Words const&);
// Topic of the channel that was made for it, and card of any, once it has moved on to the channel that it has now.
std::string topic_left_behind(Incident const&);
Card card_left_behind(Incident const&, Policy const&, Words const&);
// The in-channel update. `unconfirmed` ages what is old and says that the commander has not confirmed it.
std::string update_text(Incident const&, Time now, bool unconfirmed, std::optional<Time> silent_since, Policy const&,
                        Words const&);
// The alert, here or after a move, the stabilisation and the resolution update: `key` names the template, `event` is
// what they tell.
std::string outcome_text(std::string_view key, Event const& event, Incident const&, Policy const&, Words const&);
std::string timeline_text(std::span<Event const>, Policy const&, Words const&);
std::string open_incidents_text(World const&, Policy const&, Words const&);
std::string items_text(Incident const&, Policy const&, Words const&);
std::string role_text(Incident const&, std::string_view role, Policy const&, Words const&);
std::string help_text(std::string_view about, Incident const*, Policy const&, Words const&);
// Every rule, with its level for the open incident, or for each severity.
std::string rules_text(Incident const*, Policy const&, Words const&);
std::string policy_text(std::optional<std::string> const& severity, Policy const&, Words const&);
// The whole incident for people who were not there, in Markdown.
std::string markdown_report(Incident const&, std::span<Event const>, Policy const&, Words const&);
// The incident as the API shows it (INTERFACES: GET /api/incidents/{id}), a JSON object.
std::string incident_json(Incident const&, Policy const&);

} // namespace cox
