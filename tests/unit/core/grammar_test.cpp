#include "core/grammar.hpp"

#include "room.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace cox {
namespace {

TEST(Grammar, HoldsEveryCommandOnce) {
    std::set<std::string_view> words;
    for (auto const& row : grammar()) {
        EXPECT_TRUE(words.insert(row.verb).second) << row.verb;
        for (auto const alias : row.aliases)
            EXPECT_TRUE(words.insert(alias).second) << alias;
    }
    for (auto const* const verb :
         {"declare", "status", "help",     "policy",  "ic",        "comms",     "ops",      "scribe",   "tech",
          "role",    "accept", "decline",  "release", "takeover",  "page",      "call",     "invite",   "impact",
          "hyp",     "need",   "note",     "started", "act",       "mitigate",  "ack",      "eta",      "done",
          "fail",    "drop",   "actions",  "decide",  "strategy",  "freeze",    "unfreeze", "approve",  "reject",
          "runbook", "sev",    "update",   "next",    "broadcast", "contained", "unstable", "resolve",  "reopen",
          "cancel",  "merge",  "timeline", "report",  "review",    "answer",    "why",      "followup", "followups",
          "stats",   "drill",  "move"})
        EXPECT_TRUE(words.contains(verb)) << verb;
}

TEST(Grammar, FindsRowsByVerbAndAliasWhateverTheCase) {
    EXPECT_EQ(find_row("DECLARE")->verb, "declare");
    for (auto const& [alias, verb] :
         std::vector<std::pair<std::string_view, std::string_view>>{{"open", "declare"},
                                                                    {"new", "declare"},
                                                                    {"s", "status"},
                                                                    {"hypothesis", "hyp"},
                                                                    {"do", "act"},
                                                                    {"fix", "mitigate"},
                                                                    {"u", "update"},
                                                                    {"mitigated", "contained"},
                                                                    {"stable", "contained"}})
        EXPECT_EQ(find_row(alias)->verb, verb) << alias;
    for (auto const* const word : {"", "declared", "decl", "hello", "declare "})
        EXPECT_EQ(find_row(word), nullptr) << word;
}

// What help hands out must be a command that works.
TEST(Grammar, HasExamplesThatParseToTheirRow) {
    test::Room const room;
    for (auto const& row : grammar()) {
        EXPECT_EQ(row.example.substr(0, row.example.find(' ')), row.verb);
        EXPECT_TRUE(row.usage.starts_with(row.verb)) << row.usage;
        auto const reading = room.read(row.example, Form::command);
        EXPECT_TRUE(std::holds_alternative<Parsed>(reading)) << row.example;
    }
}

TEST(Grammar, SaysWhatEachCommandDoesInOneLine) {
    for (auto const& row : grammar()) {
        EXPECT_FALSE(row.does.empty()) << row.verb;
        EXPECT_LE(row.does.size(), 80u) << row.verb;
        EXPECT_EQ(row.does.find('\n'), row.does.npos);
    }
}

TEST(Suggestions, NameTheCommandsNearAMistypedWord) {
    auto const first = [](std::string_view word) {
        auto const found = suggestions(word);
        return found.empty() ? std::string_view{"-"} : found.front();
    };
    EXPECT_EQ(first("contaned"), "contained");
    EXPECT_EQ(first("mitigte"), "mitigate");
    EXPECT_EQ(first("CONTIANED"), "contained");
    EXPECT_EQ(first("decalre"), "declare");
    EXPECT_EQ(first("stauts"), "status");
    EXPECT_EQ(first("resolved"), "resolve");
    EXPECT_EQ(first("hypotesis"), "hypothesis");
    EXPECT_EQ(first("upd"), "update");
    EXPECT_EQ(first("accpet"), "accept");
}

TEST(Suggestions, AreAtMostThreeAndFromWhatIsBuiltFirst) {
    for (auto const* const word : {"ac", "dec", "re", "stat", "unst", "un"})
        EXPECT_LE(suggestions(word).size(), 3u) << word;
    auto const found = suggestions("unfreze");
    ASSERT_FALSE(found.empty());
    bool unbuilt_seen = false;
    for (auto const word : suggestions("acti")) {
        auto const built = find_row(word)->built;
        EXPECT_FALSE(built && unbuilt_seen);
        unbuilt_seen = unbuilt_seen || !built;
    }
}

TEST(Suggestions, AreEmptyWhereNothingIsNear) {
    for (auto const* const word : {"", "xyzzy", "q", "kubernetes", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
        EXPECT_TRUE(suggestions(word).empty()) << word;
}

} // namespace
} // namespace cox
