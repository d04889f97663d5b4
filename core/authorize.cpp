#include "core/authorize.hpp"

#include "core/incident.hpp"
#include "core/overloaded.hpp"

#include <algorithm>

namespace cox {

bool only_looks(Command const& command) {
    return std::visit(
        overloaded{[](command::Status const&) { return true; }, [](command::Help const&) { return true; },
                   [](command::ShowPolicy const&) { return true; }, [](command::AskRole const&) { return true; },
                   [](command::ListActions const&) { return true; }, [](command::Timeline const&) { return true; },
                   [](command::Call const& call) { return call.url.empty(); },
                   [](command::Heard const&) { return true; }, [](auto const&) { return false; }},
        command);
}

namespace {

// The sentence that says why an account of this standing may not act; "" when it may.
std::string_view objection_to(Standing standing, Permissions const& may, Person const& actor,
                              Incident const* incident) {
    switch (standing) {
    case Standing::member: return "";
    case Standing::guest: return may.guests_may_act ? "" : "refused.guest";
    case Standing::stranger: return may.strangers_may_act ? "" : "refused.stranger";
    // While the network cannot say who somebody is, those who hold a part go on.
    case Standing::unverified: return incident && holds_part(*incident, actor) ? "" : "refused.unverified";
    }
    return "refused.unverified";
}

} // namespace

std::optional<Refusal> authorize(Policy const& policy, Request const& request, Incident const* incident) {
    // The clock and the network act on the engine's own behalf; nobody can speak as them.
    if (request.actor.id.empty() || only_looks(request.command)) return std::nullopt;
    auto const& may = policy.permissions;
    auto const refused = [&](std::string_view key) {
        return Refusal{"permissions", {key, {{"person", request.actor.name}}, {}}};
    };
    bool const named = std::ranges::find(may.may_act, request.actor.id) != may.may_act.end();
    bool const denied = std::ranges::find(may.may_not_act, request.actor.id) != may.may_not_act.end();
    if (denied || (!named && !may.may_act.empty())) return refused("refused.not-permitted");
    if (named) return std::nullopt;
    auto const objection = objection_to(request.standing, may, request.actor, incident);
    return objection.empty() ? std::nullopt : std::optional{refused(objection)};
}

} // namespace cox
