#include "core/handlers/handlers.hpp"
#include "core/link.hpp"

namespace cox {

void handle(Turn& turn, command::SetImpact const& impact) {
    turn.happened(event::ImpactSet{impact.text});
}

void handle(Turn& turn, command::Hypothesise const& hypothesis) {
    turn.happened(event::HypothesisSet{hypothesis.text, hypothesis.confidence.value_or(Confidence::suspected)});
}

void handle(Turn& turn, command::RuleOut const&) {
    if (!turn.incident->hypothesis) {
        turn.refuse("refused.no-hypothesis", {});
        return;
    }
    turn.happened(event::HypothesisRuledOut{turn.incident->hypothesis->text, turn.request.because});
}

void handle(Turn& turn, command::Need const& need) {
    turn.happened(event::NeedSet{need_or_none(need.text), need.by});
}

void handle(Turn& turn, command::Call const& call) {
    if (call.url.empty()) {
        turn.answer(query::CallOf{turn.incident->id});
    } else if (!is_link(call.url)) {
        turn.refuse("refused.not-a-link", {{"longest", std::to_string(longest_link)}});
    } else {
        turn.happened(event::CallSet{call.url});
    }
}

void handle(Turn& turn, command::Invite const& invite) {
    for (auto const& person : invite.people)
        turn.happened(event::Invited{person});
}

void handle(Turn& turn, command::Note const& note) {
    turn.happened(event::Noted{note.text});
}

void handle(Turn& turn, command::Started const& started) {
    if (started.at > turn.now()) {
        turn.refuse("refused.started-in-future", {{"now", clock_moment(turn.now(), turn.policy.zone)}});
        return;
    }
    turn.happened(event::ImpactStarted{started.at});
}

void handle(Turn& turn, command::Decide const& decide) {
    auto const& need = turn.incident->need;
    turn.happened(event::Decided{decide.what, turn.request.because, need ? need->text : ""});
}

} // namespace cox
