#include "core/rules/all.hpp"

#include "core/phrases.hpp"

namespace cox {

// Nothing changes in production but what the commander says.
std::optional<Finding> check_frozen(RuleCase const& c) {
    if (!c.incident || !c.incident->frozen || c.approved) return std::nullopt;
    auto const* act = std::get_if<command::Act>(&c.request.command);
    if (!act || !act->mitigation || c.incident->commander() == c.request.actor) return std::nullopt;
    // Giving one to somebody else changes nothing in production, and what was approved needs no second word.
    if (!act->item.empty() && act->owner) return std::nullopt;
    if (act->item.empty() && act->what.empty()) return std::nullopt;
    if (auto const* item = c.incident->item(act->item); item && (item->approved || !item->mitigation))
        return std::nullopt;
    auto args = about(*c.incident, c.policy);
    args.emplace_back("frozen", c.incident->frozen->what);
    args.emplace_back("since", clock_moment(c.incident->frozen->since, c.policy.zone));
    auto const key = c.level == Level::warn ? "notice.frozen" : "notice.frozen-proposed";
    return Finding{.way = Finding::Way::propose, .why = {key, std::move(args), {}}, .event = {}};
}

} // namespace cox
