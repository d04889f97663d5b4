#include "adapters/matrix/drawing.hpp"
#include "core/marks.hpp"
#include "html_checks.hpp"
#include "samples.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace cox::matrix {
namespace {

using nlohmann::json;

TEST(MatrixCard, ShowsAtAGlanceWhatTheCommanderMustSee) {
    auto const drawn = draw(sample_card(), home);
    EXPECT_EQ(drawn.body, "SEV-1 checkout errors · investigating\n\n"
                          "IC Ana Berg · Comms nobody\n\n"
                          "Impact: ~38% checkout failures in web app\n"
                          "Hypothesis: release 4.12 raised payment timeouts (suspected)\n"
                          "Decision needed: none\n"
                          "Call: https://meet.test/inc-42\n\n"
                          "Actions:\n\n"
                          "• A1 roll back 4.12 · Bo · ETA 14:28 UTC · running · mitigation\n\n"
                          "INC-42 · last update 14:20 UTC · next update 14:30 UTC\n\n"
                          "🙋 Take command: `!inc ic me` · 📣 Post update: `!inc update` · 📋 Status: `!inc status`");
    auto const seen = read_html(drawn.html);
    EXPECT_TRUE(seen.faults.empty()) << seen.faults.front();
    EXPECT_EQ(seen.links, std::vector<std::string>{"https://meet.test/inc-42"});
    EXPECT_TRUE(drawn.html.starts_with("<p><strong>SEV-1 checkout errors · investigating</strong></p>\n"));
    EXPECT_NE(drawn.html.find("<ul>\n<li><strong>A1</strong> roll back 4.12"), std::string::npos);
}

TEST(MatrixCard, WhatElseHoldsStandsUnderTheActionsEachOnItsLine) {
    auto card = sample_card();
    card.more = {{"Strategy", "rollback, because it went out last"}, {"Frozen", "deploys & flags"}};
    auto const drawn = draw(card, home);
    EXPECT_NE(drawn.body.find("running · mitigation\n\n"
                              "Strategy: rollback, because it went out last\n"
                              "Frozen: deploys & flags\n\n"
                              "INC-42 · last update"),
              std::string::npos)
        << drawn.body;
    EXPECT_NE(drawn.html.find("<strong>Strategy:</strong> rollback"), std::string::npos) << drawn.html;
    EXPECT_TRUE(read_html(drawn.html).faults.empty());
}

TEST(MatrixCard, MoreThanItHoldsOfWhatElseHoldsIsCutAndSaysSo) {
    auto card = sample_card();
    card.more.assign(20, {std::string(200, 'n'), std::string(2000, '<')});
    auto const drawn = draw(card, home);
    EXPECT_NE(drawn.body.find("Cut short: `!inc status`"), std::string::npos);
    EXPECT_TRUE(read_html(drawn.html).faults.empty());
}

TEST(MatrixCard, WhatIsMissingSaysSo) {
    Card card;
    card.incident = {7};
    auto const body = draw(card, home).body;
    EXPECT_EQ(body, "no severity no title · status not known\n\n"
                    "Impact: not known yet\nHypothesis: none yet\nDecision needed: none\n\n"
                    "Actions: none\n\n"
                    "INC-7 · last update none yet · next update as needed");
}

TEST(MatrixCard, MentionsNobodyAndNotifiesNobody) {
    auto card = sample_card();
    card.impact = marks::mention(ana()) + " @room";
    auto const said = json::parse(message_content(draw(card, home), {"house:7", "INC-42"}));
    EXPECT_EQ(said["msgtype"], "m.notice");
    EXPECT_EQ(said["m.mentions"], json::object());
    EXPECT_EQ(said["coxswain"]["op"], "house:7");
    EXPECT_EQ(said["coxswain"]["card"], "INC-42");
}

TEST(MatrixCard, AnEditSaysTheNewOnceForThoseWhoKnowEditsAndOnceForThoseWhoDoNot) {
    auto const drawn = draw(sample_card(), home);
    auto const said = json::parse(message_content(drawn, {"house:9", "INC-42"}, {.edits = "$card"}));
    EXPECT_EQ(said["m.relates_to"], (json{{"rel_type", "m.replace"}, {"event_id", "$card"}}));
    EXPECT_EQ(said["body"], "* " + drawn.body);
    EXPECT_EQ(said["m.new_content"]["body"], drawn.body);
    EXPECT_EQ(said["m.new_content"]["msgtype"], said["msgtype"]);
    EXPECT_EQ(said["m.mentions"], json::object());
    EXPECT_EQ(said["m.new_content"]["m.mentions"], json::object());
    EXPECT_FALSE(said["m.new_content"].contains("m.relates_to"));
    EXPECT_EQ(read_reactions(said), drawn.reactions);
}

TEST(MatrixCard, ALongNightIsCutAndItsEditStillFits) {
    auto card = sample_card();
    for (int i = 0; i < 40; ++i)
        card.items.push_back(
            {"A" + std::to_string(i), std::string(500, '"'), std::string(300, '&'), "14:28", "running", false});
    card.impact = std::string(3000, '<');
    card.hypothesis = card.need = card.title = card.impact;
    auto const drawn = draw(card, home);
    EXPECT_LE(message_content(drawn, {"house:9", "INC-42"}, {.edits = "$card"}).size(), 2 * longest_card + 3000);
    EXPECT_NE(drawn.body.find("Cut short: `!inc status` shows where things stand, `!inc actions` every action."),
              std::string::npos);
    EXPECT_TRUE(read_html(drawn.html).faults.empty());
}

TEST(MatrixCard, MoreActionsThanItHoldsAreCounted) {
    auto card = sample_card();
    for (int i = 0; i < 20; ++i)
        card.items.push_back({"A" + std::to_string(i), "look", "Bo", "—", "open", false});
    EXPECT_NE(draw(card, home).body.find("• … and 9 more: `!inc actions`"), std::string::npos);
}

} // namespace
} // namespace cox::matrix
