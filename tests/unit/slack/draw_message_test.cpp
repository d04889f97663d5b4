#include "adapters/slack/drawing.hpp"
#include "block_checks.hpp"
#include "golden.hpp"
#include "samples.hpp"

#include <gtest/gtest.h>

using namespace cox;
using namespace cox::slack;
using Json = nlohmann::json;

namespace {

effect::Post post(std::string text, std::vector<Button> buttons = {}) {
    return {channel_id("T1", "C1"), effect::PostKind::word, std::move(text), std::move(buttons)};
}

Json elements(Drawn const& drawn) {
    for (auto const& block : Json::parse(drawn.blocks)) {
        if (block["type"] == "actions") return block["elements"];
    }
    return Json::array();
}

} // namespace

TEST(SlackMessage, an_update_keeps_its_lines) {
    auto const drawn = draw(effect::Post{
        channel_id("T1", "C1"),
        effect::PostKind::update,
        "[" + marks::moment(half_past_two - std::chrono::minutes{15}, "14:15 UTC") +
            "] SEV-1 checkout errors\nImpact: ~38% of payments fail <eu>\nCurrent hypothesis: release 4.12 "
            "(likely)\nActions in progress: roll back 4.12 owned by Ameer (ETA " +
            marks::moment(half_past_two - std::chrono::minutes{5}, "14:25") +
            ")\nDecision needed: none\nNext update: " + marks::moment(half_past_two, "14:30 UTC") +
            "\nNot confirmed by the commander: posted from the log.",
        {{"update", "Confirm and post"}}});
    expect_golden("update", drawn.blocks);
    EXPECT_TRUE(drawn.text.starts_with(
        "[<!date^1790000100^{time}|14:15 UTC>] SEV-1 checkout errors\nImpact: ~38% of payments fail &lt;eu&gt;\n"));
}

TEST(SlackMessage, an_offer_mentions_the_one_asked_and_has_both_answers) {
    auto const sara = person("U0SARA", "Sara");
    auto const drawn =
        draw(post(marks::mention(sara) + ", Ana asks you to be Communications: " + marks::code("accept comms") +
                      " or " + marks::code("decline comms"),
                  {{"accept comms", "Accept"}, {"decline comms", "Decline"}}));
    expect_golden("offer", drawn.blocks);
    EXPECT_EQ(drawn.text, "<@U0SARA>, Ana asks you to be Communications: `/inc accept comms` or `/inc decline comms`");
}

TEST(SlackMessage, a_button_carries_the_whole_command) {
    auto const buttons = elements(draw(post("x", {{"done A1 errors below 8%", "Done"}, {"done A2", "Done"}})));
    ASSERT_EQ(buttons.size(), 2u);
    EXPECT_EQ(buttons[0]["action_id"], "cox.0:done");
    EXPECT_EQ(buttons[0]["value"], "done A1 errors below 8%");
    EXPECT_EQ(buttons[1]["action_id"], "cox.1:done");
}

TEST(SlackMessage, the_first_wanted_answer_stands_out_and_so_does_what_ends_something) {
    auto const buttons = elements(draw(post(
        "x", {{"status", "Status"}, {"accept A1", "Accept"}, {"accept A2", "Accept"}, {"resolve! x", "Resolve"}})));
    EXPECT_FALSE(buttons[0].contains("style"));
    EXPECT_EQ(buttons[1]["style"], "primary");
    EXPECT_FALSE(buttons[2].contains("style"));
    EXPECT_EQ(buttons[3]["style"], "danger");
}

TEST(SlackMessage, half_a_command_is_never_put_into_a_button) {
    EXPECT_EQ(elements(draw(post("x", {{"note " + std::string(1995, 'n'), "Note"}}))).size(), 1u);
    EXPECT_EQ(elements(draw(post("x", {{"note " + std::string(1996, 'n'), "Note"}}))).size(), 0u);
    EXPECT_EQ(elements(draw(post("x", {{" ", "Nothing"}}))).size(), 0u);
}

TEST(SlackMessage, a_button_without_a_label_shows_its_command) {
    EXPECT_EQ(elements(draw(post("x", {{"accept A1", ""}})))[0]["text"]["text"], "accept A1");
}

TEST(SlackMessage, a_text_that_is_too_long_is_cut_and_says_where_the_rest_is) {
    std::string lines;
    for (int i = 0; i < 600; ++i)
        lines += "line " + std::to_string(i) + " of what happened\n";
    auto const drawn = draw(post(lines));
    auto const seen = look_at_message(drawn.text, drawn.blocks);
    EXPECT_EQ(seen.broken, std::vector<std::string>{});
    EXPECT_NE(drawn.blocks.find("`/inc timeline` has the rest"), std::string::npos);
    EXPECT_TRUE(seen.shown.starts_with("line 0 of what happened\nline 1 of what happened\n"));
    EXPECT_TRUE(drawn.text.ends_with("…"));
}

TEST(SlackMessage, every_section_of_a_long_text_ends_with_a_whole_line) {
    std::string lines;
    for (int i = 0; i < 250; ++i)
        lines += "line " + std::to_string(1000 + i) + " of what happened\n";
    auto const drawn = draw(post(lines));
    auto const blocks = Json::parse(drawn.blocks);
    ASSERT_GT(blocks.size(), 1u);
    std::string all;
    for (auto const& block : blocks)
        all += block["text"]["text"].get<std::string>() + "\n";
    EXPECT_EQ(all, lines);
}

TEST(SlackMessage, a_page_and_our_own_words_are_drawn_like_a_post) {
    auto const ana = person("U0ANA", "Ana");
    auto const page = draw(effect::PagePerson{channel_id("T1", "C1"), ana, marks::mention(ana) + ": <help>"});
    EXPECT_EQ(look_at_message(page.text, page.blocks).mentions, std::vector<std::string>{"<@U0ANA>"});
    EXPECT_EQ(page.text, "<@U0ANA>: &lt;help&gt;");
    auto const words = draw_words("Say " + marks::code("help"));
    EXPECT_EQ(Json::parse(words.blocks)[0]["text"]["text"], "Say `/inc help`");
}

TEST(SlackMessage, what_is_offered_in_a_thread_is_typed_as_a_message) {
    effect::Tell tell;
    tell.channel = channel_id("T1", "C1");
    tell.to = person("U0ANA", "Ana");
    tell.text = "Not yet: " + marks::code("mitigate! A2 because …") + ", " + marks::code("!help") + ", " +
                marks::code("ic me") + ", " + marks::code("not a command");
    auto const slash = draw(tell);
    EXPECT_EQ(slash.text, "Not yet: `/inc mitigate! A2 because …`, `!help`, `/inc ic me`, `not a command`");
    auto const message = draw(tell, {}, Typing::message);
    EXPECT_EQ(message.text, "Not yet: `!mitigate! A2 because …`, `!help`, `!ic me`, `not a command`");
    EXPECT_NE(message.blocks.find("`!mitigate! A2 because …`"), std::string::npos);
    EXPECT_EQ(message.blocks.find("/inc"), std::string::npos);
}

TEST(SlackMessage, an_empty_text_is_a_message_all_the_same) {
    auto const drawn = draw(post(""));
    EXPECT_EQ(look_at_message(drawn.text, drawn.blocks).broken, std::vector<std::string>{});
}
