#include "adapters/slack/redact.hpp"

#include <gtest/gtest.h>

namespace cox::slack {
namespace {

TEST(SlackRedaction, S08_tokens_of_every_kind_are_hidden_wherever_they_stand) {
    EXPECT_EQ(redacted("token xoxb-1234-abcDEF was refused"), "token [hidden] was refused");
    EXPECT_EQ(redacted("xoxp-1"), "[hidden]");
    EXPECT_EQ(redacted("(xoxe.xoxb-1-Mi0)"), "([hidden])");
    EXPECT_EQ(redacted(R"({"app_token":"xapp-1-A0-1-ab","n":1})"), R"({"app_token":"[hidden]","n":1})");
    EXPECT_EQ(redacted("XOXB-1 and xoxs-2,xoxd-3"), "[hidden] and [hidden],[hidden]");
}

TEST(SlackRedaction, S08_what_follows_a_telling_name_is_hidden_and_the_name_stays) {
    EXPECT_EQ(redacted("Authorization: Bearer abc.def\r\nHost: slack.com"),
              "Authorization: Bearer [hidden]\r\nHost: slack.com");
    EXPECT_EQ(redacted("bearer abc"), "bearer [hidden]");
    EXPECT_EQ(redacted("wss://wss.slack.com/link/?ticket=0b1c-2d3e&app_id=9f"),
              "wss://wss.slack.com/link/?ticket=[hidden]&app_id=9f");
    EXPECT_EQ(redacted("?access_token=s%2Fe+c&x=1"), "?access_token=[hidden]&x=1");
    EXPECT_EQ(redacted(R"("access_token":"secret","x":1)"), R"("access_token":"[hidden]","x":1)");
}

TEST(SlackRedaction, S08_a_response_url_lets_anybody_post_and_is_hidden) {
    EXPECT_EQ(redacted("to https://hooks.slack.com/actions/T1/1/a failed"),
              "to https://hooks.slack.com/[hidden] failed");
    EXPECT_EQ(redacted(R"("response_url":"https:\/\/hooks.slack.com\/actions\/T1\/1\/a")"),
              R"("response_url":"https:\/\/hooks.slack.com\/[hidden]")");
}

TEST(SlackRedaction, S08_several_secrets_in_one_text_are_all_hidden) {
    EXPECT_EQ(redacted("Bearer xoxb-1 ticket=2 xapp-3"), "Bearer [hidden] ticket=[hidden] [hidden]");
}

TEST(SlackRedaction, ordinary_words_stay_as_they_are) {
    for (auto const* text :
         {"", "not_in_channel", "the box is xox", "xox", "xoxb", "ticket 7", "https://hooks.slack.com", "\xff\xfe"})
        EXPECT_EQ(redacted(text), text);
}

} // namespace
} // namespace cox::slack
