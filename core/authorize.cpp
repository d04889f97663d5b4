#include "core/authorize.hpp"

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

std::optional<Refusal> authorize(Policy const& policy, Request const& request) {
    // The clock and the network act on the engine's own behalf; nobody can speak as them.
    if (request.actor.id.empty() || only_looks(request.command)) return std::nullopt;
    auto const& may = policy.permissions;
    bool const listed = may.may_act.empty() || std::ranges::find(may.may_act, request.actor.id) != may.may_act.end();
    bool const denied = std::ranges::find(may.may_not_act, request.actor.id) != may.may_not_act.end();
    if (listed && !denied) return std::nullopt;
    return Refusal{"permissions", {"refused.not-permitted", {{"person", request.actor.name}}, {}}};
}

} // namespace cox
