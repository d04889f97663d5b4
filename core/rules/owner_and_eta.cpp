#include "core/rules/all.hpp"

#include "core/phrases.hpp"

namespace cox {

std::optional<Finding> check_owner_and_eta(RuleCase const& c) {
    auto const* act = std::get_if<command::Act>(&c.request.command);
    if (!act || !act->item.empty() || act->what.empty() || (act->owner && act->eta)) return std::nullopt;
    std::string_view const missing = act->owner ? "an ETA" : act->eta ? "an owner" : "an owner and an ETA";
    if (c.level == Level::warn && c.incident) {
        auto const mine = "A" + std::to_string(c.incident->items_made + 1);
        auto const add =
            act->owner ? "eta " + mine + " 10m" : "act " + mine + " @someone" + (act->eta ? "" : " eta 10m");
        return Finding{.why = {"notice.owner-and-eta",
                               {{"item", mine}, {"missing", std::string{missing}}, {"instead", marks::code(add)}},
                               {}},
                       .event = {}};
    }
    // The same command, with the missing part put in.
    auto instead = std::string{act->mitigation ? "mitigate " : "act "} + act->what;
    instead += act->owner ? " @" + (act->owner->id.value.empty() ? act->owner->name : short_id(*act->owner)) : " @me";
    instead += act->eta ? " eta " + clock_digits(*act->eta, c.policy.zone) : " eta 10m";
    return Finding{.why = {"refused.owner-and-eta",
                           {{"what", act->what}, {"missing", std::string{missing}}, {"instead", marks::code(instead)}},
                           {}},
                   .event = {}};
}

} // namespace cox
