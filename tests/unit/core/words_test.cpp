#include "core/words.hpp"

#include <gtest/gtest.h>

namespace cox {
namespace {

std::vector<TemplateFile> const shipped{
    {"messages.mustache", "What stands before the first key is a remark.\n\n"
                          "## hello\nHello {{name}}{{#city}} of {{city}}{{/city}}.\n{{! also: street }}\n\n"
                          "## try\nTry `status {{name}}`.\n"},
    {"list.mustache", "First\n{{#none}}\nNothing.\n{{/none}}\n{{#rows}}\n- {{name}}\n{{/rows}}\nLast\n"}};

std::string as_seen(std::string_view marked) {
    return marks::plain(marked);
}

Words loaded() {
    auto words = Words::load(shipped, {});
    EXPECT_TRUE(words);
    return std::move(*words);
}

TEST(Words, fill_in_what_is_given_and_leave_out_what_is_empty) {
    auto const words = loaded();
    EXPECT_EQ(words.say("hello", {{"name", "Ana"}, {"city", ""}, {"street", ""}}), "Hello Ana.");
    EXPECT_EQ(words.say("hello", {{"name", "Ana"}, {"city", "Ulm"}, {"street", ""}}), "Hello Ana of Ulm.");
}

TEST(Words, leave_peoples_text_as_it_is) {
    auto const words = loaded();
    EXPECT_EQ(words.say("hello", {{"name", "<b>&{{city}}`x`"}, {"city", ""}, {"street", ""}}),
              "Hello <b>&{{city}}`x`.");
}

TEST(Words, mark_what_is_to_be_typed) {
    auto const words = loaded();
    auto const said = words.say("try", {{"name", "a`b"}});
    EXPECT_EQ(as_seen(said), "Try `status a`b`.");
    EXPECT_NE(said, as_seen(said));
}

TEST(Words, leave_no_empty_line_where_a_section_is_not_shown) {
    auto const words = loaded();
    View view{{{"none", ""}}, {{"rows", {View{{{"name", "a"}}, {}}, View{{{"name", "b"}}, {}}}}}};
    EXPECT_EQ(words.render("list", view), "First\n- a\n- b\nLast");
    EXPECT_EQ(words.render("list", View{{{"none", "yes"}}, {{"rows", {}}}}), "First\nNothing.\nLast");
}

TEST(Words, take_a_teams_own_sentence) {
    auto const words = Words::load(shipped, {{"own/messages.mustache", "## hello\nHi {{name}}, {{street}}!\n"}});
    ASSERT_TRUE(words);
    EXPECT_EQ(words->say("hello", {{"name", "Ana"}, {"city", ""}, {"street", "Elm St"}}), "Hi Ana, Elm St!");
    EXPECT_TRUE(words->has("try"));
    EXPECT_FALSE(words->has("own"));
}

TEST(Words, report_every_mistake_of_a_teams_templates_at_once_with_line_and_column) {
    auto const words = Words::load(shipped, {{"own/messages.mustache", "## hello\nHi\n  {{nmae}} {{>part}}\n"
                                                                       "## helo\nHi\n## hello\nHi again\n"},
                                             {"own/list.mustache", "{{#rows}}\n{{name}}\n"}});
    ASSERT_FALSE(words);
    auto const& problems = words.error();
    ASSERT_EQ(problems.size(), 5u);
    EXPECT_EQ(problems[0].path, "own/messages.mustache");
    EXPECT_EQ(problems[0].line, 3);
    EXPECT_EQ(problems[0].column, 3);
    EXPECT_NE(problems[0].what.find("\"nmae\" is not known to \"hello\""), std::string::npos);
    EXPECT_EQ(problems[1].line, 3);
    EXPECT_EQ(problems[1].column, 12);
    EXPECT_EQ(problems[2].line, 4);
    EXPECT_NE(problems[2].what.find("there is no message \"helo\""), std::string::npos);
    EXPECT_EQ(problems[3].line, 6);
    EXPECT_NE(problems[3].what.find("twice"), std::string::npos);
    EXPECT_EQ(problems[4].path, "own/list.mustache");
    EXPECT_GE(problems[4].line, 1);
    EXPECT_NE(problems[4].what.find("close every"), std::string::npos);
}

} // namespace
} // namespace cox
