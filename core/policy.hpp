#pragma once
// What the team agreed on. An immutable value: the loader checks it whole, the rest of the core only reads it.
#include "core/ids.hpp"
#include "core/time.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cox {

// How hard a rule is held. `invariant` cannot be overridden, nor set in a policy.
enum class Level { off, warn, enforce, invariant };

// commander, comms, ops, scribe, ... The commander's key is always `commander`.
struct Role {
    std::string key;                  // "commander"
    std::string title;                // "Incident Commander"
    std::string tag;                  // "IC": the short form in the topic
    std::vector<std::string> aliases; // "ic": what people type
    std::string brief;                // what it does and does not do, one sentence or two
};

struct Severity {
    std::string key;                  // "1": what people type
    std::string label;                // "SEV-1": what people see
    std::vector<std::string> aliases; // "p1", "sev1", "sev-1"
    std::string definition;           // when it applies, measurable
    std::vector<std::string> examples;
    std::optional<Duration> response_start; // none: in business hours
    std::optional<Duration> update_every;   // none: as needed
    std::optional<Duration> loop_every;     // none: no command loop
    std::vector<std::string> roles;         // keys of the roles it needs, commander first
    std::vector<std::string> stakeholders;
    std::map<std::string, Level, std::less<>> rules; // by rule name; a rule not named has its default
    int stable_updates = 2;                          // quiet cadence intervals before resolve
    Duration monitor_for = std::chrono::minutes{15}; // at least this long contained before resolve
    Duration observe_for = std::chrono::minutes{2};  // after a mitigation, before the next one starts
};

// A decision tree that people walk together when they do not know where to look. A step asks a question, or ends the
// walk with advice.
struct RunbookAnswer {
    std::string say;  // "yes": what is typed or pressed
    std::string then; // key of the next step
};
struct RunbookStep {
    std::string key;                    // "deploy"
    std::string ask;                    // the question; empty at an end
    std::vector<RunbookAnswer> answers; // two or more where something is asked
    std::string advise;                 // what to do; empty where something is asked
    std::vector<std::string> commands;  // ready to copy, without a prefix: "strategy rollback because …"
};
struct Runbook {
    std::string name;               // one word, as typed
    std::string title;              // as shown
    std::vector<RunbookStep> steps; // it starts at the first
    RunbookStep const* step(std::string_view key) const;
};

struct Permissions {
    std::vector<UserId> may_act;      // empty: everyone the network lets into the channel
    std::vector<UserId> may_not_act;  // wins over may_act
    std::vector<UserId> may_takeover; // take command at once, without waiting for silence
    // Accounts that the network calls guests, or that belong to another organisation. One that may_act names is
    // allowed whatever stands here.
    bool guests_may_act = false;
    bool strangers_may_act = false;
};

struct Policy {
    std::vector<Severity> severities; // most severe first
    std::string triage;               // key of the severity that `declare` takes when none is named
    std::vector<Role> roles;          // commander first
    Duration remind_offer_after = std::chrono::minutes{2};
    Duration escalate_offer_after = std::chrono::minutes{5};
    Duration takeover_after = std::chrono::minutes{10}; // commander's silence that opens `takeover`
    Duration escalate_eta_after =
        std::chrono::minutes{5};                      // an ETA has passed and the owner was asked: the commander hears
    Duration idle_after = std::chrono::minutes{5};    // nobody does anything: the commander is asked
    Duration commander_shift = std::chrono::hours{4}; // in command for so long: a hand-over is proposed
    Duration recent_change = std::chrono::hours{6};   // a deploy this long ago is the first suspect
    std::optional<Person> backup;                     // who is mentioned and paged when the room does not answer
    std::optional<ChannelId> fallback;                // where posts go when their channel cannot be reached
    std::vector<Runbook> runbooks;
    std::string freeze_webhook;          // told of freeze and unfreeze; "" for none
    std::vector<std::string> note_emoji; // an emoji that puts a message on the timeline, without colons
    Permissions permissions;
    Zone zone;

    // By key, label or alias, case ignored; null when there is none.
    Severity const* severity(std::string_view word) const;
    Role const* role(std::string_view word) const;
    Runbook const* runbook(std::string_view name) const;
    // 0 is the most severe. The key must exist.
    std::size_t rank(std::string_view severity_key) const;
};

} // namespace cox
