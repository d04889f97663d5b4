// What sets the course: the strategy, a freeze, the commander's word on what others propose, another incident's.
#include "core/handlers/handlers.hpp"
#include "core/proposal.hpp"
#include "core/text.hpp"

#include <algorithm>

namespace cox {

void handle(Turn& turn, command::Strategy const& strategy) {
    auto const& chosen = turn.incident->strategy;
    if (chosen && chosen->text == strategy.choice) {
        auto args = about(*turn.incident, turn.policy);
        args.emplace_back("strategy", chosen->text);
        args.emplace_back("since", clock_moment(chosen->at, turn.policy.zone));
        turn.refuse("refused.same-strategy", std::move(args));
        return;
    }
    turn.happened(event::StrategyChosen{strategy.choice, turn.request.because});
}

void handle(Turn& turn, command::Freeze const& freeze) {
    if (auto const& frozen = turn.incident->frozen) {
        auto args = about(*turn.incident, turn.policy);
        args.emplace_back("frozen", frozen->what);
        args.emplace_back("since", clock_moment(frozen->since, turn.policy.zone));
        turn.refuse("refused.frozen-already", std::move(args));
        return;
    }
    turn.happened(event::Frozen{freeze.what.empty() ? "deploys and changes" : one_line(freeze.what, 120)});
}

void handle(Turn& turn, command::Unfreeze const&) {
    if (turn.incident->frozen) {
        turn.happened(event::Unfrozen{turn.incident->frozen->what});
    } else {
        turn.refuse("refused.not-frozen", about(*turn.incident, turn.policy));
    }
}

namespace {

bool may_answer(Turn const& turn) {
    return turn.incident->commander() == turn.actor() || turn.level("commander-decides") != Level::enforce;
}

// The proposal that is meant: by number, or the only one that waits. A refusal is said otherwise.
Proposal const* open_proposal(Turn const& turn, std::string const& id, std::string_view verb) {
    auto const& incident = *turn.incident;
    std::vector<Proposal const*> waiting;
    for (auto const& one : incident.proposals)
        if (one.state == ProposalState::open) waiting.push_back(&one);
    auto args = about(incident, turn.policy);
    args.emplace_back("proposal", id);
    args.emplace_back("verb", std::string{verb});
    if (!id.empty()) {
        auto const* named = incident.proposal(id);
        if (named && named->state == ProposalState::open) return named;
        args.emplace_back("answered", named ? (named->state == ProposalState::approved ? "approved" : "rejected") : "");
        turn.refuse("refused.no-such-proposal", std::move(args));
        return nullptr;
    }
    if (waiting.size() == 1) return waiting.front();
    if (waiting.empty()) {
        args.emplace_back("answered", "");
        turn.refuse("refused.no-such-proposal", std::move(args));
        return nullptr;
    }
    std::vector<std::string> choices;
    for (auto const* one : waiting)
        if (choices.size() < 5) choices.push_back(marks::code(std::string{verb} + " " + one->asked.proposal));
    turn.refuse("refused.which-one", {{"choices", join(choices, " or ")}});
    return nullptr;
}

Proposal const* proposal_to_answer(Turn const& turn, std::string const& id, std::string_view verb) {
    auto const* proposal = open_proposal(turn, id, verb);
    if (!proposal || may_answer(turn)) return proposal;
    auto args = about(*turn.incident, turn.policy);
    args.emplace_back("proposal", proposal->asked.proposal);
    turn.refuse("refused.commander-answers", std::move(args));
    return nullptr;
}

} // namespace

// The command is carried out as the commander's own. What is in its way now is said, and the proposal goes on waiting.
void handle(Turn& turn, command::Approve const& approve) {
    auto const* proposal = proposal_to_answer(turn, approve.item, "approve");
    if (!proposal) return;
    auto request = turn.request;
    request.command = command_of(proposal->asked, proposal->at, turn.now());
    if (request.because.empty()) request.because = proposal->asked.because;
    turn.happened(event::ProposalApproved{proposal->asked.proposal});
    Turn approved{turn.world, turn.policy, request, turn.incident, turn.decision, false, &proposal->by};
    carry_out(approved, request.command);
    if (!turn.decision.refusal) return;
    std::erase_if(turn.decision.events, [](Event const& e) { return !std::holds_alternative<event::Refused>(e.body); });
    for (auto& event : turn.decision.events)
        event.seq = event.decision = turn.incident->seq + 1;
}

void handle(Turn& turn, command::Reject const& reject) {
    if (auto const* proposal = proposal_to_answer(turn, reject.item, "reject"))
        turn.happened(event::ProposalRejected{proposal->asked.proposal, turn.request.because});
}

namespace {

bool is_in(Incident const& incident, std::string_view place) {
    return incident.channel &&
           (same_ignoring_case(incident.channel->name, place) || incident.channel->id.value == place);
}

// "#inc-41-payments", "INC-41", or the channel's own id.
Incident const* incident_at(World const& world, std::string_view into) {
    if (into.starts_with('#')) into.remove_prefix(1);
    auto const id = incident_id(into);
    for (auto const& [number, incident] : world.incidents()) {
        if (!incident.open()) continue;
        if (is_in(incident, into) || (id && *id == number)) return &incident;
    }
    return nullptr;
}

} // namespace

void handle(Turn& turn, command::Merge const& merge) {
    auto const* into = incident_at(turn.world, merge.into);
    if (!into || into->id == turn.incident->id || !into->channel) {
        auto args = about(*turn.incident, turn.policy);
        args.emplace_back("wanted", merge.into);
        args.emplace_back("itself", into && into->id == turn.incident->id ? "yes" : "");
        args.emplace_back("open", where_open(turn.world));
        turn.refuse("refused.nothing-to-merge-into", std::move(args));
        return;
    }
    end_freeze(turn);
    turn.happened(event::Merged{text(into->id), *into->channel, turn.request.because});
    turn.decision.follows = FollowUp{into->id, command::Absorb{turn.incident->id}};
}

void handle(Turn& turn, command::Absorb const& absorb) {
    auto const* merged = turn.world.find(absorb.merged);
    if (!merged) return;
    turn.happened(event::Absorbed{text(merged->id), merged->severity_label + " " + merged->title, merged->channel});
}

// What was frozen for the incident's sake thaws with its end, so that nobody has to remember.
void end_freeze(Turn& turn) {
    if (turn.incident->frozen) turn.happened(event::Unfrozen{turn.incident->frozen->what});
}

} // namespace cox
