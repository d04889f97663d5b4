#include "core/rules/all.hpp"

#include "core/phrases.hpp"

#include <algorithm>

namespace cox {
namespace {

// The action of which the command makes this person the owner; "" for a new one, none when it does not.
std::optional<std::string> action_given_to(Person const& person, RuleCase const& c) {
    if (auto const* act = std::get_if<command::Act>(&c.request.command))
        return act->owner && *act->owner == person ? std::optional{act->item} : std::nullopt;
    if (!(c.request.actor == person)) return std::nullopt;
    auto const* accept = std::get_if<command::Accept>(&c.request.command);
    auto const* ack = std::get_if<command::Acknowledge>(&c.request.command);
    auto const* word = accept ? &accept->item : ack ? &ack->item : nullptr;
    if (!word) return std::nullopt;
    auto const& items = c.incident->items;
    auto const offered = std::ranges::find_if(items, [&](Item const& item) {
        return item.offer && item.offer->person == person && (word->empty() || *word == item.id);
    });
    bool const asked_for_command = accept && word->empty() && c.incident->command_requested_by;
    return offered == items.end() || asked_for_command ? std::nullopt : std::optional{offered->id};
}

std::vector<std::string> open_actions_of(Person const& person, Incident const& incident) {
    std::vector<std::string> ids;
    for (auto const& item : incident.items)
        if (!item.closed() && item.owner && *item.owner == person) ids.push_back(item.id);
    return ids;
}

// Who has command after this command, where that is somebody new.
Person const* next_commander(RuleCase const& c) {
    auto const& actor = c.request.actor;
    auto const* give = std::get_if<command::GiveRole>(&c.request.command);
    bool const claims = give && give->role == "commander" && give->person == actor && c.incident->seats.front().acting;
    return claims || std::holds_alternative<command::Takeover>(c.request.command) ? &actor : nullptr;
}

} // namespace

// Whoever repairs cannot watch the whole. Somebody who takes command while they own an action is not held up: command
// comes first, and the action is handed on.
std::optional<Finding> check_hands_off_commander(RuleCase const& c) {
    if (!c.incident) return std::nullopt;
    auto args = about(*c.incident, c.policy);
    if (auto const* next = next_commander(c)) {
        auto const owned = open_actions_of(*next, *c.incident);
        if (owned.empty()) return std::nullopt;
        args.emplace_back("owned", join(owned));
        args.emplace_back("instead", marks::code("act " + owned.front() + " @someone"));
        return Finding{.way = Finding::Way::tell, .why = {"notice.commander-owns", std::move(args), {}}, .event = {}};
    }
    auto const& seat = c.incident->seats.front();
    auto const item = action_given_to(*seat.holder, c);
    if (!item) return std::nullopt;
    auto const* act = std::get_if<command::Act>(&c.request.command);
    auto const verb = std::string{act && act->mitigation ? "mitigate " : "act "};
    auto const what = !item->empty() ? *item : act ? act->what : std::string{};
    args.emplace_back("instead", marks::code((item->empty() ? verb : "act ") + what + " @someone" +
                                             (item->empty() ? " eta 10m" : "")));
    // An acting commander may be alone with it.
    if (seat.acting && c.level != Level::warn)
        return Finding{.way = Finding::Way::tell, .why = {"notice.acting-owns", std::move(args), {}}, .event = {}};
    auto const key = c.level == Level::warn ? "notice.commander-works" : "refused.commander-works";
    return Finding{.why = {key, std::move(args), {}}, .event = {}};
}

} // namespace cox
