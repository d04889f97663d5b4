#include "bot/config/policy_yaml.hpp"

#include "config_support.hpp"

#include <gtest/gtest.h>

namespace cox::bot {
namespace {

using test::edited;

std::string const head = R"(zone: UTC
triage: 1
severities:
  - {key: 1, label: SEV-1, definition: nobody can pay, update_every: 10 min, roles: [commander]}
roles:
  - {key: commander, title: Incident Commander, aliases: [ic]}
  - {key: ops, title: Operations Lead}
runbooks:
)";
std::string const book = R"(  - name: first-look
    title: Where to look first
    steps:
      - key: deploy
        ask: Did a deploy go out in the last six hours?
        answers: {yes: roll-back, no: query}
      - key: roll-back
        advise: Roll it back before you look for the cause.
        commands: [strategy rollback because a change went out, ops me]
      - key: query
        ask: Is a query slow?
        answers:
          "yes": kill
          "no": ask-around
          not-sure: ask-around
      - key: kill
        advise: End it.
      - key: ask-around
        advise: Ask who owns what fails.
)";

std::expected<Policy, std::vector<Problem>> load(std::string_view runbooks) {
    return load_policy("policy.yaml", head + std::string{runbooks}, test::known_rules);
}
std::string problems_after(std::string_view from, std::string_view to) {
    return test::problems_of(load(edited(book, from, to)));
}

TEST(RunbookFile, ReadsATreeOfQuestions) {
    auto const policy = load(book);
    ASSERT_TRUE(policy) << test::problems_of(policy);
    auto const* found = policy->runbook("First-Look");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->title, "Where to look first");
    ASSERT_EQ(found->steps.size(), 5u);
    auto const& first = found->steps[0];
    EXPECT_EQ(first.key, "deploy");
    EXPECT_EQ(first.ask, "Did a deploy go out in the last six hours?");
    EXPECT_EQ(first.advise, "");
    ASSERT_EQ(first.answers.size(), 2u);
    EXPECT_EQ(first.answers[0].say + " " + first.answers[0].then, "yes roll-back");
    EXPECT_EQ(first.answers[1].say + " " + first.answers[1].then, "no query");
    auto const& end = found->steps[1];
    EXPECT_EQ(end.ask, "");
    EXPECT_EQ(end.commands, (std::vector<std::string>{"strategy rollback because a change went out", "ops me"}));
    EXPECT_EQ(found->step("query")->answers.size(), 3u);
}

TEST(RunbookFile, YesAndNoAreWordsHoweverTheyAreWritten) {
    for (auto const* answers :
         {"{yes: roll-back, no: query}", "{\"yes\": roll-back, 'no': query}", "{true: roll-back, false: query}"}) {
        auto const policy = load(edited(book, "{yes: roll-back, no: query}", answers));
        ASSERT_TRUE(policy) << answers << "\n" << test::problems_of(policy);
        auto const& read = policy->runbooks[0].steps[0].answers;
        EXPECT_EQ(read[0].say, "yes") << answers;
        EXPECT_EQ(read[1].say, "no") << answers;
    }
}

TEST(RunbookFile, APolicyMayHaveNone) {
    auto const policy = load("  []\n");
    ASSERT_TRUE(policy) << test::problems_of(policy);
    EXPECT_TRUE(policy->runbooks.empty());
    EXPECT_EQ(policy->runbook("first-look"), nullptr);
}

struct Mistake {
    char const* name;
    char const* from;
    char const* to;
    char const* said; // behind "policy.yaml:"
};
class RunbookMistake : public testing::TestWithParam<Mistake> {};

TEST_P(RunbookMistake, IsNamedWithItsLineColumnAndCure) {
    auto const& row = GetParam();
    EXPECT_EQ(problems_after(row.from, row.to), "policy.yaml:" + std::string{row.said} + "\n");
}

Mistake const mistakes[] = {
    {"NameOfTwoWords", "name: first-look", "name: first look",
     "9:11: \"name\" is a word that people type, and \"first look\" holds a blank; use letters, digits, dashes and "
     "dots"},
    {"NoTitle", "    title: Where to look first\n", "",
     "9:5: a runbook needs \"title\"; add it, for example title: Where to look first"},
    {"UnknownKey", "        ask: Is a query slow?", "        aks: Is a query slow?\n        ask: Is a query slow?",
     "19:9: \"aks\" is not known in a step; did you mean \"ask\"?"},
    {"NoSuchStep", "no: query}", "no: qery}", "14:39: there is no step \"qery\"; did you mean \"query\"?"},
    {"KeyTwice", "key: kill", "key: deploy", "24:14: the step \"deploy\" is there already; give each its own key"},
    {"AsksAndAdvises", "        advise: End it.", "        ask: Which?\n        advise: End it.",
     "26:17: a step asks or advises, not both; let an answer lead to a step that advises"},
    {"NeitherAsksNorAdvises", "        advise: End it.\n", "",
     "24:9: this step neither asks nor advises; write ask: and answers:, or advise:"},
    {"NoAnswers", "        answers: {yes: roll-back, no: query}\n", "",
     "13:14: this question has no answers; add them, for example answers: {yes: roll-back, no: slow-query}"},
    {"OneAnswer", "{yes: roll-back, no: query}", "{yes: roll-back}",
     "14:18: a question has 2 to 5 answers and this one has 1; add one, or ask in two steps"},
    {"SixAnswers", "{yes: roll-back, no: query}", "{a: query, b: query, c: query, d: query, e: query, f: query}",
     "14:18: a question has 2 to 5 answers and this one has 6; add one, or ask in two steps"},
    {"AnswerOfTwoWords", "not-sure", "not sure",
     "23:11: \"an answer\" is a word that people type, and \"not sure\" holds a blank; use letters, digits, dashes "
     "and dots"},
    {"AnswersAsList", "{yes: roll-back, no: query}", "[roll-back, query]",
     "14:18: \"answers\" is a map; write {yes: KEY, no: KEY}, each with the key of the step that follows"},
    {"AdviceWithAnswers", "        advise: End it.", "        advise: End it.\n        answers: {yes: kill, no: kill}",
     "26:18: advice ends the walk and has no answers; remove them, or ask"},
    {"CommandsOfAQuestion", "        ask: Is a query slow?",
     "        ask: Is a query slow?\n        commands: [status]",
     "20:19: commands belong to advice; move them to the step that the answer leads to"},
    {"NoSuchCommand", "[strategy rollback because a change went out", "[statsu",
     "17:20: there is no command \"statsu\"; did you mean \"status\"?"},
    {"CommandWithAPrefix", "[strategy rollback because a change went out, ops me]", "[\"/ops me\"]",
     "17:20: a command stands here without a prefix, each network has its own; write \"ops me\""},
    {"Unreachable", "yes: roll-back, no: query", "yes: query, no: query",
     "15:14: no answer leads to the step \"roll-back\"; name it in an answer, or remove it"},
    {"Circle", "not-sure: ask-around", "not-sure: deploy",
     "23:21: these answers lead round in a circle (deploy → query → deploy); let one of them lead on"},
    {"CircleOfOne", "not-sure: ask-around", "not-sure: query",
     "23:21: these answers lead round in a circle (query → query); let one of them lead on"},
    {"NoSteps", "  - name: first-look", "  - {name: other, title: Other, steps: []}\n  - name: first-look",
     "9:40: there is no step; add one"},
    {"NameTwice", "  - name: first-look",
     "  - {name: First-Look, title: Other, steps: [{key: a, advise: b}]}\n  - name: first-look",
     "10:11: the runbook \"first-look\" is there already; give each its own name"},
};

INSTANTIATE_TEST_SUITE_P(All, RunbookMistake, testing::ValuesIn(mistakes),
                         [](auto const& row) { return std::string{row.param.name}; });

TEST(RunbookFile, AListIsNoText) {
    EXPECT_EQ(test::problems_of(load("  first-look\n")),
              "policy.yaml:9:3: \"runbooks\" is a list; write it as a list, one runbook under each -\n");
}

} // namespace
} // namespace cox::bot
