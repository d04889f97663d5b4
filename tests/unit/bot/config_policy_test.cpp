#include "bot/config/policy_yaml.hpp"

#include "config_support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace cox::bot {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using test::edited;

std::string const small = R"(zone: UTC
triage: 1
severities:
  - key: 1
    label: SEV-1
    aliases: [p1]
    definition: checkout error rate above 20% for 10 minutes
    examples: [nobody can pay]
    response_start: 5 min
    update_every: 10 min
    loop_every: off
    roles: [commander, ops]
    stable_updates: 2
    rules:
      one-mitigation: enforce
  - key: 2
    label: SEV-2
    definition: error rate above 1%
    update_every: as needed
    roles: [commander]
roles:
  - key: commander
    title: Incident Commander
    tag: IC
    aliases: [ic]
  - key: ops
    title: Operations Lead
timings:
  remind_offer_after: 2 min
  escalate_offer_after: 5 min
)";

std::expected<Policy, std::vector<Problem>> load(std::string_view text) {
    return load_policy("policy.yaml", text, test::known_rules);
}
std::string problems_after(std::string_view from, std::string_view to) {
    return test::problems_of(load(edited(small, from, to)));
}

TEST(PolicyFile, ReadsEveryField) {
    auto const policy = load(small + R"(  takeover_after: 1h30m
  escalate_eta_after: 6 min
  idle_after: 7 min
  commander_shift: 8 h
  recent_change: 2 days
freeze_webhook: https://ci.example.org/hooks/freeze?team=web
backup: {id: dana, name: Dana}
permissions:
  may_act: [ana]
  may_not_act: [eve]
  may_takeover: ["slack:T1:U1"]
)");
    ASSERT_TRUE(policy) << test::problems_of(policy);
    EXPECT_EQ(policy->triage, "1");
    ASSERT_EQ(policy->severities.size(), 2u);
    auto const& first = policy->severities[0];
    EXPECT_EQ(first.label, "SEV-1");
    EXPECT_EQ(first.aliases, std::vector<std::string>{"p1"});
    EXPECT_EQ(first.definition, "checkout error rate above 20% for 10 minutes");
    EXPECT_EQ(first.examples, std::vector<std::string>{"nobody can pay"});
    EXPECT_EQ(first.response_start, minutes{5});
    EXPECT_EQ(first.update_every, minutes{10});
    EXPECT_EQ(first.loop_every, std::nullopt);
    EXPECT_EQ(first.roles, (std::vector<std::string>{"commander", "ops"}));
    EXPECT_EQ(first.rules.at("one-mitigation"), Level::enforce);
    EXPECT_EQ(first.monitor_for, minutes{15});
    EXPECT_EQ(policy->severities[1].update_every, std::nullopt);
    EXPECT_EQ(policy->roles[0].tag, "IC");
    EXPECT_EQ(policy->roles[1].tag, "Operations Lead");
    EXPECT_EQ(policy->remind_offer_after, minutes{2});
    EXPECT_EQ(policy->takeover_after, minutes{90});
    EXPECT_EQ(policy->escalate_eta_after, minutes{6});
    EXPECT_EQ(policy->idle_after, minutes{7});
    EXPECT_EQ(policy->commander_shift, std::chrono::hours{8});
    EXPECT_EQ(policy->recent_change, std::chrono::hours{48});
    EXPECT_EQ(policy->freeze_webhook, "https://ci.example.org/hooks/freeze?team=web");
    ASSERT_TRUE(policy->backup);
    EXPECT_EQ(policy->backup->name, "Dana");
    EXPECT_EQ(policy->permissions.may_act, std::vector<UserId>{UserId{"ana"}});
    EXPECT_EQ(policy->permissions.may_not_act, std::vector<UserId>{UserId{"eve"}});
    EXPECT_EQ(policy->permissions.may_takeover, std::vector<UserId>{UserId{"slack:T1:U1"}});
}

TEST(PolicyFile, PutsTheCommanderFirst) {
    auto text = edited(small, "roles: [commander, ops]", "roles: [ops, IC]");
    text = edited(text,
                  "  - key: commander\n    title: Incident Commander\n    tag: IC\n    aliases: [ic]\n  - key: ops\n   "
                  " title: Operations Lead\n",
                  "  - key: ops\n    title: Operations Lead\n  - key: commander\n    title: Incident Commander\n    "
                  "aliases: [ic]\n");
    auto const policy = load(text);
    ASSERT_TRUE(policy) << test::problems_of(policy);
    EXPECT_EQ(policy->roles[0].key, "commander");
    EXPECT_EQ(policy->severities[0].roles, (std::vector<std::string>{"commander", "ops"}));
}

struct Mistake {
    char const* name;
    char const* from;
    char const* to;
    char const* said; // behind "policy.yaml:"
};

class PolicyMistake : public testing::TestWithParam<Mistake> {};

TEST_P(PolicyMistake, IsNamedWithItsLineColumnAndCure) {
    auto const& row = GetParam();
    EXPECT_EQ(problems_after(row.from, row.to), "policy.yaml:" + std::string{row.said} + "\n");
}

Mistake const mistakes[] = {
    {"UnknownKey", "    label: SEV-1", "    lable: SEV-1\n    label: SEV-1",
     "5:5: \"lable\" is not known in a severity; did you mean \"label\"?"},
    {"UnknownKeyFarFromAll", "zone: UTC", "colour: red",
     "1:1: \"colour\" is not known in the policy; known are \"zone\", \"triage\", \"severities\", \"roles\", "
     "\"timings\", \"runbooks\", \"freeze_webhook\", \"backup\", \"fallback\", \"note_emoji\", \"permissions\""},
    {"MissingKey", "    label: SEV-2\n", "", "16:5: a severity needs \"label\"; add it, for example label: SEV-1"},
    {"MissingSection", "triage: 1\n", "", "1:1: the policy needs \"triage\"; add it, for example triage: 2"},
    {"DuplicateKey", "    update_every: 10 min", "    update_every: 10 min\n    label: SEV-9",
     "11:5: \"label\" stands here for the second time (first in line 5); keep one"},
    {"NoValue", "label: SEV-1", "label:", "5:5: \"label\" has no value; write one behind the colon"},
    {"ListForText", "definition: error rate above 1%", "definition: [a]",
     "18:17: \"definition\" is one text, not a list or a map; write it behind the colon, in quotes"},
    {"TextForList", "roles: [commander]\n", "roles: commander\n",
     "20:12: \"roles\" is a list; write it as [commander, ops]"},
    {"TextForMap", "    rules:\n      one-mitigation: enforce", "    rules: all",
     "14:12: \"rules\" is a map; write lines such as one-mitigation: enforce"},
    {"TextForSeverity",
     "  - key: 2\n    label: SEV-2\n    definition: error rate above 1%\n    update_every: as needed\n    roles: "
     "[commander]\n",
     "  - SEV-2\n", "16:5: a severity is a map; write lines of key: value, such as key: …"},
    {"NoUnit", "update_every: 10 min", "update_every: 10",
     "10:19: \"update_every\" is a length of time and \"10\" is none; write a number and its unit, such as 10 min, 90s "
     "or 1h30m, or as needed"},
    {"NoSuchUnit", "remind_offer_after: 2 min", "remind_offer_after: 2 fortnights",
     "29:23: \"remind_offer_after\" is a length of time and \"2 fortnights\" is none; write a number and its unit, "
     "such as 10 min, 90s or 1h30m"},
    {"TooShort", "update_every: 10 min", "update_every: 5s",
     "10:19: \"update_every\" is 5 s; it must lie between 30 s and 1 d"},
    {"TooLong", "update_every: 10 min", "update_every: 3 days",
     "10:19: \"update_every\" is 3 d; it must lie between 30 s and 1 d"},
    {"Endless", "update_every: 10 min", "update_every: 999999999999999999999 h",
     "10:19: \"update_every\" is a length of time and \"999999999999999999999 h\" is none; write a number and its "
     "unit, such as 10 min, 90s or 1h30m, or as needed"},
    {"PhraseOfAnotherField", "update_every: as needed", "update_every: business hours",
     "19:19: \"update_every\" cannot be \"business hours\"; write as needed, or a length of time such as 10 min"},
    {"NumberOutOfRange", "stable_updates: 2", "stable_updates: 99",
     "13:21: \"stable_updates\" is \"99\"; it must be a whole number between 0 and 20"},
    {"NumberThatIsNone", "stable_updates: 2", "stable_updates: two",
     "13:21: \"stable_updates\" is \"two\"; it must be a whole number between 0 and 20"},
    {"SeverityKeyTwice", "key: 2", "key: 1",
     "16:10: the word \"1\" is already the key or an alias of another severity; give this one its own key"},
    {"AliasOfTwoSeverities", "label: SEV-2", "label: SEV-2\n    aliases: [P1]",
     "18:15: \"P1\" already means \"1\" (line 6); give each word one meaning"},
    {"LabelOfAnother", "label: SEV-2", "label: sev-1",
     "17:12: \"sev-1\" already means \"1\" (line 5); give each word one meaning"},
    {"AliasOfTwoRoles", "title: Operations Lead", "title: Operations Lead\n    aliases: [IC]",
     "28:15: \"IC\" already means \"commander\" (line 24); give each word one meaning"},
    {"AliasWithABlank", "aliases: [p1]", "aliases: [sev one]",
     "6:15: \"aliases\" is a word that people type, and \"sev one\" holds a blank; use letters, digits, dashes and "
     "dots"},
    {"NoSuchRole", "roles: [commander, ops]", "roles: [commander, opps]",
     "12:24: there is no role \"opps\"; did you mean \"ops\"?"},
    {"RoleTwice", "roles: [commander, ops]", "roles: [commander, ops, ops]",
     "12:29: the role \"ops\" stands here twice; keep one"},
    {"NoCommander", "roles: [commander, ops]", "roles: [ops]",
     "12:12: this severity has no commander; every incident has exactly one, write commander first: roles: [commander, "
     "…]"},
    {"NoSuchRule", "one-mitigation: enforce", "one-mitigatoin: enforce",
     "15:7: there is no rule \"one-mitigatoin\"; did you mean \"one-mitigation\"?"},
    {"RuleOfNoRelease", "one-mitigation: enforce", "four-eyes: enforce",
     "15:7: there is no rule \"four-eyes\"; known are \"owner-and-eta\", \"delegation-accepted\", \"one-mitigation\", "
     "\"roles-filled\", "
     "\"moved-from-within\", \"reason-given\", \"stable-before-resolved\", \"commander-decides\", "
     "\"hands-off-commander\", \"separate-comms\", \"one-strategy\", \"uncertainty-stated\", "
     "\"impact-measured\", \"command-loop\", \"stale-hypothesis\", \"always-moving\", "
     "\"eta-kept\", \"commander-rotates\", \"frozen\""},
    {"Invariant", "one-mitigation: enforce", "one-commander: warn",
     "15:7: \"one-commander\" is an invariant, it always holds and has no level; remove this line"},
    {"NoSuchLevel", "one-mitigation: enforce", "one-mitigation: enforced",
     "15:23: \"enforced\" is no level; did you mean \"enforce\"?"},
    {"LevelInvariant", "one-mitigation: enforce", "one-mitigation: invariant",
     "15:23: \"invariant\" is no level; known are \"off\", \"warn\", \"enforce\""},
    {"NoSuchTriage", "triage: 1", "triage: SEV-3", "2:9: there is no severity \"SEV-3\"; did you mean \"sev-1\"?"},
    {"NoSuchZone", "zone: UTC", "zone: Europe/Berlni",
     "1:7: there is no time zone \"Europe/Berlni\"; did you mean \"Europe/Berlin\"?"},
    {"TimingsTurnedRound", "escalate_offer_after: 5 min", "escalate_offer_after: 1 min",
     "29:3: \"escalate_offer_after\" comes before \"remind_offer_after\"; the person is asked first and the commander "
     "later, make it the longer one"},
    {"ShiftTooShort", "timings:", "timings:\n  commander_shift: 1 min",
     "29:20: \"commander_shift\" is 1 min; it must lie between 10 min and 7 d"},
    {"WebhookOfNoWeb", "timings:", "freeze_webhook: ci.example.org/freeze\ntimings:",
     "28:17: \"freeze_webhook\" is called by HTTP; write an address such as https://ci.example.org/hooks/freeze"},
    {"PlainWebhook", "timings:", "freeze_webhook: http://ci.example.org/freeze\ntimings:",
     "28:17: \"freeze_webhook\" is plain http, which is for this machine only; write https://"},
    {"WebhookThatIsNone", "timings:", "freeze_webhook: \"https://ana:secret@ci.example.org/\"\ntimings:",
     "28:17: \"freeze_webhook\" is no address: there is user information (@) before the host; write one such as "
     "https://example.org/path"},
    {"BackupWithoutId",
     "timings:", "backup: {name: Dana}\ntimings:", "28:9: the backup needs \"id\"; add it, for example id: ana"},
    {"MentionForId", "timings:", "backup: {id: \"@dana\"}\ntimings:",
     "28:14: \"@dana\" is not an id; write the id of the network, such as ana or slack:T1:U1, not a display name or a "
     "mention"},
    {"ForgedMark", "title: Operations Lead", "title: \"Ops\\x01\"",
     "27:12: \"title\" holds a control character; remove it"},
    {"Anchor", "roles: [commander, ops]", "roles: &r [commander, ops]",
     "12:12: an anchor (&r) is not read here; remove it and write the value out where it is used"},
    {"MergeKey", "    label: SEV-2", "    label: SEV-2\n    <<: {loop_every: off}",
     "18:5: a merge key (<<) is not read here; write the values out"},
};

INSTANTIATE_TEST_SUITE_P(All, PolicyMistake, testing::ValuesIn(mistakes),
                         [](auto const& row) { return std::string{row.param.name}; });

TEST(PolicyFile, NamesAllMistakesAtOnceInTheOrderOfTheirLines) {
    auto text = edited(small, "zone: UTC", "zone: Nowhere/Land");
    text = edited(text, "update_every: 10 min", "update_every: soon");
    text = edited(text, "one-mitigation: enforce", "one-mitigation: maybe");
    text = edited(text, "remind_offer_after", "remind_after");
    auto const policy = load(text);
    ASSERT_FALSE(policy);
    ASSERT_EQ(policy.error().size(), 4u) << test::problems_of(policy);
    EXPECT_EQ(policy.error()[0].line, 1);
    EXPECT_EQ(policy.error()[1].line, 10);
    EXPECT_EQ(policy.error()[2].line, 15);
    EXPECT_EQ(policy.error()[3].line, 29);
}

std::string doubts_about(std::string_view text) {
    std::vector<Problem> doubts;
    auto const policy = load_policy("policy.yaml", text, test::known_rules, &doubts);
    EXPECT_TRUE(policy) << test::problems_of(policy);
    return test::lines_of(doubts);
}

TEST(PolicyFile, ASeverityThatOnlyAdjectivesTellIsDoubtedAndTaken) {
    auto const vague = edited(small, "definition: error rate above 1%", "definition: a serious outage");
    EXPECT_EQ(doubts_about(vague),
              "policy.yaml:18:17: warning: \"SEV-2\" is told by adjectives alone, so two people will choose "
              "differently; name a number, a share, a length of time, or what people cannot do, such as \"checkout "
              "error rate above 20% for 10 minutes\"\n");
    EXPECT_EQ(doubts_about(small), "");
}

TEST(PolicyFile, AnExampleMayTellWhatADefinitionDoesNot) {
    auto const vague = edited(small, "error rate above 1%", "a serious outage\n    examples: [big trouble, EXAMPLE]");
    EXPECT_EQ(doubts_about(edited(vague, "EXAMPLE", "export to PDF fails")), "");
    EXPECT_NE(doubts_about(edited(vague, "EXAMPLE", "a major problem")), "");
}

TEST(PolicyFile, PlainHttpToThisMachineMayBeAWebhook) {
    auto const policy = load(edited(small, "timings:", "freeze_webhook: http://127.0.0.1:9000/freeze\ntimings:"));
    ASSERT_TRUE(policy) << test::problems_of(policy);
    EXPECT_EQ(policy->freeze_webhook, "http://127.0.0.1:9000/freeze");
}

TEST(PolicyFile, AnEmptyFileNeedsEverything) {
    EXPECT_EQ(
        test::problems_of(load("")),
        "policy.yaml:1:1: the policy needs \"roles\"; add it, for example the roles of the shipped policy\n"
        "policy.yaml:1:1: the policy needs \"severities\"; add it, for example the severities of the shipped policy\n"
        "policy.yaml:1:1: the policy needs \"triage\"; add it, for example triage: 2\n");
}

TEST(PolicyFile, ReadsLengthsOfTimeInEveryForm) {
    std::pair<char const*, Duration> const forms[] = {
        {"90s", seconds{90}},       {"10 min", minutes{10}},  {"1h30m", minutes{90}}, {"1 hour 5 minutes", minutes{65}},
        {"  2   h ", minutes{120}}, {"600 SEC", minutes{10}},
    };
    for (auto const& [form, span] : forms) {
        auto const policy = load(edited(small, "update_every: 10 min", "update_every: \"" + std::string{form} + "\""));
        ASSERT_TRUE(policy) << test::problems_of(policy);
        EXPECT_EQ(policy->severities[0].update_every, span) << form;
    }
    for (auto const* form : {"h", "1", "-5 min", "5 min and", "1.5h", "min 5", "5 m i n"}) {
        EXPECT_FALSE(load(edited(small, "update_every: 10 min", "update_every: \"" + std::string{form} + "\"")))
            << form;
    }
}

TEST(PolicyFile, ShowsClockTimesInItsZone) {
    auto const policy = load(edited(small, "zone: UTC", "zone: Europe/Berlin"));
    ASSERT_TRUE(policy) << test::problems_of(policy);
    Time const summer{std::chrono::sys_days{std::chrono::year{2026} / 7 / 1}};
    EXPECT_EQ(policy->zone.offset(summer), std::chrono::hours{2});
}

std::string shipped() {
    return test::content_of(std::filesystem::path(COXSWAIN_SOURCE_DIR) / "config/policy.yaml");
}

// Those that only ever question, also where everything else is enforced.
bool advises(std::string_view rule) {
    constexpr std::string_view names[] = {"one-strategy",     "uncertainty-stated", "impact-measured",
                                          "stale-hypothesis", "always-moving",      "commander-rotates"};
    return std::ranges::find(names, rule) != std::end(names);
}

TEST(ShippedPolicy, HoldsWhatTheDisciplineSays) {
    auto const policy = load(shipped());
    ASSERT_TRUE(policy) << test::problems_of(policy);
    ASSERT_EQ(policy->severities.size(), 4u);
    auto const& all = policy->severities;
    std::optional<Duration> const starts[] = {minutes{5}, minutes{15}, minutes{30}, {}};
    std::optional<Duration> const updates[] = {minutes{10}, minutes{15}, minutes{30}, {}};
    std::optional<Duration> const loops[] = {minutes{10}, minutes{15}, {}, {}};
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_EQ(all[i].label, "SEV-" + std::to_string(i + 1));
        EXPECT_EQ(all[i].response_start, starts[i]);
        EXPECT_EQ(all[i].update_every, updates[i]);
        EXPECT_EQ(all[i].loop_every, loops[i]);
        EXPECT_EQ(all[i].roles.front(), "commander");
        EXPECT_EQ(all[i].rules.size(), 19u);
        EXPECT_EQ(all[i].rules.at("reason-given"), Level::enforce);
    }
    EXPECT_EQ(all[0].roles, (std::vector<std::string>{"commander", "comms", "ops", "scribe"}));
    EXPECT_EQ(all[0].stakeholders, (std::vector<std::string>{"executives", "support", "customers"}));
    EXPECT_EQ(all[1].roles, (std::vector<std::string>{"commander", "ops", "scribe"}));
    for (std::size_t i = 0; i < 2; ++i) {
        for (auto const& [rule, level] : all[i].rules)
            EXPECT_EQ(level, advises(rule) ? Level::warn : Level::enforce) << rule;
    }
    EXPECT_EQ(all[2].rules.at("one-mitigation"), Level::enforce);
    EXPECT_EQ(all[2].rules.at("stable-before-resolved"), Level::warn);
    EXPECT_EQ(all[2].rules.at("commander-decides"), Level::warn);
    EXPECT_EQ(all[2].rules.at("separate-comms"), Level::off);
    EXPECT_EQ(all[2].rules.at("frozen"), Level::enforce);
    EXPECT_EQ(all[3].rules.at("frozen"), Level::off);
    EXPECT_EQ(all[3].rules.at("delegation-accepted"), Level::off);
    EXPECT_EQ(all[3].rules.at("owner-and-eta"), Level::warn);
    EXPECT_EQ(policy->severity("sev-1"), &all[0]);
    EXPECT_EQ(policy->severity("P3"), &all[2]);
    ASSERT_TRUE(policy->role("ic"));
    EXPECT_EQ(policy->role("ic")->key, "commander");
    for (auto const& role : policy->roles)
        EXPECT_FALSE(role.brief.empty()) << role.key;
}

TEST(ShippedPolicy, TheExampleWithP1ToP3IsValid) {
    auto const text =
        test::content_of(std::filesystem::path(COXSWAIN_SOURCE_DIR) / "config/examples/p1-p3/policy.yaml");
    auto const policy = load(text);
    ASSERT_TRUE(policy) << test::problems_of(policy);
    ASSERT_EQ(policy->severities.size(), 3u);
    EXPECT_EQ(policy->severity("p1")->update_every, minutes{30});
    EXPECT_EQ(policy->severity("p2")->update_every, minutes{60});
    EXPECT_EQ(policy->severity("3")->update_every, std::nullopt);
    EXPECT_EQ(policy->triage, "P2");
}

TEST(ShippedPolicy, EveryWalkThroughARunbookEndsWithAdviceAndACommandToCopy) {
    for (auto const* file : {"config/policy.yaml", "config/examples/p1-p3/policy.yaml"}) {
        auto const policy = load(test::content_of(std::filesystem::path(COXSWAIN_SOURCE_DIR) / file));
        ASSERT_TRUE(policy) << test::problems_of(policy);
        auto const* book = policy->runbook("first-look");
        ASSERT_TRUE(book) << file;
        EXPECT_EQ(std::ranges::count_if(book->steps, [](auto const& step) { return !step.ask.empty(); }), 4);
        for (auto const& step : book->steps) {
            EXPECT_NE(step.ask.empty(), step.advise.empty()) << step.key;
            EXPECT_EQ(step.commands.empty(), step.advise.empty()) << step.key;
        }
    }
}

TEST(ShippedPolicy, EverySeverityCanBeTold) {
    EXPECT_EQ(doubts_about(shipped()), "");
    auto const example = std::filesystem::path(COXSWAIN_SOURCE_DIR) / "config/examples/p1-p3/policy.yaml";
    EXPECT_EQ(doubts_about(test::content_of(example)), "");
}

// Whatever an editor, a disk or a merge does to the file: problems with a place, or a policy that keeps its promises.
TEST(ShippedPolicy, AnyDamageGivesProblemsOrASoundPolicy) {
    auto const whole = shipped();
    ASSERT_FALSE(whole.empty());
    std::mt19937 dice{20261123};
    std::string_view const bits[] = {"&a ", "*a", "!!map ", "<<: ", "- ", "? ", ": ",    "{",   "}",          "[",
                                     "]",   "\"", "'",      "|\n",  ">",  "\t", "---\n", "...", "%TAG ! x\n", "\xFF",
                                     "# ",  ",",  "\n",     "  ",   "!",  "@",  "`",     "~"};
    auto const roll = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>{0, n - 1}(dice); };
    int refused = 0;
    for (int round = 0; round < 1500; ++round) {
        auto text = whole;
        for (auto edits = roll(4) + 1; edits > 0; --edits) {
            auto const at = roll(text.size());
            switch (roll(6)) {
            case 0: text[at] = static_cast<char>(roll(256)); break;
            case 1: text.erase(at, roll(40) + 1); break;
            case 2: text.insert(at, bits[roll(std::size(bits))]); break;
            case 3: text.insert(at, text.substr(roll(text.size()), roll(120))); break;
            case 4: text.resize(at + 1); break;
            default: text[at] = static_cast<char>(text[at] ^ (1 << roll(8)));
            }
        }
        auto const policy = load(text);
        if (!policy) {
            ++refused;
            ASSERT_FALSE(policy.error().empty());
            for (auto const& problem : policy.error()) {
                EXPECT_GE(problem.line, 1);
                EXPECT_GE(problem.column, 1);
                EXPECT_TRUE(problem.what.contains("; ")) << problem.what;
            }
            continue;
        }
        EXPECT_EQ(policy->roles.at(0).key, "commander");
        EXPECT_TRUE(policy->severity(policy->triage));
        for (auto const& severity : policy->severities)
            EXPECT_EQ(severity.roles.at(0), "commander");
    }
    EXPECT_GT(refused, 500);
}

} // namespace
} // namespace cox::bot
