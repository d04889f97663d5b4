#pragma once
// Small pieces of wording that rules, handlers and views share.
#include "core/incident.hpp"
#include "core/policy.hpp"
#include "core/words.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cox {

class World;

// What every sentence about an incident may name: number, title, severity, commander, channel, status.
Args about(Incident const&, Policy const&);

// Keys of the severity's roles that nobody has accepted; an acting commander counts as open.
std::vector<std::string> open_roles(Incident const&, Severity const&);
// "IC, Comms"
std::string role_tags(std::vector<std::string> const& keys, Policy const&);
// The policy's role, or one that shows the bare key where a policy no longer knows it.
Role role_or_key(std::string_view key, Policy const&);
// What people type for a role: the shortest of its words.
std::string const& role_verb(Role const&);
// The severity in force; the policy is checked at start to know those in use.
Severity const& severity_of(Incident const&, Policy const&);

// Who has been active here within the last hour, holds no role and owns no open action: the last active first, at most
// three, without `but`.
std::vector<Person> free_people(Incident const&, Time now, Person const* but = nullptr);
std::vector<std::string> names_of(std::vector<Person> const&);
// What was said of a change, short enough to stand inside a sentence.
std::string clipped_change(std::string_view text);

// The first few open incidents and their channels: "INC-4 in #ops, INC-5 in #payments and more"
std::string where_open(World const&);

// The command without its prefix, override mark and reason: "sev 3" from "/sev! 3 because quiet".
std::string verb_of(std::string_view typed);
// How a person is typed: "ana" from "slack:T1:ana".
std::string short_id(Person const&);
// What is needed; empty where somebody says that nothing is.
std::string need_or_none(std::string_view text);
// Clock times as people read them, "14:20 UTC" and "14:20": marked, so that all times of a text stand in the reader's
// own zone, or all of them in the policy's.
std::string clock_moment(Time, Zone const&);
std::string digits_moment(Time, Zone const&);
// "a, b and c"
std::string join(std::vector<std::string> const& parts, std::string_view last = " and ");
// On one line, blanks tidied, at most `characters` long and never cut inside a character.
std::string one_line(std::string_view text, std::size_t characters);

} // namespace cox
