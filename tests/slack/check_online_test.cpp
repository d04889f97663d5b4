// What an operator reads before the first start, or when Slack cannot be reached.
#include "adapters/slack/check_online.hpp"
#include "slack_house.hpp"

#include <gtest/gtest.h>

namespace cox::test {
namespace {

using slack::OnlineCheck;
using Result = OnlineCheck::Result;

constexpr char app_token[] = "xapp-1-A0FAKE001-1-fake";
constexpr char bot_token[] = "xoxb-1-fake";

OnlineCheck check(std::string api_url) {
    slack::SlackOptions options;
    options.api_url = std::move(api_url);
    return slack::check_online(options, {app_token, bot_token});
}

std::string all_of(std::vector<std::string> const& lines) {
    std::string text;
    for (auto const& line : lines)
        text += line + "\n";
    return text;
}

// Where TLS is expected, something else answers.
std::string with_tls(std::string api_url) {
    return api_url.replace(0, std::string_view{"http"}.size(), "https");
}

TEST(SlackCheckOnline, RightsThatAreMissingAreNamed) {
    fake_slack::FakeSlack slack;
    slack.set({{"scopes", {"chat:write"}}});
    auto const found = check(slack.api());
    EXPECT_EQ(found.result, Result::incomplete);
    EXPECT_TRUE(all_of(found.lines).contains("the right pins:write is missing")) << all_of(found.lines);
}

TEST(SlackCheckOnline, F69_WhereTheAnswerDoesNotNameTheRightsNoneIsCalledMissing) {
    fake_slack::FakeSlack slack;
    slack.set({{"scopes", nlohmann::json::array()}});
    auto const found = check(slack.api());
    EXPECT_EQ(found.result, Result::good);
    EXPECT_FALSE(all_of(found.lines).contains("is missing")) << all_of(found.lines);
    EXPECT_TRUE(all_of(found.lines).contains("which rights it has cannot be told")) << all_of(found.lines);
}

TEST(SlackCheckOnline, TheBaseAddressMayEndWithASlashOrNot) {
    fake_slack::FakeSlack slack;
    slack.set({{"scopes", nlohmann::json::array()}});
    auto bare = slack.api();
    ASSERT_TRUE(bare.ends_with("/api/"));
    bare.pop_back();
    for (auto const& address : {slack.api(), bare})
        EXPECT_EQ(check(address).result, Result::good) << address;
    EXPECT_EQ(slack.calls("auth.test").size(), 2u);
    EXPECT_EQ(slack.calls("apps.connections.open").size(), 2u);
}

constexpr std::string_view no_tls = "the server closed the connection during the TLS handshake";

TEST(SlackCheckOnline, F47_WhatIsWrongWithTlsIsSaidInWords) {
    fake_slack::FakeSlack slack;
    auto const found = check(with_tls(slack.api()));
    EXPECT_EQ(found.result, Result::not_reached);
    auto const told = all_of(found.lines);
    EXPECT_TRUE(told.contains("slack: not reached (network: tls: ") && told.contains(no_tls)) << told;
}

TEST(SlackCheckOnline, F47_WhatIsWrongWithTlsIsSaidInTheLogAtTheStart) {
    fake_slack::FakeSlack slack;
    slack::SlackOptions options;
    options.api_url = with_tls(slack.api());
    SlackHouse house{options, {app_token, bot_token}};
    ASSERT_TRUE(house.run_until([&] { return house.desk.was_told("not reached yet"); }));
    auto const told = all_of(house.desk.told);
    EXPECT_TRUE(told.contains("not reached yet (network: tls: ") && told.contains(no_tls)) << told;
}

} // namespace
} // namespace cox::test
