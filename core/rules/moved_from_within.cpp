#include "core/rules/all.hpp"

#include "core/phrases.hpp"

namespace cox {

// A number is easily mistyped, and the room must not be taken from people by somebody who is not in it. Yet the only
// ones who are awake may be others: they say so in public.
std::optional<Finding> check_moved_from_within(RuleCase const& c) {
    if (!std::holds_alternative<command::Move>(c.request.command)) return std::nullopt;
    if (holds_part(*c.incident, c.request.actor)) return std::nullopt;
    auto args = about(*c.incident, c.policy);
    if (c.level == Level::warn) return Finding{.why = {"notice.moved-from-outside", std::move(args), {}}, .event = {}};
    auto const because = c.request.because.empty() ? "…" : c.request.because;
    args.emplace_back("instead", marks::code("move! " + text(c.incident->id) + " here because " + because));
    return Finding{.why = {"refused.moved-from-outside", std::move(args), {}}, .event = {}};
}

} // namespace cox
