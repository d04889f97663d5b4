// Views that answer a question: open incidents, actions, roles, help, the policy.
#include "core/grammar.hpp"
#include "core/phrases.hpp"
#include "core/rules/rule.hpp"
#include "core/text.hpp"
#include "core/views.hpp"

#include <algorithm>

namespace cox {
namespace {

Phase phase_of(Incident const* incident) {
    if (!incident) return Phase::none_open;
    return incident->status == Status::contained ? Phase::contained : incident->open() ? Phase::open : Phase::closed;
}

// Contained is a way of being open.
bool fits(Phase row, Phase now) {
    return row == now || row == Phase::any || (row == Phase::open && now == Phase::contained);
}

View row_view(Row const& row) {
    std::string aliases;
    for (auto const& alias : row.aliases)
        aliases += (aliases.empty() ? "" : ", ") + std::string{alias};
    return {{{"verb", marks::code(row.verb)},
             {"usage", marks::code(row.usage)},
             {"does", std::string{row.does}},
             {"example", marks::code(row.example)},
             {"aliases", aliases}},
            {}};
}

View severity_view(Severity const& severity, Policy const& policy) {
    std::string examples;
    for (auto const& example : severity.examples)
        examples += (examples.empty() ? "" : "; ") + example;
    return {{{"label", severity.label},
             {"key", severity.key},
             {"definition", severity.definition},
             {"examples", examples},
             {"response_start", severity.response_start ? span_text(*severity.response_start) : ""},
             {"update_every", severity.update_every ? span_text(*severity.update_every) : ""},
             {"roles", role_tags(severity.roles, policy)}},
            {}};
}

} // namespace

std::string open_incidents_text(World const& world, Policy const& policy, Words const& words) {
    View view;
    std::vector<View> rows;
    for (auto const& [id, incident] : world.incidents()) {
        if (!incident.open() || rows.size() == 20) continue;
        auto args = about(incident, policy);
        args.emplace_back("next_update", incident.next_update ? clock_moment(*incident.next_update, policy.zone) : "");
        rows.push_back({std::move(args), {}});
    }
    view.values.emplace_back("any", rows.empty() ? "" : "yes");
    view.lists.emplace_back("incidents", std::move(rows));
    return words.render("open-incidents", view);
}

std::string items_text(Incident const& incident, Policy const& policy, Words const& words) {
    auto const card = card_of(incident, policy, words);
    View view{about(incident, policy), {}};
    std::vector<View> open;
    for (auto const& item : card.items) {
        open.push_back({{{"item", item.id},
                         {"what", item.what},
                         {"owner", item.owner},
                         {"eta", item.eta},
                         {"state", item.state},
                         {"mitigation", item.mitigation ? "yes" : ""}},
                        {}});
    }
    std::vector<View> closed;
    for (auto const& item : incident.items) {
        if (!item.closed()) continue;
        closed.push_back({{{"item", item.id},
                           {"what", item.what},
                           {"state", item.state == ItemState::done     ? "done"
                                     : item.state == ItemState::failed ? "failed"
                                                                       : "dropped"},
                           {"result", item.result}},
                          {}});
    }
    view.values.emplace_back("add", marks::code("act … @someone eta 10m"));
    view.values.emplace_back("any_open", open.empty() ? "" : "yes");
    view.values.emplace_back("any_closed", closed.empty() ? "" : "yes");
    view.lists.emplace_back("open", std::move(open));
    view.lists.emplace_back("closed", std::move(closed));
    return words.render("actions", view);
}

std::string role_text(Incident const& incident, std::string_view key, Policy const& policy, Words const& words) {
    auto const role = role_or_key(key, policy);
    auto const* seat = incident.seat(role.key);
    auto args = about(incident, policy);
    args.emplace_back("role", role.title);
    args.emplace_back("verb", role_verb(role));
    args.emplace_back("holder", seat && seat->holder ? seat->holder->name : "");
    args.emplace_back("is_acting", seat && seat->acting ? "yes" : "");
    args.emplace_back("since", seat && seat->holder ? clock_moment(seat->since, policy.zone) : "");
    args.emplace_back("offered", seat && seat->offer ? seat->offer->person.name : "");
    return words.say("role-is", args);
}

std::string help_text(std::string_view about_what, Incident const* incident, Policy const& policy, Words const& words) {
    if (same_ignoring_case(about_what, "rules")) return rules_text(incident, policy, words);
    if (auto const* row = about_what.empty() ? nullptr : find_row(about_what); row && row->built) {
        return words.render("help-command", row_view(*row));
    }
    auto const now = phase_of(incident);
    std::vector<View> first;
    std::vector<View> rest;
    for (auto const& row : grammar()) {
        if (!row.built) continue;
        auto& rows = fits(row.phase, now) ? first : rest;
        rows.push_back(row_view(row));
        rows.back().values.emplace_back("comma", rows.size() == 1 ? "" : ", ");
    }
    View view;
    if (incident) {
        view.values = about(*incident, policy);
    } else {
        for (auto const* name : {"incident", "severity", "title", "status"})
            view.values.emplace_back(name, "");
    }
    auto const* known = find_row(about_what);
    view.values.emplace_back("unknown", about_what.empty() || known ? "" : marks::code(about_what));
    view.values.emplace_back("not_built", known ? marks::code(known->verb) : "");
    view.values.emplace_back("open", incident ? "yes" : "");
    view.lists.emplace_back("first", std::move(first));
    view.lists.emplace_back("rest", std::move(rest));
    return words.render("help", view);
}

std::string rules_text(Incident const* incident, Policy const& policy, Words const& words) {
    View view;
    if (incident) view.values = about(*incident, policy);
    std::vector<View> rows;
    for (auto const& rule : rules()) {
        std::string level;
        if (incident || rule.invariant()) {
            level = level_word(incident ? level_of(rule, policy, severity_of(*incident, policy)) : Level::invariant);
        } else {
            for (auto const& severity : policy.severities)
                level += (level.empty() ? "" : ", ") + severity.label + " " +
                         std::string{level_word(level_of(rule, policy, severity))};
        }
        rows.push_back({{{"name", std::string{rule.name}}, {"holds", std::string{rule.holds}}, {"level", level}}, {}});
    }
    if (!incident) {
        for (auto const* name : {"incident", "severity", "title", "status", "commander"})
            view.values.emplace_back(name, "");
    }
    view.values.emplace_back("open", incident ? "yes" : "");
    view.lists.emplace_back("rules", std::move(rows));
    return words.render("rules", view);
}

std::string policy_text(std::optional<std::string> const& key, Policy const& policy, Words const& words) {
    std::vector<View> rows;
    for (auto const& severity : policy.severities) {
        if (key && severity.key != *key) continue;
        rows.push_back(severity_view(severity, policy));
    }
    View view;
    view.lists.emplace_back("severities", std::move(rows));
    return words.render("policy", view);
}

} // namespace cox
