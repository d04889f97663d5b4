#include "adapters/slack/drawing.hpp"
#include "block_checks.hpp"
#include "golden.hpp"
#include "samples.hpp"

#include <gtest/gtest.h>

using namespace cox;
using namespace cox::slack;

TEST(SlackCard, shows_everything_the_commander_must_see_and_says_what_is_missing) {
    auto const drawn = draw(sample_card());
    expect_golden("card", drawn.blocks);
    EXPECT_EQ(drawn.text, sample_card().text);
}

TEST(SlackCard, a_card_without_anything_says_so_line_by_line) {
    auto const drawn = draw(Card{});
    for (auto const* words :
         {"no title · status not known", "*Impact:* not known yet", "*Hypothesis:* none yet", "*Decision needed:* none",
          "*Actions:* none", "last update none yet", "next update as needed"})
        EXPECT_NE(drawn.blocks.find(words), std::string::npos) << words;
    EXPECT_EQ(look_at_message(drawn.text, drawn.blocks).broken, std::vector<std::string>{});
}

TEST(SlackCard, a_closed_incident_has_nothing_to_press) {
    auto card = sample_card();
    card.buttons.clear();
    EXPECT_EQ(draw(card).blocks.find("\"actions\""), std::string::npos);
}

TEST(SlackCard, a_long_title_gives_way_to_the_status) {
    auto card = sample_card();
    card.title = std::string(300, 't');
    auto const header = nlohmann::json::parse(draw(card).blocks)[0]["text"]["text"].get<std::string>();
    EXPECT_EQ(code_points(header), 150u);
    EXPECT_TRUE(header.starts_with("SEV-1 ttt"));
    EXPECT_TRUE(header.ends_with("t… · investigating"));
}

TEST(SlackCard, what_does_not_fit_is_counted_and_says_where_it_is) {
    auto card = sample_card();
    card.impact = std::string(5000, 'i');
    card.items.resize(30, card.items.front());
    auto const drawn = draw(card);
    EXPECT_EQ(look_at_message(drawn.text, drawn.blocks).broken, std::vector<std::string>{});
    EXPECT_NE(drawn.blocks.find("… and 23 more: `/inc actions`"), std::string::npos);
    EXPECT_NE(drawn.blocks.find("Cut short: `/inc status` shows all of it"), std::string::npos);
}

TEST(SlackCard, what_else_holds_stands_under_the_actions_each_on_its_line) {
    auto card = sample_card();
    card.more = {{"Strategy", "rollback, because *it went out last*"}, {"Frozen", "deploys"}};
    auto const drawn = draw(card);
    EXPECT_NE(drawn.blocks.find("*Strategy:* rollback, because ∗it went out last∗\\n*Frozen:* deploys"),
              std::string::npos)
        << drawn.blocks;
    EXPECT_LT(drawn.blocks.find("*Actions:*"), drawn.blocks.find("*Strategy:*"));
    EXPECT_EQ(look_at_message(drawn.text, drawn.blocks).broken, std::vector<std::string>{});
}

TEST(SlackCard, more_than_it_holds_of_what_else_holds_is_cut_and_says_so) {
    auto card = sample_card();
    card.more.assign(20, {std::string(200, 'n'), std::string(2000, 't')});
    auto const drawn = draw(card);
    EXPECT_EQ(look_at_message(drawn.text, drawn.blocks).broken, std::vector<std::string>{});
    EXPECT_NE(drawn.blocks.find("Cut short: `/inc status` shows all of it"), std::string::npos);
}

TEST(SlackCard, S24_names_people_without_notifying_them) {
    auto card = sample_card();
    card.impact = marks::mention(person("U0BO", "Bo")) + " <!channel> <@U0CY>";
    auto const drawn = draw(card);
    EXPECT_EQ(look_at_message(drawn.text, drawn.blocks).mentions, std::vector<std::string>{});
    EXPECT_NE(drawn.blocks.find("*Impact:* Bo &lt;!channel&gt; &lt;@U0CY&gt;"), std::string::npos);
}

TEST(SlackCard, a_fact_of_several_lines_stays_on_its_own) {
    auto card = sample_card();
    card.impact = "a\n*Decision needed:* all of it";
    EXPECT_NE(draw(card).blocks.find("*Impact:* a ∗Decision needed:∗ all of it"), std::string::npos);
}
