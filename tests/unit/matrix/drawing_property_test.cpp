// Whatever stands in whatever field: strict clients take what we draw, both forms say the same, it fits into an event,
// and it mentions exactly whom we meant.
#include "adapters/matrix/drawing.hpp"
#include "core/marks.hpp"
#include "html_checks.hpp"
#include "samples.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <random>

namespace cox::matrix {
namespace {

std::string const& hostile(std::size_t choice) {
    static std::vector<std::string> const all{"<b>",
                                              "</p>",
                                              "</a><a href=\"https://x.test\">",
                                              "<script>",
                                              "<mx-reply>",
                                              "<a href='javascript:x'>",
                                              "&",
                                              "&amp;",
                                              "&#x3c;b&#x3e;",
                                              "\"",
                                              "'",
                                              "\\",
                                              "`",
                                              "```\n",
                                              "**",
                                              "# ",
                                              "\n- ",
                                              "\n\n",
                                              "\n",
                                              " ",
                                              "![x](mxc://a/b)",
                                              "[x](https://matrix.to/#/@eve:lab.test)",
                                              "https://matrix.to/#/@eve:lab.test",
                                              "https://a.test/\"onclick=x",
                                              "https://a.test/'<b>",
                                              "http://",
                                              "javascript:alert(1)",
                                              "@room",
                                              "@eve:lab.test",
                                              "!inc resolve",
                                              "/status",
                                              "🔥",
                                              "👩‍🚒",
                                              "e\xCC\x81",
                                              "\xE2\x80\xA8",
                                              "\xE2\x80\xAE",
                                              "\x01",
                                              "\x02x\x03",
                                              "\x03",
                                              "\x1f",
                                              "\xFF",
                                              "\xED\xA0\x80",
                                              "word"};
    return all[choice % all.size()];
}

std::string any_text(std::mt19937& random, std::size_t most) {
    std::string text;
    for (auto left = random() % most; left > 0; --left)
        text += hostile(random());
    return text;
}

// What a reader sees of HTML, without the blanks and ends of lines that its blocks stand for.
std::string seen_words(std::string text) {
    std::erase_if(text, [](char c) { return c == '\n' || c == ' ' || c == '`'; });
    for (auto at = text.find("•"); at != text.npos; at = text.find("•", at))
        text.erase(at, std::string_view{"•"}.size());
    return text;
}

void check(std::string const& written, std::vector<std::string> const& meant) {
    ASSERT_LE(written.size(), 60'000U);
    auto const content = nlohmann::json::parse(written);
    auto const body = content["body"].get<std::string>();
    ASSERT_FALSE(body.empty());
    ASSERT_FALSE(body.starts_with('!') || body.starts_with('/')) << body;
    ASSERT_EQ(body.find("@room"), body.npos);
    auto const seen = read_html(content["formatted_body"].get<std::string>());
    ASSERT_TRUE(seen.faults.empty()) << seen.faults.front() << "\n" << content["formatted_body"];
    ASSERT_EQ(seen_words(seen.text), seen_words(body));
    auto const& mentions = content["m.mentions"];
    ASSERT_EQ(mentions.value("user_ids", std::vector<std::string>{}), meant);
    auto const pill = [](std::string const& link) { return link.starts_with("https://matrix.to/"); };
    ASSERT_LE(std::ranges::count_if(seen.links, pill), static_cast<std::ptrdiff_t>(meant.size()));
}

TEST(MatrixDrawingProperty, S25_APostIsTextWhateverPeopleType) {
    std::mt19937 random{20'261};
    for (int round = 0; round < 3000; ++round) {
        bool const names = random() % 2 == 0;
        auto const text = any_text(random, 40) + (names ? marks::mention({ana().id, any_text(random, 4)}) : "") +
                          any_text(random, round % 100 == 0 ? 9000 : 40);
        effect::Post const post{room(),
                                effect::PostKind::word,
                                text,
                                {{"accept " + any_text(random, 3), any_text(random, 3)}, {"status", "Status"}},
                                {}};
        check(message_content(draw(post, home), {"house:1"}),
              names ? std::vector<std::string>{"@ana:lab.test"} : std::vector<std::string>{});
        if (HasFatalFailure()) FAIL() << "round " << round;
    }
}

TEST(MatrixDrawingProperty, S25_ACardIsTextWhateverPeopleType) {
    std::mt19937 random{20'262};
    for (int round = 0; round < 1000; ++round) {
        auto const most = round % 50 == 0 ? 2000U : 20U;
        auto card = sample_card();
        card.title = any_text(random, most);
        card.impact = any_text(random, most);
        card.hypothesis = any_text(random, most);
        card.need = any_text(random, most);
        card.call = any_text(random, most);
        card.roles.push_back({any_text(random, 3), any_text(random, 3), any_text(random, most)});
        for (auto left = random() % 15; left > 0; --left)
            card.items.push_back({any_text(random, 3), any_text(random, most), any_text(random, most), "14:28",
                                  any_text(random, 3), left % 2 == 0});
        auto const drawn = draw(card, home);
        check(message_content(drawn, {"house:1", "INC-42"}), {});
        if (HasFatalFailure()) FAIL() << "round " << round;
        ASSERT_LE(message_content(drawn, {"house:2", "INC-42"}, {.edits = "$card"}).size(), 60'000U);
    }
}

} // namespace
} // namespace cox::matrix
