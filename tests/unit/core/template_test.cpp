#include "core/template.hpp"

#include <gtest/gtest.h>
#include <kainjow/mustache.hpp>

#include <random>

namespace cox {
namespace {

using kainjow::mustache::data;

data to_data(View const& view) {
    data object{data::type::object};
    for (auto const& [name, value] : view.values) {
        object.set(std::string{name}, value.empty() ? data{data::type::bool_false} : data{value});
    }
    for (auto const& [name, rows] : view.lists) {
        data list{data::type::list};
        for (auto const& row : rows)
            list.push_back(to_data(row));
        object.set(std::string{name}, std::move(list));
    }
    return object;
}

std::string by_the_book(std::string const& text, View const& view) {
    kainjow::mustache::mustache parsed{text};
    parsed.set_custom_escape([](std::string const& value) { return value; });
    EXPECT_TRUE(parsed.is_valid()) << text;
    return parsed.render(to_data(view));
}

std::string filled(std::string const& text, View const& view) {
    return Template{text}.render(view.values, view.lists);
}

View const view{
    {{"name", "Ana"}, {"empty", ""}, {"twice", "first"}, {"lines", "one\ntwo"}, {"blank", "  "}, {"twice", "second"}},
    {{"rows", {{{{"name", "row 1"}, {"only", "a"}}, {}}, {{{"name", ""}}, {{"rows", {}}}}, {{{"x", "{{name}}"}}, {}}}},
     {"none", {}}}};

TEST(Template, fills_in_values_and_leaves_out_what_is_empty_or_unknown) {
    EXPECT_EQ(filled("{{name}}, {{ name }}, {{{name}}}, {{&name}}: {{empty}}{{unknown}}.", view),
              "Ana, Ana, Ana, Ana: .");
}

TEST(Template, shows_a_section_for_what_is_there_and_an_inverted_one_for_what_is_not) {
    EXPECT_EQ(filled("{{#name}}yes {{.}}{{/name}}{{^name}}no{{/name}} {{#none}}yes{{/none}}{{^none}}no{{/none}}", view),
              "yes Ana no");
}

TEST(Template, shows_the_rows_of_a_list_with_the_names_around_them) {
    EXPECT_EQ(filled("{{#rows}}[{{name}} {{twice}}]{{/rows}}", view), "[row 1 second][ second][Ana second]");
}

TEST(Template, leaves_no_line_behind_that_held_only_a_section) {
    EXPECT_EQ(filled("a\n{{#rows}}\n  {{only}}\n{{/rows}}\nb", view), "a\n  a\n  \n  \nb");
}

TEST(Template, does_not_fill_in_what_somebody_typed) {
    EXPECT_EQ(filled("{{#rows}}{{x}}{{/rows}}", view), "{{name}}");
}

TEST(Template, fills_in_any_text_as_the_mustache_library_does) {
    std::string const pieces[] = {"{{name}}", "{{empty}}",   "{{twice}}", "{{lines}}", "{{blank}}", "{{only}}",
                                  "{{.}}",    "{{! word }}", "\n",        "\r\n",      " ",         "\t",
                                  "text",     "{",           "}",         "two words", "–"};
    std::string const names[] = {"name", "empty", "rows", "none", "unknown", "blank", "lines", "x"};
    std::mt19937 random{20261123};
    auto const one_of = [&](auto const& all) { return all[random() % std::size(all)]; };
    for (int round = 0; round < 20'000; ++round) {
        std::string text;
        std::vector<std::string> open;
        for (auto left = random() % 14; left > 0; --left) {
            auto const dice = random() % 10;
            if (dice < 2 && open.size() < 4) {
                open.push_back(one_of(names));
                text += (dice == 0 ? "{{#" : "{{^") + open.back() + "}}";
            } else if (dice == 2 && !open.empty()) {
                text += "{{/" + open.back() + "}}";
                open.pop_back();
            } else {
                // "{" in front of a tag would be another tag.
                auto const piece = one_of(pieces);
                text += piece == "{" ? "{ " : piece;
            }
        }
        for (; !open.empty(); open.pop_back())
            text += "{{/" + open.back() + "}}";
        ASSERT_EQ(filled(text, view), by_the_book(text, view)) << text;
    }
}

} // namespace
} // namespace cox
