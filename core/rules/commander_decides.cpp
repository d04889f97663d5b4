#include "core/rules/all.hpp"

#include "core/overloaded.hpp"
#include "core/phrases.hpp"

namespace cox {
namespace {

// What sets the course of the incident. That it came back may be said by anybody who sees it.
bool belongs_to_the_commander(Command const& command) {
    return std::visit(
        overloaded{[](command::SetSeverity const&) { return true; }, [](command::Strategy const&) { return true; },
                   [](command::Decide const&) { return true; }, [](command::Freeze const&) { return true; },
                   [](command::Unfreeze const&) { return true; }, [](command::Contained const&) { return true; },
                   [](command::Resolve const&) { return true; }, [](command::Cancel const&) { return true; },
                   [](command::Merge const&) { return true; }, [](auto const&) { return false; }},
        command);
}

} // namespace

std::optional<Finding> check_commander_decides(RuleCase const& c) {
    if (!c.incident || c.approved || !belongs_to_the_commander(c.request.command)) return std::nullopt;
    if (c.incident->commander() == c.request.actor) return std::nullopt;
    auto const key = c.level == Level::warn ? "notice.commander-not-asked" : "notice.proposed";
    return Finding{.way = Finding::Way::propose, .why = {key, about(*c.incident, c.policy), {}}, .event = {}};
}

} // namespace cox
