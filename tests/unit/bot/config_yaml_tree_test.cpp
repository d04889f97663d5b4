#include "bot/config/yaml_tree.hpp"

#include "config_support.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace cox::bot {
namespace {

std::string problems_in(std::string_view yaml) {
    Report report{"f"};
    read_yaml(yaml, report);
    return test::lines_of(report.take());
}

TEST(YamlTree, KeepsMapsListsAndTextWithTheirPlaces) {
    Report report{"f"};
    auto const root = read_yaml("a: 1\nb:\n  - off\n  - \"x y\"\nc:\n", report);
    ASSERT_TRUE(root);
    EXPECT_TRUE(report.empty());
    ASSERT_EQ(root->keys.size(), 3u);
    EXPECT_EQ(root->keys[1].name, "b");
    EXPECT_EQ(root->keys[1].line, 2);
    EXPECT_EQ(root->items[0].text, "1");
    EXPECT_EQ(root->items[0].column, 4);
    ASSERT_EQ(root->items[1].items.size(), 2u);
    EXPECT_EQ(root->items[1].items[0].text, "off");
    EXPECT_EQ(root->items[1].items[1].line, 4);
    EXPECT_EQ(root->items[2].kind, YamlNode::Kind::nothing);
}

TEST(YamlTree, AnEmptyFileIsNothingAndNoMistake) {
    for (std::string_view const empty : {"", "\n\n", "# only words\n", "\xEF\xBB\xBF", "---\n"}) {
        Report report{"f"};
        auto const root = read_yaml(empty, report);
        ASSERT_TRUE(root);
        EXPECT_TRUE(report.empty());
        EXPECT_EQ(root->kind, YamlNode::Kind::nothing);
    }
}

TEST(YamlTree, NamesAnAnchorAndItsAlias) {
    EXPECT_EQ(problems_in("a: &x 1\nb: *x\n"),
              "f:1:4: an anchor (&x) is not read here; remove it and write the value out where it is used\n"
              "f:2:4: an alias (*name) is not read here; write the value out\n");
}

TEST(YamlTree, ASelfAliasEnds) {
    EXPECT_EQ(problems_in("&a [*a]"),
              "f:1:1: an anchor (&a) is not read here; remove it and write the value out where it is used\n"
              "f:1:5: an alias (*name) is not read here; write the value out\n");
}

TEST(YamlTree, AnAliasBombIsNeverWalked) {
    std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n";
    for (int i = 1; i <= 9; ++i) {
        auto const before = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
        for (int k = 0; k < 9; ++k)
            bomb += (k > 0 ? "," : "") + before;
        bomb += "]\n";
    }
    Report report{"f"};
    auto const root = read_yaml(bomb, report);
    ASSERT_TRUE(root);
    EXPECT_EQ(root->items.size(), 10u);
    for (auto const& item : root->items)
        EXPECT_EQ(item.items.size(), 9u);
    EXPECT_EQ(report.take().size(), 10u + 81u);
}

TEST(YamlTree, RefusesTagsAndMergeKeys) {
    EXPECT_EQ(problems_in("a: !!str 1\n"),
              "f:1:4: a tag (tag:yaml.org,2002:str) is not read here; remove it, the value says what it is\n");
    EXPECT_EQ(problems_in("a: !thing [1]\n"),
              "f:1:4: a tag (!thing) is not read here; remove it, the value says what it is\n");
    EXPECT_EQ(problems_in("a:\n  <<: {b: 1}\n"), "f:2:3: a merge key (<<) is not read here; write the values out\n");
}

TEST(YamlTree, RefusesAKeyGivenTwiceAndNamesTheFirst) {
    EXPECT_EQ(problems_in("a: 1\nb: 2\na: 3\n"),
              "f:3:1: \"a\" stands here for the second time (first in line 1); keep one\n");
    EXPECT_EQ(problems_in("x: {a: 1, \"a\": 2}\n"),
              "f:1:11: \"a\" stands here for the second time (first in line 1); keep one\n");
}

TEST(YamlTree, RefusesKeysThatAreNoWords) {
    EXPECT_EQ(problems_in("? [a, b]\n: 1\nc: 2\n"), "f:1:3: a key is a word; write it as word: value\n");
    EXPECT_EQ(problems_in("~: 1\n"), "f:1:1: a key is a word; write it as word: value\n");
}

TEST(YamlTree, RefusesASecondDocument) {
    EXPECT_EQ(problems_in("a: 1\n---\nb: 2\n"),
              "f:2:1: a second document starts here; keep one document in a file (remove the --- line)\n");
}

TEST(YamlTree, SaysWhereTheSyntaxBreaks) {
    EXPECT_EQ(problems_in("a: 1\nb: [1, 2\n"),
              "f:3:1: this is not YAML (end of sequence flow not found); check indentation, colons, "
              "brackets and quotes here and in the line above\n");
    EXPECT_TRUE(problems_in("a: *nobody\n").starts_with("f:1:"));
}

// A file that was cut off in the middle of a text must not pass for a whole one.
TEST(YamlTree, RefusesAQuoteThatNeverCloses) {
    EXPECT_EQ(problems_in("a: 1\nb: 'it''s\n"),
              "f:2:4: a quote opens here and the file ends before it closes; close it\n");
    EXPECT_EQ(problems_in("a: \"half \\\" \nb: 1\n"),
              "f:1:4: a quote opens here and the file ends before it closes; close it\n");
    EXPECT_EQ(problems_in("a: 'it''s'\nb: \"x \\\" \\\\\"\nc: 'two\n  lines'\n"), "");
}

TEST(YamlTree, NamesATabInTheIndentation) {
    auto const said = problems_in("a:\n\tb: 1\n");
    EXPECT_TRUE(said.starts_with("f:2:")) << said;
    EXPECT_TRUE(said.contains("indented with a tab, use blanks")) << said;
}

TEST(YamlTree, CountsColumnsInCharacters) {
    EXPECT_EQ(problems_in("{\"größe\": 1, x: &a 2}\n"),
              "f:1:17: an anchor (&a) is not read here; remove it and write the value out where it is used\n");
}

TEST(YamlTree, RefusesBytesThatAreNotUtf8) {
    EXPECT_EQ(problems_in("a: 1\nb: x\xFF\n"), "f:2:5: this is not UTF-8; save the file as UTF-8\n");
    for (std::string_view const bad :
         {"\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\x80", "\xFE\xFF\0a"}) {
        EXPECT_EQ(problems_in(bad), "f:1:1: this is not UTF-8; save the file as UTF-8\n");
    }
}

// The parser would take the byte 4 for the end of the file and never see what follows.
TEST(YamlTree, RefusesControlCharacters) {
    using namespace std::string_view_literals;
    EXPECT_EQ(problems_in("a: 1\n\x04\nb: 2\n"), "f:2:1: a control character stands here; remove it\n");
    EXPECT_EQ(problems_in("a: \0 1\n"sv), "f:1:4: a control character stands here; remove it\n");
    EXPECT_EQ(problems_in("a: 1\r\nb: 2\r\n"), "");
}

TEST(YamlTree, RefusesAFileOverOneMebibyteAndReadsOneBelow) {
    std::string text = "a: 1\n";
    text.resize(longest_yaml, '#');
    EXPECT_EQ(problems_in(text), "");
    EXPECT_EQ(problems_in(text + "#"),
              "f: the file is larger than 1 MiB; a configuration is a few pages, check that it is the right file\n");
}

TEST(YamlTree, StopsAtDeepNesting) {
    std::string const flow(500'000, '[');
    EXPECT_TRUE(
        problems_in(flow).contains("nested more than 16 levels deep; nothing here needs that, check the brackets"));
    std::string block;
    for (int i = 0; i < 900; ++i)
        block += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
    EXPECT_EQ(problems_in(block),
              "f:17:17: nested more than 16 levels deep; nothing here needs that, check the brackets\n");
    EXPECT_TRUE(problems_in(std::string(500'000, '{')).contains("levels deep"));
}

TEST(YamlTree, StopsAtTooManyValues) {
    std::string many = "[";
    for (std::size_t i = 0; i <= most_yaml_nodes; ++i)
        many += "1,";
    EXPECT_TRUE(problems_in(many + "]").contains("more than 100000 values in one file; make it smaller"));
}

TEST(YamlTree, ShowsTheFirstHundredProblemsAndCountsTheRest) {
    Report report{"f"};
    for (int i = 150; i > 0; --i)
        report.add(i, 1, "wrong; mend it");
    auto const problems = report.take();
    ASSERT_EQ(problems.size(), 101u);
    EXPECT_TRUE(std::ranges::is_sorted(problems, {}, &Problem::line));
    EXPECT_EQ(problems.back().what, "and 50 more problems; mend those above first");
}

} // namespace
} // namespace cox::bot
