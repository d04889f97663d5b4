// What the commander is shown: the five questions, the brief of a hand-over, a runbook's question.
#include "core/phrases.hpp"
#include "core/views.hpp"

#include <algorithm>

namespace cox {
namespace {

std::vector<View> proposals_open(Incident const& incident) {
    std::vector<View> rows;
    for (auto const& one : incident.proposals) {
        if (one.state != ProposalState::open) continue;
        rows.push_back({{{"proposal", one.asked.proposal}, {"words", one.asked.words}, {"by", one.by.name}}, {}});
    }
    return rows;
}

} // namespace

std::string loop_text(Incident const& incident, Policy const& policy, Words const& words) {
    auto view = facts_of(incident, policy);
    auto proposals = proposals_open(incident);
    view.values.emplace_back("any_proposals", proposals.empty() ? "" : "yes");
    view.lists.emplace_back("proposals", std::move(proposals));
    return words.render("loop", view);
}

std::string handover_text(Incident const& incident, Policy const& policy, Words const& words) {
    auto view = facts_of(incident, policy);
    auto proposals = proposals_open(incident);
    view.values.emplace_back("any_proposals", proposals.empty() ? "" : "yes");
    view.lists.emplace_back("proposals", std::move(proposals));
    view.values.emplace_back("strategy", incident.strategy ? incident.strategy->text : "");
    view.values.emplace_back("strategy_because", incident.strategy_because);
    view.values.emplace_back("frozen", incident.frozen ? incident.frozen->what : "");
    auto const& severity = severity_of(incident, policy);
    view.values.emplace_back("open_roles", role_tags(open_roles(incident, severity), policy));
    view.values.emplace_back("last_update", clock_moment(incident.last_update, policy.zone));
    return words.render("handover", view);
}

std::string runbook_text(Incident const& incident, Policy const& policy, Words const& words) {
    auto args = about(incident, policy);
    auto const* runbook = policy.runbook(incident.runbook);
    auto const* step = runbook ? runbook->step(incident.runbook_step) : nullptr;
    std::vector<std::string> choices;
    if (step) {
        for (auto const& answer : step->answers)
            choices.push_back(marks::code("runbook " + answer.say));
    }
    args.emplace_back("question", step ? step->ask : "");
    args.emplace_back("choices", join(choices, " or "));
    return words.say("runbook.question", args);
}

std::vector<Button> runbook_buttons(Incident const& incident, Policy const& policy) {
    auto const* runbook = policy.runbook(incident.runbook);
    auto const* step = runbook ? runbook->step(incident.runbook_step) : nullptr;
    if (!step) return {};
    std::vector<Button> buttons;
    for (auto const& answer : step->answers)
        buttons.push_back({"runbook " + step->key + " " + answer.say, answer.say});
    return buttons;
}

std::vector<CardLine> lines_of(Incident const& incident, Policy const& policy, Words const& words) {
    std::vector<CardLine> lines;
    auto const add = [&](std::string_view name, std::string_view key, Args args) {
        for (auto& one : about(incident, policy))
            args.push_back(std::move(one));
        lines.push_back({words.say(name, {}), words.say(key, args)});
    };
    if (!incident.open()) return lines;
    if (incident.strategy) {
        add("card.strategy.name", "card.strategy",
            {{"strategy", incident.strategy->text}, {"because", incident.strategy_because}});
    }
    if (incident.frozen) {
        add("card.frozen.name", "card.frozen",
            {{"what", incident.frozen->what},
             {"by", incident.frozen->by.name},
             {"since", digits_moment(incident.frozen->since, policy.zone)}});
    }
    std::vector<std::string> proposed;
    for (auto const& one : incident.proposals)
        if (one.state == ProposalState::open)
            proposed.push_back(one.asked.proposal + " " + one.asked.words + " (" + one.by.name + ")");
    if (!proposed.empty()) add("card.proposed.name", "card.proposed", {{"proposals", join(proposed)}});
    if (incident.unattended) {
        add("card.unattended.name", "card.unattended", {{"seen", digits_moment(incident.commander_seen, policy.zone)}});
    }
    return lines;
}

} // namespace cox
