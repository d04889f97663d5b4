#include "core/rules/all.hpp"

#include "core/phrases.hpp"

#include <algorithm>

namespace cox {
namespace {

std::optional<Finding> against_giving(RuleCase const& c, command::GiveRole const& give) {
    auto const& seat = c.incident->seats.front();
    auto const& actor = c.request.actor;
    // The declarer only keeps the chair warm: anybody may take it or name somebody.
    if (seat.acting || *seat.holder == actor) return std::nullopt;
    auto args = about(*c.incident, c.policy);
    args.emplace_back("takeover_opens",
                      clock_moment(c.incident->commander_seen + c.policy.takeover_after, c.policy.zone));
    if (give.person == actor && c.incident->command_requested_by) {
        // One request at a time: the commander's word must mean one person.
        args.emplace_back("asked",
                          *c.incident->command_requested_by == actor ? "You" : c.incident->command_requested_by->name);
        return Finding{.why = {"refused.request-pending", std::move(args), {}}, .event = {}};
    }
    if (give.person == actor) {
        return Finding{.way = Finding::Way::instead,
                       .why = {"notice.command-requested", std::move(args), {}},
                       .event = event::CommandRequested{actor}};
    }
    args.emplace_back("person", give.person.name);
    return Finding{.why = {"refused.only-commander-hands-over", std::move(args), {}}, .event = {}};
}

std::optional<Finding> against_takeover(RuleCase const& c) {
    auto const& may = c.policy.permissions.may_takeover;
    if (std::ranges::find(may, c.request.actor.id) != may.end()) return std::nullopt;
    auto const opens = c.incident->commander_seen + c.policy.takeover_after;
    if (c.request.at >= opens || c.incident->seats.front().acting) return std::nullopt;
    auto args = about(*c.incident, c.policy);
    args.emplace_back("seen", clock_moment(c.incident->commander_seen, c.policy.zone));
    args.emplace_back("opens", clock_moment(opens, c.policy.zone));
    return Finding{.why = {"refused.commander-not-silent", std::move(args), {}}, .event = {}};
}

} // namespace

std::optional<Finding> check_one_commander(RuleCase const& c) {
    if (!c.incident) return std::nullopt;
    if (auto const* give = std::get_if<command::GiveRole>(&c.request.command); give && give->role == "commander") {
        return against_giving(c, *give);
    }
    if (auto const* release = std::get_if<command::Release>(&c.request.command);
        release && release->role == "commander") {
        return Finding{.why = {"refused.commander-needs-successor", about(*c.incident, c.policy), {}}, .event = {}};
    }
    if (std::holds_alternative<command::Takeover>(c.request.command) && !(c.incident->commander() == c.request.actor)) {
        return against_takeover(c);
    }
    return std::nullopt;
}

} // namespace cox
