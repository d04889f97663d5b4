#include "adapters/slack/drawing.hpp"
#include "block_checks.hpp"
#include "core/characters.hpp"
#include "core/marks.hpp"

#include <gtest/gtest.h>

#include <random>

using namespace cox;
using namespace cox::slack;

TEST(SlackTopic, is_escaped_where_that_fits) {
    EXPECT_EQ(topic_text("SEV-1 a & b <c>"), "SEV-1 a &amp; b &lt;c&gt;");
    EXPECT_EQ(topic_text("one\ntwo " + marks::code("x")), "one two `x`");
}

TEST(SlackTopic, shows_look_alikes_where_entities_would_not_fit) {
    auto const topic = topic_text("<!channel> & " + std::string(237, 'x'));
    EXPECT_EQ(topic, "‹!channel› ＆ " + std::string(237, 'x'));
    EXPECT_EQ(code_points(topic), 250u);
}

TEST(SlackTopic, F73_is_never_over_250_characters_and_never_cut_inside_one) {
    std::vector<std::string> const characters{
        "a", "&", "<", ">", " ", "é", "e\u0301", "漢", "👍🏽", "👨‍👩‍👧", "🇩🇪", "❤️"};
    std::mt19937_64 random{73};
    for (int round = 0; round < 3000; ++round) {
        std::string text{"SEV"};
        std::vector<std::size_t> ends{3};
        for (auto n = random() % 300; n > 0; --n) {
            text += characters[random() % characters.size()];
            ends.push_back(text.size());
        }
        auto const topic = topic_text(text);
        ASSERT_LE(length(topic), 250u);
        ASSERT_EQ(topic.find_first_of("<>"), std::string::npos);
        ASSERT_TRUE(is_utf8(topic));
        // Taken character by character, all but the "…" are those of the text.
        std::string_view rest = topic;
        while (!rest.empty()) {
            auto const entity = rest.starts_with('&') ? rest.substr(0, rest.find(';') + 1) : std::string_view{};
            auto const one = entity.empty() ? rest.substr(0, first_character(rest)) : entity;
            std::vector<std::string_view> const ours{"S", "E", "V", "…", "&amp;", "&lt;", "&gt;", "＆", "‹", "›"};
            bool const whole =
                std::ranges::find(characters, one) != characters.end() || std::ranges::find(ours, one) != ours.end();
            // Two flags, or a mark after a joined character, belong together as the reader sees them.
            ASSERT_TRUE(whole) << one << " in " << topic;
            rest.remove_prefix(one.size());
        }
    }
}

TEST(SlackChannelName, is_what_slack_takes) {
    EXPECT_EQ(channel_name("#INC 7: Checkout errors!"), "inc-7-checkout-errors");
    EXPECT_EQ(channel_name("inc_7--x"), "inc_7-x");
    EXPECT_EQ(channel_name("-a-"), "a");
}

TEST(SlackChannelName, letters_beyond_ascii_are_written_in_ascii_or_left_out) {
    EXPECT_EQ(channel_name("Störung Größe café Łódź"), "stoerung-groesse-cafe-lodz");
    EXPECT_EQ(channel_name("cafe\u0301s"), "cafes");
    EXPECT_EQ(channel_name("支付 down"), "down");
}

TEST(SlackChannelName, is_never_empty) {
    EXPECT_EQ(channel_name(""), "incident");
    EXPECT_EQ(channel_name("支付"), "incident");
    EXPECT_EQ(channel_name("_-_"), "incident");
    EXPECT_EQ(channel_name("!!!", 3), "incident-3");
}

TEST(SlackChannelName, another_attempt_ends_with_its_number_within_80_characters) {
    EXPECT_EQ(channel_name("inc-7", 1), "inc-7");
    EXPECT_EQ(channel_name("inc-7", 2), "inc-7-2");
    EXPECT_EQ(channel_name(std::string(90, 'a')), std::string(80, 'a'));
    EXPECT_EQ(channel_name(std::string(90, 'a'), 12), std::string(77, 'a') + "-12");
    EXPECT_EQ(channel_name(std::string(77, 'a') + "-bbb", 2), std::string(77, 'a') + "-2");
}

TEST(SlackChannelName, holds_only_what_slack_takes_whatever_comes) {
    std::mt19937_64 random{80};
    for (int round = 0; round < 3000; ++round) {
        std::string wanted;
        for (auto n = random() % 120; n > 0; --n)
            wanted += static_cast<char>(random());
        auto const name = channel_name(wanted, static_cast<int>(random() % 1000));
        ASSERT_FALSE(name.empty());
        ASSERT_LE(name.size(), 80u);
        ASSERT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_"), std::string::npos) << name;
    }
}
