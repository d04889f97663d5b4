#include "adapters/slack/mrkdwn.hpp"

#include "adapters/slack/drawing.hpp"
#include "adapters/slack/names.hpp"
#include "block_checks.hpp"
#include "core/marks.hpp"

#include <gtest/gtest.h>

using namespace cox;
using namespace cox::slack;

namespace {

Person const sara{slack::user_id("T1", "U0SARA"), "Sara"};
Time const at{std::chrono::seconds{1'790'000'000}};

std::string repeated(std::string_view text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i)
        all += text;
    return all;
}

} // namespace

TEST(SlackMrkdwn, escapes_three_characters_and_nothing_else) {
    EXPECT_EQ(escaped("a & b < c > d \" ' \\ é &amp;"), "a &amp; b &lt; c &gt; d \" ' \\ é &amp;amp;");
}

TEST(SlackMrkdwn, S24_what_a_person_types_can_mention_nobody) {
    for (auto const* typed :
         {"<!channel>", "<!here|here>", "<!everyone>", "<!subteam^S1|@ops>", "<@U1>", "<@W1|bo>", "<#C1|ops>"}) {
        auto const drawn = mrkdwn(typed);
        EXPECT_EQ(drawn, escaped(typed));
        EXPECT_EQ(drawn.find('<'), std::string::npos);
    }
}

TEST(SlackMrkdwn, S24_only_a_person_of_slack_is_mentioned) {
    EXPECT_EQ(mrkdwn("ask " + marks::mention(sara) + "."), "ask <@U0SARA>.");
    EXPECT_EQ(mrkdwn(marks::mention({user_id("E1", "W0BO"), "Bo"})), "<@W0BO>");
    EXPECT_EQ(mrkdwn(marks::mention({UserId{"ana"}, "Ana"})), "Ana");
    EXPECT_EQ(mrkdwn(marks::mention({UserId{"matrix:@ana:x.test"}, "Ana"})), "Ana");
}

TEST(SlackMrkdwn, S24_an_odd_id_is_no_mention_whatever_its_name) {
    for (auto const* id : {"slack:T1:channel", "slack:T1:U1>", "slack:T1:U1|x", "slack:T1:", "slack:T1:U", "slack:U1",
                           "slack:T1:x:U1", "slack:T1:u1", "slack:T1:S1", "slack:T1:!here"}) {
        EXPECT_EQ(mrkdwn(marks::mention({UserId{id}, "<!here>"})), "&lt;!here&gt;") << id;
    }
}

TEST(SlackMrkdwn, a_silent_text_names_people_without_notifying_them) {
    EXPECT_EQ(mrkdwn_silent("ask " + marks::mention(sara)), "ask Sara");
}

TEST(SlackMrkdwn, a_command_is_shown_as_it_is_typed_here) {
    EXPECT_EQ(mrkdwn(marks::code("accept A1")), "`/inc accept A1`");
    EXPECT_EQ(mrkdwn(marks::code("mitigate! A2 because …")), "`/inc mitigate! A2 because …`");
    EXPECT_EQ(mrkdwn(marks::code("owner @someone")), "`/inc owner @someone`");
    EXPECT_EQ(mrkdwn(marks::code("/impact huge")), "`/impact huge`");
    EXPECT_EQ(mrkdwn(marks::code("!impact huge")), "`!impact huge`");
    EXPECT_EQ(mrkdwn(marks::code("15m")), "`15m`");
    EXPECT_EQ(mrkdwn(marks::code("@someone")), "`@someone`");
}

TEST(SlackMrkdwn, a_channel_is_a_link_where_it_is_ours) {
    EXPECT_EQ(mrkdwn("in " + marks::place({{"slack:T1:C1"}, "inc-1"})), "in <#C1>");
    EXPECT_EQ(mrkdwn("in " + marks::place({{"ops"}, "ops"})), "in #ops");
    EXPECT_EQ(mrkdwn("in " + marks::place({{"slack:T1:U1"}, "x"})), "in #x");
}

TEST(SlackMrkdwn, S24_nobody_gets_out_of_a_span_of_code) {
    EXPECT_EQ(mrkdwn(marks::code("sev 2 because …")), "`/inc sev 2 because …`");
    EXPECT_EQ(mrkdwn(marks::code("a` <!here> `b")), "`aˋ &lt;!here&gt; ˋb`");
}

TEST(SlackMrkdwn, a_moment_shows_in_the_readers_zone_with_words_for_others) {
    EXPECT_EQ(mrkdwn(marks::moment(at, "14:13 UTC")), "<!date^1790000000^{time}|14:13 UTC>");
    EXPECT_EQ(mrkdwn(marks::moment(at, "a|b>c")), "<!date^1790000000^{time}|a|b&gt;c>");
    EXPECT_EQ(mrkdwn(marks::moment(at, "")), "<!date^1790000000^{time}|14:13 UTC>");
    EXPECT_EQ(mrkdwn(marks::moment(Time{std::chrono::hours{-5}}, "long ago")), "long ago");
}

TEST(SlackMrkdwn, a_pair_of_typed_formatting_characters_is_shown_by_look_alikes) {
    EXPECT_EQ(mrkdwn("*all* of it"), "∗all∗ of it");
    EXPECT_EQ(mrkdwn("~38% fail, ~12% wait"), "∼38% fail, ∼12% wait");
    EXPECT_EQ(mrkdwn("_so_"), "ˍsoˍ");
    EXPECT_EQ(mrkdwn("run `rm` ```x```"), "run ˋrmˋ ˋˋˋxˋˋˋ");
}

TEST(SlackMrkdwn, marks_and_joiners_do_not_hide_a_formatting_character) {
    EXPECT_EQ(mrkdwn("*\u0301a*"), "∗\u0301a∗");
    EXPECT_EQ(mrkdwn("漢\u200D`a"), "漢\u200Dˋa");
}

TEST(SlackMrkdwn, a_formatting_character_that_formats_nothing_stays) {
    EXPECT_EQ(mrkdwn("~38% of payments fail"), "~38% of payments fail");
    EXPECT_EQ(mrkdwn("pod_name and pod_zone"), "pod_name and pod_zone");
    EXPECT_EQ(mrkdwn("2 * 3"), "2 * 3");
}

TEST(SlackMrkdwn, a_typed_quotation_does_not_swallow_the_lines_after_it) {
    EXPECT_EQ(mrkdwn("a\n>>> b > c\n > d"), "a\n›&gt;&gt; b &gt; c\n › d");
}

TEST(SlackMrkdwn, an_address_is_a_link_and_keeps_every_character) {
    EXPECT_EQ(mrkdwn("see https://g.test/d/a_b?x=_1_&y=*2*z now"), "see <https://g.test/d/a_b?x=_1_&amp;y=*2*z> now");
    EXPECT_EQ(mrkdwn("(https://g.test/a)."), "(<https://g.test/a>).");
    EXPECT_EQ(mrkdwn("https://"), "https://");
    EXPECT_EQ(mrkdwn("xhttps://g.test"), "xhttps://g.test");
    EXPECT_EQ(mrkdwn("https://g.test/|<!here>"), "<https://g.test/>|&lt;!here&gt;");
    EXPECT_EQ(mrkdwn("javascript://g.test"), "javascript://g.test");
}

TEST(SlackMrkdwn, bytes_that_are_no_text_become_the_replacement_character) {
    EXPECT_EQ(valid_utf8("a\xC3<\xF0\x9F\x80z\xED\xA0\x80"), "a\uFFFD<\uFFFD\uFFFD\uFFFDz\uFFFD\uFFFD\uFFFD");
    EXPECT_EQ(valid_utf8("\xC0\xAF\xF4\x90\x80\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD");
    EXPECT_EQ(valid_utf8("é漢👍"), "é漢👍");
}

TEST(SlackMrkdwn, what_is_cut_ends_between_pieces) {
    auto const cut_at = [](std::string_view marked, std::size_t limit) {
        auto pieces = pieces_of(marked, Mentions::notify);
        cut(pieces, limit);
        return joined(pieces);
    };
    EXPECT_EQ(cut_at("abc", 3), "abc");
    EXPECT_EQ(cut_at("abcd", 3), "ab…");
    EXPECT_EQ(cut_at("ab cd", 4), "ab…");
    EXPECT_EQ(cut_at("a&b", 6), "a…");
    EXPECT_EQ(cut_at("a&b", 7), "a&amp;b");
    EXPECT_EQ(cut_at("x" + marks::mention(sara), 9), "x…");
    EXPECT_EQ(cut_at(marks::code("status") + "!", 8), "…");
    EXPECT_EQ(cut_at("👨‍👩‍👧👨‍👩‍👧", 15), "👨‍👩‍👧…");
}

TEST(SlackMrkdwn, a_long_text_is_divided_at_line_ends_then_at_blanks) {
    auto const parts = [](std::string const& text) { return divided(pieces_of(text, Mentions::notify), 3000); };
    auto const line = std::string(1800, 'x');
    EXPECT_EQ(parts(line + "\n" + line), (std::vector<std::string>{line, line}));
    EXPECT_EQ(parts(line + " " + line), (std::vector<std::string>{line, line}));
    EXPECT_EQ(parts(line + line), (std::vector<std::string>{std::string(3000, 'x'), std::string(600, 'x')}));
    EXPECT_EQ(parts("  \n "), std::vector<std::string>{});
}

TEST(SlackMrkdwn, a_long_span_of_code_is_divided_into_spans) {
    auto const drawn = mrkdwn(marks::code(std::string(2500, 'c')));
    EXPECT_EQ(drawn,
              "`" + std::string(1000, 'c') + "` `" + std::string(1000, 'c') + "` `" + std::string(500, 'c') + "`");
}

TEST(SlackMrkdwn, a_flood_of_combining_marks_is_divided_too) {
    auto const parts = divided(pieces_of("e" + repeated("\u0301", 4000), Mentions::notify), 3000);
    ASSERT_EQ(parts.size(), 2u);
    EXPECT_LE(code_points(parts[0]), 3000u);
    EXPECT_TRUE(is_utf8(parts[0]));
    EXPECT_EQ(parts[0] + parts[1], "e" + repeated("\u0301", 4000));
}

TEST(SlackMrkdwn, bold_holds_whatever_the_words_hold) {
    EXPECT_EQ(bold("Incident Commander"), "*Incident Commander*");
    EXPECT_EQ(bold("a * b"), "*a  b*");
    EXPECT_EQ(bold("x *b* <y>"), "*x ∗b∗ &lt;y&gt;*");
    EXPECT_EQ(bold(" "), "");
    EXPECT_LE(code_points(bold(std::string(500, '&'))), longest_bold);
}
