#include "bot/config/policy_yaml.hpp"

#include "bot/config/meanings.hpp"
#include "bot/config/measurable.hpp"
#include "bot/config/nearest.hpp"
#include "bot/config/runbook_yaml.hpp"
#include "bot/config/web_address.hpp"
#include "bot/config/yaml_reader.hpp"
#include "bot/config/zones.hpp"

#include <algorithm>
#include <utility>

namespace cox::bot {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using Kind = YamlNode::Kind;

constexpr std::string_view commander = "commander";
constexpr SpanRange cadences{seconds{30}, hours{24}};
constexpr SpanRange responses{seconds{30}, hours{24 * 7}};
constexpr SpanRange watches{seconds{0}, hours{24 * 7}};
constexpr SpanRange patience{seconds{10}, hours{24}};
constexpr SpanRange shifts{minutes{10}, hours{24 * 7}};

std::string in_quotes(std::string_view word) {
    return "\"" + std::string{word} + "\"";
}

class Reader {
public:
    Reader(std::string_view file, std::span<KnownRule const> rules) : report_{file}, doubts_{file}, rules_{rules} {}

    std::expected<Policy, std::vector<Problem>> read(std::string_view text) {
        if (auto const root = read_yaml(text, report_)) read_root(*root);
        if (!report_.empty()) return std::unexpected{report_.take()};
        return std::move(policy_);
    }
    std::vector<Problem> take_doubts() { return doubts_.take(); }

private:
    void read_root(YamlNode const& root) {
        Fields const fields{report_,
                            root,
                            "the policy",
                            {"zone", "triage", "severities", "roles", "timings", "runbooks", "freeze_webhook", "backup",
                             "fallback", "note_emoji", "permissions"}};
        read_roles(fields.need("roles", "the roles of the shipped policy"));
        read_severities(fields.need("severities", "the severities of the shipped policy"));
        read_triage(fields.need("triage", "triage: 2"));
        if (auto const* node = fields.find("timings")) read_timings(*node);
        if (auto const* node = fields.find("runbooks")) policy_.runbooks = read_runbooks(report_, node, role_names_);
        read_freeze_webhook(fields.find("freeze_webhook"));
        if (auto const* node = fields.find("backup")) read_backup(*node);
        read_fallback(fields.find("fallback"));
        read_note_emoji(fields.find("note_emoji"));
        if (auto const* node = fields.find("permissions")) read_permissions(*node);
        read_zone(fields.find("zone"));
    }

    void read_roles(YamlNode const* node) {
        for (auto const& entry : list_of(report_, node, "roles", "a list, one role under each -"))
            read_role(entry);
        auto const first = std::ranges::find(policy_.roles, commander, &Role::key);
        if (first != policy_.roles.end()) {
            std::rotate(policy_.roles.begin(), first, first + 1);
        } else if (node != nullptr && node->kind == Kind::list) {
            report_.add(node->line, node->column,
                        "no role has the key commander; every incident has exactly one "
                        "commander, add it: key: commander");
        }
    }

    void read_role(YamlNode const& entry) {
        Fields const fields{report_, entry, "a role", {"key", "title", "tag", "aliases", "brief"}};
        Role role;
        auto const* key_node = fields.need("key", "key: comms");
        auto const key = word_of(report_, key_node, "key");
        auto const* title_node = fields.need("title", "title: Communications Lead");
        auto const* tag_node = fields.find("tag");
        auto const title = text_of(report_, title_node, "title", 60);
        auto const tag = text_of(report_, tag_node, "tag", 12);
        role.title = title.value_or("");
        role.tag = tag.value_or(role.title);
        role.brief = text_of(report_, fields.find("brief"), "brief", 500).value_or("");
        if (!key || !claim_key(role_names_, *key_node, *key, "role")) return;
        role.key = *key;
        // People may say the title or the tag in place of the key.
        if (title) role_names_.claim(report_, *title_node, *title, role.key);
        if (tag) role_names_.claim(report_, *tag_node, *tag, role.key);
        read_aliases(fields.find("aliases"), role_names_, role.key, role.aliases);
        policy_.roles.push_back(std::move(role));
    }

    bool claim_key(Meanings& names, YamlNode const& node, std::string const& key, std::string_view of) {
        if (names.taken(key)) {
            report_.add(node.line, node.column,
                        "the word " + in_quotes(key) + " is already the key or an alias of another " + std::string{of} +
                            "; give this one its own key");
            return false;
        }
        names.claim(report_, node, key, key);
        return true;
    }

    void read_aliases(YamlNode const* node, Meanings& names, std::string const& owner, std::vector<std::string>& into) {
        for (auto const& entry : list_of(report_, node, "aliases", "[one, two]")) {
            auto const word = word_of(report_, &entry, "aliases");
            if (!word) continue;
            names.claim(report_, entry, *word, owner);
            into.push_back(*word);
        }
    }

    void read_severities(YamlNode const* node) {
        auto const entries =
            list_of(report_, node, "severities", "a list, one severity under each -, the most severe first");
        if (node != nullptr && node->kind == Kind::list && entries.empty()) {
            report_.add(node->line, node->column, "there is no severity; add one, the most severe first");
        }
        for (auto const& entry : entries)
            read_severity(entry);
    }

    void read_severity(YamlNode const& entry) {
        Fields const fields{report_,
                            entry,
                            "a severity",
                            {"key", "label", "aliases", "definition", "examples", "response_start", "update_every",
                             "loop_every", "roles", "stakeholders", "rules", "stable_updates", "monitor_for",
                             "observe_for"}};
        Severity severity;
        auto const* key_node = fields.need("key", "key: 1");
        auto const* label_node = fields.need("label", "label: SEV-1");
        auto const key = word_of(report_, key_node, "key");
        auto const label = word_of(report_, label_node, "label");
        auto const* definition = fields.need("definition", "definition: checkout error rate above 20% for 10 minutes");
        severity.definition = text_of(report_, definition, "definition").value_or("");
        read_texts(fields.find("examples"), "examples", severity.examples);
        read_texts(fields.find("stakeholders"), "stakeholders", severity.stakeholders);
        read_times(fields, severity);
        read_severity_roles(fields.need("roles", "roles: [commander]"), severity);
        if (auto const* node = fields.find("rules")) read_rules(*node, severity);
        if (!key || !claim_key(severity_names_, *key_node, *key, "severity")) return;
        severity.key = *key;
        if (label) {
            severity_names_.claim(report_, *label_node, *label, severity.key);
            severity.label = *label;
        }
        read_aliases(fields.find("aliases"), severity_names_, severity.key, severity.aliases);
        if (definition) check_measurable(*definition, severity);
        policy_.severities.push_back(std::move(severity));
    }

    // The rule measurable-severity: a policy that breaks it still runs.
    void check_measurable(YamlNode const& at, Severity const& severity) {
        bool const can_be_told = severity.definition.empty() || is_measurable(severity.definition) ||
                                 std::ranges::any_of(severity.examples, is_measurable);
        if (can_be_told) return;
        doubts_.add(at.line, at.column,
                    "warning: " + in_quotes(severity.label) +
                        " is told by adjectives alone, so two people will choose differently; name a number, a share, "
                        "a length of time, or what people cannot do, such as \"checkout error rate above 20% for 10 "
                        "minutes\"");
    }

    void read_times(Fields const& fields, Severity& severity) {
        auto const phrase = [&](YamlNode const* node, std::string_view key, std::string_view word, SpanRange range,
                                std::optional<Duration>& into) {
            if (auto const span = span_or_phrase_of(report_, node, key, word, range)) into = *span;
        };
        phrase(fields.find("response_start"), "response_start", "business hours", responses, severity.response_start);
        phrase(fields.need("update_every", "update_every: 10 min"), "update_every", "as needed", cadences,
               severity.update_every);
        phrase(fields.find("loop_every"), "loop_every", "off", cadences, severity.loop_every);
        if (auto const n = number_of(report_, fields.find("stable_updates"), "stable_updates", 0, 20)) {
            severity.stable_updates = *n;
        }
        if (auto const span = span_of(report_, fields.find("monitor_for"), "monitor_for", watches)) {
            severity.monitor_for = *span;
        }
        if (auto const span = span_of(report_, fields.find("observe_for"), "observe_for", watches)) {
            severity.observe_for = *span;
        }
    }

    void read_texts(YamlNode const* node, std::string_view key, std::vector<std::string>& into) {
        for (auto const& entry : list_of(report_, node, key, "a list, one under each -, or [] for none")) {
            if (auto text = text_of(report_, &entry, key)) into.push_back(std::move(*text));
        }
    }

    void read_severity_roles(YamlNode const* node, Severity& severity) {
        bool all_read = true;
        for (auto const& entry : list_of(report_, node, "roles", "[commander, ops]")) {
            auto const word = word_of(report_, &entry, "roles");
            auto const key = word ? role_names_.owner(*word) : std::nullopt;
            all_read = all_read && key.has_value();
            if (word && !key && !role_names_.empty()) {
                report_.add(entry.line, entry.column,
                            "there is no role " + in_quotes(*word) + "; " + did_you_mean(*word, role_names_.words()));
            } else if (key && std::ranges::find(severity.roles, *key) != severity.roles.end()) {
                report_.add(entry.line, entry.column, "the role " + in_quotes(*key) + " stands here twice; keep one");
            } else if (key) {
                severity.roles.push_back(*key);
            }
        }
        if (node == nullptr || node->kind != Kind::list) return;
        auto const first = std::ranges::find(severity.roles, commander);
        if (first != severity.roles.end()) {
            std::rotate(severity.roles.begin(), first, first + 1);
        } else if (all_read) {
            report_.add(node->line, node->column,
                        "this severity has no commander; every incident has exactly one, "
                        "write commander first: roles: [commander, …]");
        }
    }

    void read_rules(YamlNode const& node, Severity& severity) {
        if (node.kind == Kind::refused) return;
        if (node.kind != Kind::map) {
            report_.add(node.line, node.column, "\"rules\" is a map; write lines such as one-mitigation: enforce");
            return;
        }
        for (std::size_t i = 0; i < node.keys.size(); ++i) {
            if (!check_rule(node.keys[i])) continue;
            if (auto const level = level_of(node.items[i], node.keys[i].name)) {
                severity.rules.emplace(node.keys[i].name, *level);
            }
        }
    }

    bool check_rule(YamlKey const& key) {
        auto const found = std::ranges::find(rules_, key.name, &KnownRule::name);
        if (found != rules_.end() && found->settable) return true;
        if (found != rules_.end()) {
            report_.add(key.line, key.column,
                        in_quotes(key.name) + " is an invariant, it always holds and has no level; "
                                              "remove this line");
            return false;
        }
        std::vector<std::string_view> settable;
        for (auto const& rule : rules_) {
            if (rule.settable) settable.push_back(rule.name);
        }
        report_.add(key.line, key.column,
                    "there is no rule " + in_quotes(key.name.substr(0, 60)) + "; " + did_you_mean(key.name, settable));
        return false;
    }

    std::optional<Level> level_of(YamlNode const& node, std::string_view rule) {
        auto const word = text_of(report_, &node, rule);
        if (!word) return {};
        if (*word == "off") return Level::off;
        if (*word == "warn") return Level::warn;
        if (*word == "enforce") return Level::enforce;
        constexpr std::string_view levels[] = {"off", "warn", "enforce"};
        report_.add(node.line, node.column, in_quotes(*word) + " is no level; " + did_you_mean(*word, levels));
        return {};
    }

    void read_triage(YamlNode const* node) {
        auto const word = word_of(report_, node, "triage");
        if (!word || severity_names_.empty()) return;
        if (auto const key = severity_names_.owner(*word)) {
            policy_.triage = *key;
        } else {
            report_.add(node->line, node->column,
                        "there is no severity " + in_quotes(*word) + "; " +
                            did_you_mean(*word, severity_names_.words()));
        }
    }

    void read_timings(YamlNode const& node) {
        Fields const fields{report_,
                            node,
                            "the timings",
                            {"remind_offer_after", "escalate_offer_after", "takeover_after", "escalate_eta_after",
                             "idle_after", "commander_shift", "recent_change"}};
        auto const read = [&](std::string_view key, Duration& into, SpanRange range = patience) {
            auto const* value = fields.find(key);
            auto const span = span_of(report_, value, key, range);
            if (span) into = *span;
            return value == nullptr || span.has_value();
        };
        bool const remind_read = read("remind_offer_after", policy_.remind_offer_after);
        bool const escalate_read = read("escalate_offer_after", policy_.escalate_offer_after);
        read("takeover_after", policy_.takeover_after);
        read("escalate_eta_after", policy_.escalate_eta_after);
        read("idle_after", policy_.idle_after);
        read("commander_shift", policy_.commander_shift, shifts);
        read("recent_change", policy_.recent_change, shifts);
        if (!remind_read || !escalate_read || policy_.remind_offer_after < policy_.escalate_offer_after) return;
        report_.add(node.line, node.column,
                    "\"escalate_offer_after\" comes before \"remind_offer_after\"; the person is "
                    "asked first and the commander later, make it the longer one");
    }

    void read_freeze_webhook(YamlNode const* node) {
        if (node == nullptr) return;
        auto const address = text_of(report_, node, "freeze_webhook", 1000);
        if (!address) return;
        policy_.freeze_webhook = *address;
        if (address->starts_with("http://") || address->starts_with("https://"))
            return check_web_address(report_, *node, "freeze_webhook", *address);
        report_.add(node->line, node->column,
                    "\"freeze_webhook\" is called by HTTP; write an address such as "
                    "https://ci.example.org/hooks/freeze");
    }

    void read_backup(YamlNode const& node) {
        if (node.kind == Kind::nothing) return;
        Fields const fields{report_, node, "the backup", {"id", "name"}};
        auto const id = id_of(fields.need("id", "id: ana"), "id");
        auto const name = text_of(report_, fields.find("name"), "name", 60);
        if (id) policy_.backup = Person{UserId{*id}, name.value_or(*id)};
    }

    void read_fallback(YamlNode const* node) {
        auto id = id_of(node, "fallback");
        if (id && id->starts_with('#')) id->erase(0, 1);
        if (id) policy_.fallback = ChannelId{*id};
    }

    void read_note_emoji(YamlNode const* node) {
        if (node == nullptr) return;
        policy_.note_emoji.clear();
        for (auto const& entry : list_of(report_, node, "note_emoji", "[memo, pushpin], or [] for none")) {
            auto name = text_of(report_, &entry, "note_emoji", 100);
            if (!name) continue;
            if (name->size() > 2 && name->starts_with(':') && name->ends_with(':'))
                name = name->substr(1, name->size() - 2);
            policy_.note_emoji.push_back(std::move(*name));
        }
    }

    void read_permissions(YamlNode const& node) {
        Fields const fields{report_,
                            node,
                            "the permissions",
                            {"may_act", "may_not_act", "may_takeover", "guests_may_act", "strangers_may_act"}};
        auto const read = [&](std::string_view key, std::vector<UserId>& into) {
            for (auto const& entry :
                 list_of(report_, fields.find(key), key, "a list of people's ids, [] for nobody named")) {
                if (auto id = id_of(&entry, key)) into.push_back(UserId{std::move(*id)});
            }
        };
        read("may_act", policy_.permissions.may_act);
        read("may_not_act", policy_.permissions.may_not_act);
        read("may_takeover", policy_.permissions.may_takeover);
        auto const allow = [&](std::string_view key, bool& into) {
            if (auto const yes = yes_or_no_of(report_, fields.find(key), key)) into = *yes;
        };
        allow("guests_may_act", policy_.permissions.guests_may_act);
        allow("strangers_may_act", policy_.permissions.strangers_may_act);
    }

    // As the network knows the person: "ana", "slack:T1:U1", "matrix:@ana:example.org". A leading @ alone is a slip.
    std::optional<std::string> id_of(YamlNode const* node, std::string_view key) {
        auto id = text_of(report_, node, key, 255);
        if (!id) return {};
        if (!id->starts_with('@') && !id->contains(' ')) return id;
        report_.add(node->line, node->column,
                    in_quotes(*id) + " is not an id; write the id of the network, such as ana or "
                                     "slack:T1:U1, not a display name or a mention");
        return {};
    }

    void read_zone(YamlNode const* node) {
        auto const name = text_of(report_, node, "zone", 60);
        if (!name) return;
        auto zone = find_zone(*name);
        if (zone) {
            policy_.zone = *zone;
        } else {
            report_.add(node->line, node->column, zone.error());
        }
    }

    Report report_;
    Report doubts_;
    std::span<KnownRule const> rules_;
    Meanings role_names_;
    Meanings severity_names_;
    Policy policy_;
};

} // namespace

std::expected<Policy, std::vector<Problem>> load_policy(std::string_view file_name, std::string_view text,
                                                        std::span<KnownRule const> rules,
                                                        std::vector<Problem>* doubts) {
    Reader reader{file_name, rules};
    auto policy = reader.read(text);
    if (doubts) *doubts = reader.take_doubts();
    return policy;
}

} // namespace cox::bot
