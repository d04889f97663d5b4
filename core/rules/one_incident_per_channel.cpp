#include "core/rules/all.hpp"

#include "core/phrases.hpp"

namespace cox {
namespace {

std::optional<Finding> against_moving(RuleCase const& c) {
    auto const* here = c.world.open_in(c.request.place.id);
    if (!here) return std::nullopt;
    auto args = about(*here, c.policy);
    args.emplace_back("opened", clock_text(here->opened_at, c.policy.zone));
    args.emplace_back("moved", text(c.incident->id));
    args.emplace_back("instead", marks::code("move " + text(c.incident->id) + " here because …"));
    return Finding{.why = {"refused.channel-taken", std::move(args), {}}, .event = {}};
}

} // namespace

std::optional<Finding> check_one_incident_per_channel(RuleCase const& c) {
    if (std::holds_alternative<command::Move>(c.request.command)) return against_moving(c);
    auto const* declare = std::get_if<command::Declare>(&c.request.command);
    bool const reopens = std::holds_alternative<command::Reopen>(c.request.command);
    if (!c.incident || !(reopens || (declare && declare->here))) return std::nullopt;

    auto args = about(*c.incident, c.policy);
    args.emplace_back("opened", clock_moment(c.incident->opened_at, c.policy.zone));
    if (declare) {
        auto instead = "declare " + (declare->severity ? *declare->severity + " " : "") +
                       (declare->title.empty() ? "TITLE" : declare->title);
        if (declare->impact) instead += " impact " + *declare->impact;
        args.emplace_back("instead", marks::code(instead));
        return Finding{.why = {"refused.channel-has-incident", std::move(args), {}}, .event = {}};
    }
    return Finding{.why = {"refused.still-open", std::move(args), {}}, .event = {}};
}

} // namespace cox
