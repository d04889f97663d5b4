#include "core/rules/all.hpp"

#include "core/phrases.hpp"

#include <algorithm>

namespace cox {

std::optional<Finding> check_stable_before_resolved(RuleCase const& c) {
    if (!c.incident || !std::holds_alternative<command::Resolve>(c.request.command)) return std::nullopt;
    auto const& incident = *c.incident;
    auto args = about(incident, c.policy);
    args.emplace_back("instead", marks::code("resolve! because …"));
    bool const warns = c.level == Level::warn;
    if (!incident.contained_at) {
        return Finding{.why = {warns ? "notice.not-contained" : "refused.not-contained", std::move(args), {}},
                       .event = {}};
    }

    auto const intervals = c.severity->update_every.value_or(Duration{0}) * c.severity->stable_updates;
    auto const ready = later(*incident.contained_at, std::max(intervals, c.severity->monitor_for));
    if (c.request.at >= ready) return std::nullopt;
    args.emplace_back("contained", clock_moment(*incident.contained_at, c.policy.zone));
    args.emplace_back("ready", clock_moment(ready, c.policy.zone));
    args.emplace_back("left", span_text(std::chrono::ceil<std::chrono::minutes>(ready - c.request.at)));
    return Finding{.why = {warns ? "notice.not-stable-yet" : "refused.not-stable-yet", std::move(args), {}},
                   .event = {}};
}

} // namespace cox
