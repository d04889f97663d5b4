#include "adapters/matrix/drawing.hpp"
#include "core/marks.hpp"
#include "html_checks.hpp"
#include "samples.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace cox::matrix {
namespace {

using nlohmann::json;

Drawn post(std::string text, std::vector<Button> buttons = {}, effect::PostKind kind = effect::PostKind::word) {
    return draw(effect::Post{room(), kind, std::move(text), std::move(buttons), {}}, home);
}

json content(Drawn const& drawn) {
    return json::parse(message_content(drawn, {"house:7"}));
}

TEST(MatrixMessage, AWordIsANoticeWithBothFormsAndMentionsNobody) {
    auto const said = content(post("SEV-1 checkout errors\nImpact: ~38% of payments fail"));
    EXPECT_EQ(said["msgtype"], "m.notice");
    EXPECT_EQ(said["body"], "SEV-1 checkout errors\nImpact: ~38% of payments fail");
    EXPECT_EQ(said["format"], "org.matrix.custom.html");
    EXPECT_EQ(said["formatted_body"], "SEV-1 checkout errors<br />\nImpact: ~38% of payments fail");
    EXPECT_EQ(said["m.mentions"], json::object());
    EXPECT_EQ(said["coxswain"], (json{{"op", "house:7"}}));
}

TEST(MatrixMessage, WhoIsSpokenToIsNotifiedByATextWithAPill) {
    auto const said = content(post(marks::mention(ana()) + ", accept Incident Commander."));
    EXPECT_EQ(said["msgtype"], "m.text");
    EXPECT_EQ(said["body"], "Ana Berg, accept Incident Commander.");
    EXPECT_EQ(said["formatted_body"],
              "<a href=\"https://matrix.to/#/@ana:lab.test\">Ana Berg</a>, accept Incident Commander.");
    EXPECT_EQ(said["m.mentions"], (json{{"user_ids", {"@ana:lab.test"}}}));
}

TEST(MatrixMessage, APersonIsMentionedOnceHoweverOftenTheyAreNamed) {
    auto const drawn = post(marks::mention(ana()) + " " + marks::mention(bo()) + " " + marks::mention(ana()));
    EXPECT_EQ(drawn.users, (std::vector<std::string>{"@ana:lab.test", "@bo:lab.test"}));
}

TEST(MatrixMessage, PeopleOfOtherNetworksAreNamedAndNotMentioned) {
    auto const drawn = post(marks::mention({UserId{"slack:T1:U1"}, "Sara"}) + " has it");
    EXPECT_EQ(drawn.body, "Sara has it");
    EXPECT_EQ(drawn.html, "Sara has it");
    EXPECT_TRUE(drawn.users.empty());
    EXPECT_EQ(drawn.as, Drawn::As::notice);
}

TEST(MatrixMessage, S25_AnIdOfAnyLettersMakesALinkToNobodyElse) {
    auto const drawn = post(marks::mention({user_id("@e/v?#%\"<&' il:lab.test"), "Eve"}));
    auto const seen = read_html(drawn.html);
    EXPECT_TRUE(seen.faults.empty()) << seen.faults.front();
    EXPECT_EQ(seen.links, std::vector<std::string>{"https://matrix.to/#/@e%2Fv%3F%23%25%22%3C%26%27%20il:lab.test"});
    EXPECT_EQ(drawn.users, std::vector<std::string>{"@e/v?#%\"<&' il:lab.test"});
}

TEST(MatrixMessage, WhatIsNoUserIsNamedAndNotMentioned) {
    for (auto const* id : {"@nobody", "nobody:lab.test", "!room:lab.test", "@:"}) {
        auto const drawn = post(marks::mention({user_id(id), "Eve"}));
        EXPECT_EQ(drawn.html, "Eve") << id;
        EXPECT_TRUE(drawn.users.empty()) << id;
    }
}

TEST(MatrixMessage, AnAlertIsATextWhomeverItNames) {
    EXPECT_EQ(post("SEV-1", {}, effect::PostKind::alert).as, Drawn::As::text);
    EXPECT_EQ(post("nobody answers", {}, effect::PostKind::escalation).as, Drawn::As::text);
    EXPECT_EQ(post("[14:20 UTC] SEV-1", {}, effect::PostKind::update).as, Drawn::As::notice);
}

TEST(MatrixMessage, EachButtonIsAKeyWithWhatItDoesAndWhatCanBeTypedInstead) {
    auto const drawn = post("A1 waits for Bo.", {{"accept A1", "Accept"}, {"decline A1", "Decline"}});
    EXPECT_EQ(drawn.body, "A1 waits for Bo.\n\n✅ Accept: `!inc accept A1` · ❌ Decline: `!inc decline A1`");
    EXPECT_EQ(drawn.html, "<p>A1 waits for Bo.</p>\n<p>✅ Accept: <code>!inc accept A1</code> · ❌ Decline: "
                          "<code>!inc decline A1</code></p>");
    EXPECT_EQ(read_reactions(content(drawn)), (std::vector<Reaction>{{"✅", "accept A1"}, {"❌", "decline A1"}}));
}

TEST(MatrixMessage, WhatTheWordsSayAlreadyIsNotSaidTwice) {
    auto const drawn = post("Bo, " + marks::code("accept ops") + " or " + marks::code("decline ops"),
                            {{"accept ops", "Accept"}, {"decline ops", "Decline"}, {"status", "Status"}});
    EXPECT_EQ(drawn.body, "Bo, `!inc accept ops` or `!inc decline ops`\n\n"
                          "✅ Accept · ❌ Decline · 📋 Status: `!inc status`");
}

TEST(MatrixMessage, WhatCanBeTypedStandsAsItIsTypedHere) {
    EXPECT_EQ(post("Say " + marks::code("sev 2 because …")).body, "Say `!inc sev 2 because …`");
    EXPECT_EQ(post("Say " + marks::code("ops me")).body, "Say `!inc ops me`");
    EXPECT_EQ(post("You typed " + marks::code("/frobnicate")).body, "You typed `/frobnicate`");
}

TEST(MatrixMessage, AChannelIsALinkThatOthersCanFollow) {
    auto const drawn = post("Incident #42 is in " + marks::place({room(), "inc-42-checkout"}));
    EXPECT_EQ(drawn.body, "Incident #42 is in #inc-42-checkout");
    EXPECT_EQ(drawn.html, "Incident #42 is in <a href=\"https://matrix.to/#/!abc:lab.test?via=lab.test\">"
                          "#inc-42-checkout</a>");
}

TEST(MatrixMessage, AMomentStandsInTheZoneOfThePolicy) {
    EXPECT_EQ(post("Next update: " + marks::moment(Time{}, "15:30 CET")).html, "Next update: 15:30 CET");
}

TEST(MatrixMessage, AnAddressCanBeFollowed) {
    auto const seen = read_html(post("Runbook: https://wiki.test/a?b=1&c=2. Read it (https://x.test/y).").html);
    EXPECT_EQ(seen.links, (std::vector<std::string>{"https://wiki.test/a?b=1&amp;c=2", "https://x.test/y"}));
    EXPECT_EQ(seen.text, "Runbook: https://wiki.test/a?b=1&c=2. Read it (https://x.test/y).");
}

TEST(MatrixMessage, S25_AnAddressThatClientsShowAsAPersonStaysText) {
    EXPECT_TRUE(read_html(post("https://matrix.to/#/@eve:lab.test").html).links.empty());
    EXPECT_TRUE(read_html(post("HTTP https://Matrix.To/#/@eve:lab.test").html).links.empty());
}

TEST(MatrixMessage, S25_WhatPeopleTypeIsTextAndNotHtmlNorMarkdown) {
    std::string const typed = R"(<b>x</b> <script>alert(1)</script> &lt; **bold** [x](https://x.test/") # no * list)";
    auto const seen = read_html(post(typed).html);
    EXPECT_TRUE(seen.faults.empty()) << seen.faults.front();
    EXPECT_EQ(seen.text, typed);
    EXPECT_EQ(seen.tags, (std::vector<std::string>{"a"})) << "the address, and nothing else";
}

TEST(MatrixMessage, S25_NobodyCallsTheWholeRoom) {
    for (auto const* typed : {"@room look", "@ROOM", "x@room"}) {
        auto const said = content(post(typed));
        EXPECT_EQ(said["m.mentions"], json::object());
        EXPECT_EQ(said["body"].get<std::string>().find(typed), std::string::npos) << typed;
    }
}

TEST(MatrixMessage, OtherWaysToEndALineDoNotEndOne) {
    EXPECT_EQ(post("a\xE2\x80\xA8"
                   "b\xE2\x80\xA9"
                   "c\xC2\x85"
                   "d")
                  .body,
              "a b c d");
}

TEST(MatrixMessage, NoBodyBeginsLikeACommand) {
    for (std::string const typed : {"!status now", "/status now", "\n\n!status"}) {
        auto const drawn = post(typed + " " + marks::mention(ana()));
        EXPECT_TRUE(drawn.body.starts_with("— ")) << drawn.body;
        EXPECT_EQ(read_html(drawn.html).text, drawn.body);
    }
}

TEST(MatrixMessage, WordsOfNothingAreADash) {
    EXPECT_EQ(post("").body, "—");
    EXPECT_EQ(post("\n \n").body, " ");
}

TEST(MatrixMessage, AnAnswerStandsInAThreadUnderWhatWasTypedAndDisturbsNobody) {
    effect::Tell const tell{room(), ana(), "Only " + marks::mention(bo()) + " may accept A1.", {}};
    auto const drawn = draw(tell, Manner::answer, home);
    auto const said = json::parse(message_content(drawn, {"house:8"}, {.answers = "$typed"}));
    EXPECT_EQ(said["msgtype"], "m.notice");
    EXPECT_EQ(said["body"], "Only Bo may accept A1.");
    EXPECT_EQ(said["m.mentions"], (json{{"user_ids", {"@ana:lab.test"}}}));
    EXPECT_EQ(said["m.relates_to"], json::parse(R"({"rel_type":"m.thread","event_id":"$typed","is_falling_back":false,
                                                     "m.in_reply_to":{"event_id":"$typed"}})"));
}

TEST(MatrixMessage, AnAnswerToACommandInAThreadStaysInThatThread) {
    auto const drawn = draw(effect::Tell{room(), ana(), "Done.", {}}, Manner::answer, home);
    auto const said = json::parse(message_content(drawn, {"house:8"}, {.answers = "$typed", .thread = "$root"}));
    EXPECT_EQ(said["m.relates_to"]["event_id"], "$root");
    EXPECT_EQ(said["m.relates_to"]["m.in_reply_to"]["event_id"], "$typed");
}

TEST(MatrixMessage, AnObjectionNotifiesThePersonWhoseCommandItIsAbout) {
    effect::Tell const tell{room(), ana(), "A mitigation is running: A1 (" + marks::mention(bo()) + ").", {}};
    auto const said = content(draw(tell, Manner::objection, home));
    EXPECT_EQ(said["msgtype"], "m.text");
    EXPECT_EQ(said["body"], "A mitigation is running: A1 (Bo).");
    EXPECT_EQ(said["m.mentions"], (json{{"user_ids", {"@ana:lab.test"}}}));
}

TEST(MatrixMessage, ADraftIsQuotedSoThatNobodyTakesItForThePostedUpdate) {
    effect::Tell const tell{
        room(), ana(), "The update is ready.\n\n[14:20 UTC] SEV-1\nImpact: all\n\nA1 Bo", {{"update", "Post"}}};
    auto const drawn = draw(tell, Manner::unasked, home);
    EXPECT_EQ(drawn.body, "Ana Berg: The update is ready.\n\n> [14:20 UTC] SEV-1\n> Impact: all\n>\n> A1 Bo\n\n"
                          "📣 Post: `!inc update`");
    EXPECT_EQ(drawn.html, "<p><a href=\"https://matrix.to/#/@ana:lab.test\">Ana Berg</a>: The update is ready.</p>\n"
                          "<blockquote>\n<p>[14:20 UTC] SEV-1<br />\nImpact: all</p>\n<p>A1 Bo</p>\n</blockquote>\n"
                          "<p>📣 Post: <code>!inc update</code></p>");
    EXPECT_TRUE(read_html(drawn.html).faults.empty());
}

TEST(MatrixMessage, WordsForOnePersonThatComeUnaskedNotifyThatPersonAlone) {
    effect::Tell const tell{room(), ana(), "The update is due; " + marks::mention(bo()) + " has A1.", {}};
    auto const said = content(draw(tell, Manner::unasked, home));
    EXPECT_EQ(said["msgtype"], "m.text");
    EXPECT_EQ(said["body"], "Ana Berg: The update is due; Bo has A1.");
    EXPECT_EQ(said["m.mentions"], (json{{"user_ids", {"@ana:lab.test"}}}));
}

TEST(MatrixMessage, APageIsATextThatNamesThePerson) {
    auto const said = content(draw(effect::PagePerson{room(), ana(), "!SEV-1 needs you"}, home));
    EXPECT_EQ(said["msgtype"], "m.text");
    EXPECT_EQ(said["body"], "Ana Berg: !SEV-1 needs you");
    EXPECT_EQ(said["m.mentions"], (json{{"user_ids", {"@ana:lab.test"}}}));
}

TEST(MatrixMessage, WhatIsTooLongIsCutAndSaysWhereTheRestIs) {
    for (std::string const unit : {"word ", "\"", "ä", "🔥", "\n", "&", "\\", "a\xCC\x81"}) {
        std::string text;
        while (text.size() < 120'000)
            text += unit + "x";
        auto const drawn = post(text, {{"status", "Status"}});
        auto const written = message_content(drawn, {"house:7"});
        EXPECT_LE(written.size(), longest_message + 1000) << unit;
        EXPECT_GE(written.size(), longest_message / 2) << unit;
        EXPECT_NE(drawn.body.find("…\n\nCut short: a message holds no more. `!inc timeline` has the rest."),
                  std::string::npos);
        EXPECT_TRUE(drawn.body.ends_with("Status: `!inc status`"));
        EXPECT_TRUE(read_html(drawn.html).faults.empty());
    }
}

TEST(MatrixMessage, ACharacterOfEndlessMarksIsCutAway) {
    std::string text = "a";
    for (int i = 0; i < 60'000; ++i)
        text += "\xCC\x81";
    EXPECT_LE(message_content(post(text), {"house:7"}).size(), longest_message + 1000);
}

TEST(MatrixMessage, BytesThatAreNoUtf8NeverReachTheServer) {
    for (std::string const bad : {"\xFF", "\xC3", "\xED\xA0\x80", "\xF8\x88\x80\x80\x80", "ok \xE2\x82"}) {
        auto const written = message_content(post(bad), {"house:7"});
        EXPECT_TRUE(json::accept(written));
        EXPECT_EQ(written.find(bad), std::string::npos);
        EXPECT_EQ(written.find("\\ud"), std::string::npos);
    }
}

TEST(MatrixMessage, WhatAServerStillFindsTooLargeIsSaidWithoutItsForm) {
    auto const said = content(without_form(post(std::string(40'000, 'x') + marks::mention(ana()))));
    EXPECT_LE(said["body"].get<std::string>().size(), 8010U);
    EXPECT_FALSE(said.contains("formatted_body"));
    EXPECT_EQ(said["m.mentions"], json::object());
}

TEST(MatrixTopic, StandsInBothFormsWithItsSeverityInBold) {
    auto const topic = topic_text("SEV-1 <checkout> · investigating | IC " + marks::mention(ana()));
    EXPECT_EQ(json::parse(topic_content(topic)),
              json::parse(R"({"topic":"SEV-1 <checkout> · investigating | IC @Ana Berg",
        "m.topic":{"m.text":[
            {"mimetype":"text/html","body":"<strong>SEV-1</strong> &lt;checkout&gt; · investigating | IC @Ana Berg"},
            {"body":"SEV-1 <checkout> · investigating | IC @Ana Berg"}]}})"));
}

TEST(MatrixTopic, WhatPeopleHadThereGoesBackWithoutAForm) {
    EXPECT_EQ(json::parse(topic_content("Operations\n<wiki>", TopicOf::people)),
              json::parse(R"({"topic":"Operations\n<wiki>","m.topic":{"m.text":[{"body":"Operations\n<wiki>"}]}})"));
    EXPECT_EQ(json::parse(topic_content("", TopicOf::people)),
              json::parse(R"({"topic":"","m.topic":{"m.text":[{"body":""}]}})"));
}

TEST(MatrixTopic, IsOneLineAndNeverCutInsideACharacter) {
    auto const topic = topic_text("SEV-1\nx\n" + std::string(300, 'y'));
    EXPECT_EQ(topic.find('\n'), std::string::npos);
    EXPECT_TRUE(topic.ends_with("…"));
}

} // namespace
} // namespace cox::matrix
