#include "core/rules/all.hpp"

#include "core/phrases.hpp"
#include "core/plain_speech.hpp"

namespace cox {
namespace {

// Something that went out lately and is not ruled out is the first suspect, and what can be undone is undone first.
bool changed_lately(RuleCase const& c) {
    auto const& change = c.incident->recent_change;
    return change && c.request.at - change->at < c.policy.recent_change;
}

Args with_change(RuleCase const& c) {
    auto args = about(*c.incident, c.policy);
    auto const& change = c.incident->recent_change;
    args.emplace_back("change", change ? clipped_change(change->text) : "");
    args.emplace_back("instead", marks::code("strategy rollback because …"));
    return args;
}

Button roll_back() {
    return {"strategy rollback because a recent change is the first suspect", "Roll back first"};
}

// A path other than back, while something went out lately.
std::optional<Finding> against_choice(RuleCase const& c, command::Strategy const& strategy) {
    if (strategy.choice == "rollback" || !changed_lately(c)) return std::nullopt;
    return Finding{
        .way = Finding::Way::tell, .why = {"notice.rollback-first", with_change(c), {roll_back()}}, .event = {}};
}

} // namespace

std::optional<Finding> check_one_strategy(RuleCase const& c) {
    if (!c.incident) return std::nullopt;
    if (auto const* strategy = std::get_if<command::Strategy>(&c.request.command)) return against_choice(c, *strategy);
    auto const* act = std::get_if<command::Act>(&c.request.command);
    if (!act || !act->mitigation || !act->item.empty() || act->what.empty()) return std::nullopt;
    auto const path = path_of(act->what);
    auto const& chosen = c.incident->strategy;
    if (!chosen) {
        if (path == "rollback" || !changed_lately(c)) return std::nullopt;
        return Finding{
            .way = Finding::Way::tell, .why = {"notice.ask-rollback", with_change(c), {roll_back()}}, .event = {}};
    }
    // Whoever says why has thought of it.
    if (path.empty() || path == chosen->text || !c.request.because.empty()) return std::nullopt;
    auto args = with_change(c);
    args.emplace_back("chosen", chosen->text);
    args.emplace_back("path", std::string{path});
    args.emplace_back("again", marks::code(verb_of(c.request.typed) + " because …"));
    auto const key = c.level == Level::warn ? "notice.other-strategy" : "refused.other-strategy";
    return Finding{.why = {key, std::move(args), {}}, .event = {}};
}

} // namespace cox
