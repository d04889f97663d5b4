#include "core/rules/all.hpp"

#include "core/overloaded.hpp"
#include "core/phrases.hpp"

namespace cox {
namespace {

bool needs_reason(RuleCase const& c) {
    return std::visit(
        overloaded{
            [](command::Takeover const&) { return true; }, [](command::Reopen const&) { return true; },
            [](command::Cancel const&) { return true; }, [](command::Move const&) { return true; },
            [&](command::Drop const& drop) { return drop.item.empty() || !c.incident || c.incident->item(drop.item); },
            [&](command::RuleOut const&) { return c.incident && c.incident->hypothesis.has_value(); },
            [](command::Decide const&) { return true; }, [](command::Strategy const&) { return true; },
            [&](command::SetSeverity const& set) {
                return c.incident && c.policy.rank(set.severity) > c.policy.rank(c.incident->severity);
            },
            [&](command::NextUpdate const& next) {
                return c.incident && c.incident->next_update && next.at > *c.incident->next_update;
            },
            [](auto const&) { return false; }},
        c.request.command);
}

} // namespace

std::optional<Finding> check_reason_given(RuleCase const& c) {
    if (!c.request.because.empty() || !needs_reason(c)) return std::nullopt;
    if (c.level == Level::warn) return Finding{.why = {"notice.no-reason", {}, {}}, .event = {}};
    return Finding{
        .why = {"refused.needs-reason", {{"instead", marks::code(verb_of(c.request.typed) + " because …")}}, {}},
        .event = {}};
}

} // namespace cox
