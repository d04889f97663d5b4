#include "core/rules/all.hpp"

#include "core/phrases.hpp"

#include <algorithm>

namespace cox {
namespace {

constexpr std::string_view comms = "comms";

// The commander would be the communications lead too.
bool gives_comms_to_commander(RuleCase const& c) {
    auto const& commander = c.incident->commander();
    if (auto const* give = std::get_if<command::GiveRole>(&c.request.command))
        return give->role == comms && give->person == commander;
    auto const* accept = std::get_if<command::Accept>(&c.request.command);
    auto const* seat = c.incident->seat(comms);
    if (!accept || !seat || !seat->offer || !(seat->offer->person == c.request.actor)) return false;
    auto const* role = c.policy.role(accept->item);
    return c.request.actor == commander && (accept->item.empty() || (role && role->key == comms));
}

// The communications lead would be the commander too.
bool gives_command_to_comms(RuleCase const& c) {
    auto const* seat = c.incident->seat(comms);
    if (!seat || !seat->holder) return false;
    auto const* give = std::get_if<command::GiveRole>(&c.request.command);
    if (give) return give->role == "commander" && give->person == *seat->holder;
    return std::holds_alternative<command::Takeover>(c.request.command) && c.request.actor == *seat->holder;
}

} // namespace

// Who explains cannot decide at the same time. Command itself is never held up: whoever comes to it gives comms away.
std::optional<Finding> check_separate_comms(RuleCase const& c) {
    if (!c.incident) return std::nullopt;
    bool const to_commander = gives_comms_to_commander(c);
    if (!to_commander && !gives_command_to_comms(c)) return std::nullopt;
    auto args = about(*c.incident, c.policy);
    auto const& commander = to_commander ? c.incident->commander() : *c.incident->seat(comms)->holder;
    auto const who = free_people(*c.incident, c.request.at, &commander);
    args.emplace_back("free", join(names_of(who)));
    args.emplace_back("instead", marks::code("comms @" + (who.empty() ? "someone" : short_id(who.front()))));
    if (!to_commander)
        return Finding{.way = Finding::Way::tell, .why = {"notice.comms-commands", std::move(args), {}}, .event = {}};
    auto const key = c.level == Level::warn ? "notice.commander-is-comms" : "refused.commander-is-comms";
    return Finding{.why = {key, std::move(args), {}}, .event = {}};
}

} // namespace cox
