// Whatever stands in whatever field: Slack takes what we draw, and it mentions exactly whom we meant.
#include "adapters/slack/drawing.hpp"
#include "block_checks.hpp"
#include "samples.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

using namespace cox;
using namespace cox::slack;

namespace {

std::string const& hostile(std::size_t choice) {
    static std::vector<std::string> const all{"<!channel>",
                                              "<!here|here>",
                                              "<!everyone>",
                                              "<!subteam^S1|@ops>",
                                              "<@U0EVIL>",
                                              "<@W0EVIL|x>",
                                              "<#C0EVIL>",
                                              "@channel",
                                              "@here",
                                              "&lt;!channel&gt;",
                                              "&amp;",
                                              "&",
                                              "<",
                                              ">",
                                              "<!",
                                              "<@",
                                              "|",
                                              "^",
                                              ">>> quoted",
                                              "`",
                                              "```",
                                              "*",
                                              "_",
                                              "~",
                                              "*bold*",
                                              "_so_",
                                              "~gone~",
                                              "\n",
                                              "\n\n",
                                              " ",
                                              "  ",
                                              "<!date^1^{time}|x>",
                                              "https://g.test/a_b?c=<!here>&d=*e*",
                                              "http://x",
                                              "https://",
                                              "https://g.test/|<@U0EVIL>",
                                              "javascript:x",
                                              "[x](https://x.test)",
                                              "<https://x.test|label>",
                                              ":fire:",
                                              "\"",
                                              "\\",
                                              "\\u003c!here>",
                                              "{{title}}",
                                              "e\u0301",
                                              "*\u0301",
                                              "\u200D`",
                                              "a\u200D*",
                                              "\u200D\n",
                                              "👨‍👩‍👧",
                                              "🇩🇪",
                                              "👍🏽",
                                              "\u202Eabc",
                                              "\u200B",
                                              "\u2028",
                                              "漢字",
                                              "\x7f",
                                              "\x01",
                                              "\x02",
                                              "\x03",
                                              "\x04",
                                              "\x1f",
                                              "\x01U0EVIL",
                                              "\xC3",
                                              "\xF0\x9F",
                                              "\xED\xA0\x80",
                                              "\xFF",
                                              "—",
                                              "…",
                                              "ordinary words of a person",
                                              std::string(1, '\0')};
    return all[choice % all.size()];
}

class Author {
public:
    explicit Author(std::uint64_t seed) : random_{seed} {}

    std::size_t below(std::size_t n) { return random_() % n; }
    bool one_in(std::size_t n) { return below(n) == 0; }

    // Usually a few words, now and then far more than fits anywhere.
    std::string words() {
        std::string text;
        auto const count = one_in(12) ? below(3000) : below(12);
        auto const only = one_in(8) ? below(1000) : 0; // a flood of one thing
        for (std::size_t i = 0; i < count; ++i)
            text += hostile(only ? only : below(1000));
        return text;
    }
    Person somebody() {
        switch (below(4)) {
        case 0: return {user_id("T1", "U" + std::to_string(100 + below(50))), words()};
        case 1: return {UserId{"ana"}, words()};
        case 2: return {UserId{"slack:T1:" + words()}, words()};
        default: return {UserId{words()}, words()};
        }
    }
    Time some_time() { return Time{Duration{static_cast<std::int64_t>(random_() >> (below(3) * 20))}}; }
    // What the engine writes: words of people between marks. Whom it mentions goes to `meant`.
    std::string marked() {
        std::string text;
        for (auto n = below(6); n > 0; --n) {
            switch (below(4)) {
            case 0: {
                auto const one = somebody();
                auto const mark = marks::mention(one);
                if (one.id.value.starts_with("slack:T1:U1") && one.id.value.size() == 13 && mark != one.name) {
                    meant.push_back("<@" + one.id.value.substr(9) + ">");
                }
                text += mark;
                break;
            }
            case 1: text += marks::code(words()); break;
            case 2: text += marks::moment(some_time(), words()); break;
            default: text += clean(words());
            }
        }
        return text;
    }
    std::vector<Button> buttons() {
        std::vector<Button> all;
        for (auto n = one_in(10) ? below(60) : below(4); n > 0; --n)
            all.push_back({one_in(2) ? "accept A1" : words(), words()});
        return all;
    }

    std::vector<std::string> meant;

private:
    // People's words as they are when they are in an effect: nobody can type a mark.
    static std::string clean(std::string text) {
        std::erase_if(text, [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == '\x7f'; });
        return text;
    }

    std::mt19937_64 random_;
};

constexpr std::uint64_t rounds = 700;

void expect_sound(Seen const& seen, std::uint64_t seed) {
    ASSERT_EQ(seen.broken, std::vector<std::string>{}) << "seed " << seed;
}

// All whom we meant, and nobody else. A text that was cut may have lost some.
void expect_mentions(std::vector<std::string> const& found, std::vector<std::string> const& meant, bool was_cut,
                     std::uint64_t seed) {
    if (!was_cut) {
        ASSERT_EQ(found, meant) << "seed " << seed;
        return;
    }
    ASSERT_LE(found.size(), meant.size()) << "seed " << seed;
    ASSERT_TRUE(std::ranges::equal(found, std::span{meant}.first(found.size()))) << "seed " << seed;
}

} // namespace

TEST(SlackDrawing, S24_the_mentions_of_any_message_are_those_we_meant_and_slack_takes_it) {
    std::size_t mentions = 0;
    std::size_t cut_short = 0;
    for (std::uint64_t seed = 1; seed <= rounds; ++seed) {
        Author author{seed};
        auto const text = author.marked();
        auto const buttons = author.buttons();
        for (auto const& drawn : {draw(effect::Post{{"c"}, effect::PostKind::word, text, buttons}),
                                  draw(effect::Tell{{"c"}, author.somebody(), text, buttons}),
                                  draw(effect::PagePerson{{"c"}, author.somebody(), text}), draw_words(text)}) {
            auto const seen = look_at_message(drawn.text, drawn.blocks);
            expect_sound(seen, seed);
            bool const was_cut = drawn.blocks.find("Cut short: a message holds no more.") != std::string::npos;
            expect_mentions(seen.mentions, author.meant, was_cut, seed);
            expect_mentions(seen.beside, author.meant, drawn.text.ends_with("…"), seed);
            bool const in_parts = was_cut || seen.blocks > 3;
            for (char const c : {'*', '_', '~'})
                ASSERT_TRUE(in_parts || std::ranges::count(seen.formatting, c) <= 1) << c << " seed " << seed;
            mentions += seen.mentions.size();
            cut_short += was_cut ? 1 : 0;
        }
    }
    EXPECT_GT(mentions, 300u);
    EXPECT_GT(cut_short, 50u);
}

TEST(SlackDrawing, S24_any_card_mentions_nobody_and_slack_takes_it) {
    for (std::uint64_t seed = 1; seed <= rounds; ++seed) {
        Author author{seed};
        Card card;
        card.incident = {static_cast<std::int64_t>(author.below(100))};
        for (auto* part : {&card.severity, &card.title, &card.status, &card.impact, &card.hypothesis, &card.need,
                           &card.last_update, &card.next_update_text, &card.text})
            *part = author.one_in(2) ? author.words() : author.marked();
        for (auto n = author.below(14); n > 0; --n)
            card.roles.push_back({author.words(), author.words(), author.marked()});
        for (auto n = author.below(14); n > 0; --n)
            card.items.push_back(
                {author.words(), author.marked(), author.words(), author.words(), author.words(), author.one_in(2)});
        if (author.one_in(2)) card.next_update = author.some_time();
        card.buttons = author.buttons();
        auto const drawn = draw(card);
        auto const seen = look_at_message(drawn.text, drawn.blocks);
        expect_sound(seen, seed);
        ASSERT_EQ(seen.mentions, std::vector<std::string>{}) << "seed " << seed;
        ASSERT_EQ(seen.beside, std::vector<std::string>{}) << "seed " << seed;
    }
}

TEST(SlackDrawing, S24_any_form_and_any_home_mention_nobody_and_slack_takes_them) {
    for (std::uint64_t seed = 1; seed <= rounds; ++seed) {
        Author author{seed};
        Policy policy = sample_policy();
        for (auto n = author.below(4); n > 0; --n) {
            Severity severity;
            severity.key = author.words();
            severity.label = author.words();
            severity.definition = author.words();
            policy.severities.push_back(severity);
        }
        std::vector<Incident> incidents;
        for (auto n = author.below(30); n > 0; --n) {
            auto incident = sample_incident();
            incident.id = {static_cast<std::int64_t>(author.below(1000))};
            incident.title = author.words();
            incident.severity = author.one_in(2) ? "1" : author.words();
            incident.severity_label = author.words();
            incident.seats.front().holder = author.somebody();
            incident.channel = Channel{ChannelId{author.words()}, author.words()};
            incident.impact = Fact{author.words(), incident.opened_at};
            incident.hypothesis = Fact{author.words(), incident.opened_at};
            incident.need = Fact{author.words(), incident.opened_at};
            if (author.one_in(2)) incident.next_update = author.some_time();
            incidents.push_back(std::move(incident));
        }
        std::vector<Incident const*> open;
        for (auto const& incident : incidents)
            open.push_back(&incident);
        auto views =
            std::vector{declare_form(policy, author.words(), author.words(), author.words()), home_view(open, policy)};
        if (!incidents.empty()) views.push_back(update_form(incidents.front(), policy, author.words()));
        for (auto const& view : views) {
            auto const seen = look_at_view(view);
            expect_sound(seen, seed);
            ASSERT_EQ(seen.mentions, std::vector<std::string>{}) << "seed " << seed;
        }
    }
}

TEST(SlackDrawing, nothing_that_people_read_is_lost_where_nothing_is_cut) {
    // Ordinary text with no character that we show by another one.
    std::vector<std::string> const words{"rollback",           "of",  "4.12", "&", "<eu>", "漢字",
                                         "👨‍👩‍👧", "ok.", "38%",  "\n"};
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        Author author{seed};
        std::string text = "x";
        std::string without_gaps = "x";
        for (auto n = author.below(900); n > 0; --n) {
            auto const& word = words[author.below(words.size())];
            text += (author.one_in(3) ? " " : "") + word;
            if (word != "\n") without_gaps += escaped(word);
        }
        auto const drawn = draw(effect::Post{{"c"}, effect::PostKind::word, text, {}});
        if (drawn.blocks.find("Cut short") != std::string::npos) continue;
        auto shown = look_at_message(drawn.text, drawn.blocks).shown;
        std::erase_if(shown, [](char c) { return c == ' ' || c == '\n'; });
        ASSERT_EQ(shown, without_gaps) << "seed " << seed;
    }
}
