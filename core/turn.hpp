#pragma once
// What a handler works with while it carries out one command.
#include "core/decide.hpp"
#include "core/phrases.hpp"
#include "core/rules/rule.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace cox {

struct Turn {
    World const& world;
    Policy const& policy;
    Request const& request;
    Incident const* incident; // open in the place, or named by the request; null when there is none
    Decision& decision;
    bool queued = false; // one-mitigation put this command in line
    Person const* proposer =
        nullptr; // whose proposal the commander has approved; null: it is a command of the actor's own

    Time now() const { return request.at; }
    Person const& actor() const { return request.actor; }
    Severity const& severity() const { return severity_of(*incident, policy); }
    // Whether the person's own word stands behind the command, so that nobody has to be asked.
    bool speaks_for(Person const& person) const { return person == actor() || (proposer && *proposer == person); }
    Level level(std::string_view rule) const { return level_of(rule, policy, severity()); }

    // Adds what happened, in the open incident or in the new one.
    void happened(EventBody body) const { happened_in(incident->id, incident->seq, std::move(body)); }
    void happened_in(IncidentId id, std::int64_t seq_before, EventBody body) const {
        auto const seq = seq_before + static_cast<std::int64_t>(decision.events.size()) + 1;
        decision.events.push_back({id, seq, now(), actor(), std::move(body), seq_before + 1});
    }
    // The state of things, not a rule, is in the way.
    void refuse(std::string_view key, Args args, std::vector<Button> buttons = {}) const {
        decision.events.clear();
        decision.notices.clear();
        decision.refusal = Refusal{"", {key, std::move(args), std::move(buttons)}};
    }
    void notice(std::string_view key, Args args) const { decision.notices.push_back({key, std::move(args), {}}); }
    void answer(Query query) const { decision.query = std::move(query); }

    // The moment at which an update is due if one goes out now.
    std::optional<Time> next_from_now(Severity const& of) const {
        return of.update_every ? std::optional{later(now(), *of.update_every)} : std::nullopt;
    }
};

// Gate, rules and handler of one command: for handlers that carry out another one.
void carry_out(Turn&, Command const&);

} // namespace cox
