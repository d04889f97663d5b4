#include "adapters/matrix/html_text.hpp"

#include <gtest/gtest.h>

#include <random>

namespace cox::matrix {
namespace {

using Pills = std::vector<std::string>;

TEST(MatrixHtmlText, APillIsTheUserItLeadsToWhateverItIsCalled) {
    auto const read = text_of_html(R"(!comms <a href="https://matrix.to/#/@bo:lab.test">Ana</a> please)");
    EXPECT_EQ(read.text, "!comms <@@bo:lab.test> please");
    EXPECT_EQ(read.pills, Pills{"@bo:lab.test"});
}

TEST(MatrixHtmlText, APillMayBeEncodedAndCarryServersToAsk) {
    EXPECT_EQ(user_of_link("https://matrix.to/#/%40bo%3Alab.test"), "@bo:lab.test");
    EXPECT_EQ(user_of_link("https://matrix.to/#/@bo:lab.test?via=lab.test"), "@bo:lab.test");
    EXPECT_EQ(user_of_link("matrix:u/bo:lab.test"), "@bo:lab.test");
    EXPECT_EQ(user_of_link("https://matrix.to/#/@bo:[::1]:8448"), "@bo:[::1]:8448");
}

TEST(MatrixHtmlText, OtherLinksAreNoPills) {
    for (auto const* link : {"https://matrix.to/#/#ops:lab.test", "https://matrix.to/#/!abc:lab.test",
                             "https://x.test/", "javascript://matrix.to/#/@bo:lab.test", "https://matrix.to/#/@bo", "",
                             "https://matrix.to/#/@bo:a%3Eb", "https://matrix.to/#/@b%7Co:lab.test"})
        EXPECT_EQ(user_of_link(link), std::nullopt) << link;
    EXPECT_EQ(text_of_html(R"(see <a href="https://x.test/">the board</a>)").text, "see the board");
}

TEST(MatrixHtmlText, WhatIsQuotedInAReplyIsLeftOut) {
    EXPECT_EQ(text_of_html("<mx-reply><blockquote>!resolve <a href=\"https://matrix.to/#/@bo:lab.test\">Bo</a>"
                           "</blockquote></mx-reply>!status")
                  .text,
              "!status");
}

TEST(MatrixHtmlText, EntitiesAndBlocksAreReadAsPeopleSeeThem) {
    EXPECT_EQ(text_of_html("a &lt;b&gt; &amp;amp; &#39;c&#x27; &nope; & d").text, "a <b> &amp; 'c' &nope; & d");
    EXPECT_EQ(text_of_html("<p>one</p><p>two<br/>three</p>").text, "one\ntwo\nthree\n");
    EXPECT_EQ(text_of_html("&#0;&#xD800;&#1114112;").text, "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(MatrixHtmlText, BrokenMarkUpEndsTheReadingAndNothingElse) {
    for (auto const* html :
         {"<", "<a", "<a href=\"x", "a<", "&", "&#", "&#;", "</", "<>", "< >", "<a href=", "<a href='"})
        EXPECT_TRUE(text_of_html(html).pills.empty()) << html;
    EXPECT_EQ(text_of_html("before <a href=\"").text, "before ");
}

TEST(MatrixHtmlText, AnyBytesAreReadWithoutHarm) {
    std::mt19937 random{7};
    constexpr std::string_view parts[] = {"<",        ">",
                                          "&",        ";",
                                          "\"",       "'",
                                          "a",        " href=",
                                          "/",        "mx-reply",
                                          "#",        "x",
                                          "p",        "matrix.to/#/@b:c",
                                          "\xFF",     std::string_view{"\0", 1},
                                          "https://", "|"};
    for (int round = 0; round < 3000; ++round) {
        std::string html;
        for (int i = 0; i < 30; ++i)
            html += parts[random() % std::size(parts)];
        auto const read = text_of_html(html);
        EXPECT_LE(read.text.size(), html.size() * 4);
        for (auto const& pill : read.pills)
            EXPECT_EQ(pill.find_first_of("<>|"), std::string::npos) << html;
    }
}

} // namespace
} // namespace cox::matrix
