#include "adapters/slack/response_url.hpp"
#include "envelopes.hpp"

namespace cox::slack {
namespace {

using nlohmann::json;

std::string interactive(json const& payload) {
    return enveloped("interactive", payload);
}

TEST(SlackSlash, a_command_is_known_by_its_trigger) {
    auto const envelope = envelope_of(enveloped("slash_commands", slash()));
    auto const& typed = std::get<happening::Typed>(envelope.happening);
    EXPECT_EQ(typed.author.user, "U1");
    EXPECT_EQ(typed.channel, "C1");
    EXPECT_EQ(typed.channel_name, "ops");
    EXPECT_EQ(typed.command, "/inc");
    EXPECT_EQ(typed.text, "declare 1 checkout errors");
    EXPECT_EQ(typed.response_url, "https://hooks.slack.com/commands/T1/111/abc");
    EXPECT_EQ(envelope.key, "slack:cmd:111.222.abcdef");
    EXPECT_FALSE(envelope.happened_s);
}

TEST(SlackSlash, an_empty_text_is_a_command_and_a_missing_trigger_is_none) {
    EXPECT_EQ(happened<happening::Typed>(enveloped("slash_commands", with(slash(), {{"text", ""}}))).text, "");
    for (auto const* needed : {"team_id", "user_id", "channel_id", "command", "trigger_id"})
        EXPECT_EQ(why_passed(enveloped("slash_commands", with(slash(), {{needed, nullptr}}))),
                  "malformed slash command");
    auto const grid = with(slash(), {{"team_id", nullptr}, {"enterprise_id", "E1"}});
    EXPECT_EQ(happened<happening::Typed>(enveloped("slash_commands", grid)).author.team, "E1");
}

TEST(SlackButton, is_known_by_its_message_its_action_its_time_and_who_pressed_it) {
    auto const envelope = envelope_of(interactive(press()));
    auto const& pressed = std::get<happening::Pressed>(envelope.happening);
    EXPECT_EQ(pressed.author.user, "U1");
    EXPECT_EQ(pressed.author.home_team, "T1");
    EXPECT_EQ(pressed.channel, "C1");
    EXPECT_EQ(pressed.message_ts, "1790000001.000200");
    EXPECT_EQ(pressed.thread_ts, "1790000000.000100");
    EXPECT_EQ(pressed.value, "ack 7");
    EXPECT_EQ(pressed.trigger_id, "1.2.a");
    EXPECT_EQ(pressed.response_url, "https://hooks.slack.com/actions/T1/1/a");
    EXPECT_EQ(envelope.key, "slack:act:C1:1790000001.000200:cox.ack:1790000003.1:U1");
    EXPECT_EQ(envelope.happened_s, 1790000003);
}

TEST(SlackButton, the_first_action_of_ours_counts_and_may_be_a_choice) {
    auto payload = press();
    payload["actions"] = {{{"action_id", "other"}, {"action_ts", "1.0"}},
                          {{"action_id", "cox.1:severity"},
                           {"selected_option", {{"value", "severity 2"}}},
                           {"action_ts", "1790000004.5"}}};
    auto const pressed = happened<happening::Pressed>(interactive(payload));
    EXPECT_EQ(pressed.action_id, "cox.1:severity");
    EXPECT_EQ(pressed.value, "severity 2");
}

TEST(SlackButton, links_and_buttons_of_others_are_only_acknowledged) {
    auto payload = press();
    payload["actions"][0]["url"] = "https://status.example";
    EXPECT_EQ(why_passed(interactive(payload)), "a link");
    payload["actions"][0]["action_id"] = "other";
    EXPECT_EQ(why_passed(interactive(payload)), "not our button");
    for (json const& wrong : {json(), json("x"), json::array(), json::array({1, nullptr})}) {
        payload["actions"] = wrong;
        EXPECT_EQ(why_passed(interactive(payload)), "not our button");
    }
}

TEST(SlackButton, in_app_home_there_is_no_channel) {
    auto payload = press();
    for (auto const* name : {"channel", "message", "response_url"})
        payload.erase(name);
    payload["container"] = {{"type", "view"}, {"view_id", "V1"}};
    payload["view"] = {{"id", "V1"}, {"type", "home"}};
    auto const pressed = happened<happening::Pressed>(interactive(payload));
    EXPECT_EQ(pressed.channel, "");
    EXPECT_EQ(pressed.response_url, "");
}

TEST(SlackButton, on_a_grid_without_a_workspace_the_enterprise_stands_for_the_team) {
    auto const grid = with(press(), {{"team", nullptr}, {"enterprise", {{"id", "E1"}}}});
    EXPECT_EQ(happened<happening::Pressed>(interactive(grid)).author.team, "E1");
    auto const nobody = with(press(), {{"user", nullptr}});
    EXPECT_EQ(why_passed(interactive(nobody)), "malformed button");
}

TEST(SlackForm, fields_are_what_was_typed_or_chosen) {
    auto const envelope = envelope_of(interactive(submission()));
    auto const& submitted = std::get<happening::Submitted>(envelope.happening);
    EXPECT_EQ(submitted.callback_id, "cox.declare");
    EXPECT_EQ(submitted.private_metadata, "C1");
    std::map<std::string, std::string> const fields{{"title", "checkout errors"}, {"impact", ""}, {"severity", "1"}};
    EXPECT_EQ(submitted.fields, fields);
    EXPECT_EQ(envelope.key, "slack:view:V1:156772938.1827394:U1");
}

TEST(SlackForm, without_its_state_it_has_no_fields_and_closed_it_is_nothing) {
    auto payload = submission();
    payload["view"]["state"] = json::array();
    EXPECT_TRUE(happened<happening::Submitted>(interactive(payload)).fields.empty());
    EXPECT_EQ(why_passed(interactive(with(submission(), {{"type", "view_closed"}}))), "form closed");
    EXPECT_EQ(why_passed(interactive(with(submission(), {{"view", nullptr}}))), "malformed form");
    EXPECT_EQ(why_passed(interactive({{"type", "block_suggestion"}})), "unknown type block_suggestion");
}

TEST(SlackShortcut, on_a_message_brings_the_message) {
    auto const envelope = envelope_of(interactive(message_action()));
    auto const& shortcut = std::get<happening::Shortcut>(envelope.happening);
    EXPECT_EQ(shortcut.callback_id, "cox.declare_from_message");
    EXPECT_EQ(shortcut.channel, "C1");
    EXPECT_EQ(shortcut.message_text, "is checkout down?");
    EXPECT_EQ(shortcut.message_ts, "1790000001.000200");
    EXPECT_EQ(envelope.key, "slack:short:1.2.b");
    EXPECT_EQ(envelope.happened_s, 1790000003);
}

TEST(SlackResponseUrl, F79_only_slacks_own_is_kept) {
    for (auto const* hostile :
         {"http://hooks.slack.com/commands/1", "https://hooks.slack.com.evil.test/x", "https://hooks.slack.com",
          "https://hooks.slack.com:444/x", "https://u@hooks.slack.com/x", "https://hooks.slack.com@evil.test/x",
          "https://evil.test/?https://hooks.slack.com/", "HTTPS://hooks.slack.com/x", "https://xhooks.slack.com/x",
          "https://hooks.slack.com\\@evil.test/", " https://hooks.slack.com/x", "https://hooks.slack.com/x y",
          "https://hooks.slack.com/x\r\nHost: evil", "https://hooks.slack.com/x#f", "http://127.0.0.1:80/x", ""}) {
        auto const typed =
            happened<happening::Typed>(enveloped("slash_commands", with(slash(), {{"response_url", hostile}})));
        EXPECT_EQ(typed.response_url, "") << hostile;
    }
    EXPECT_TRUE(is_response_url("https://hooks.slack.com/actions/T1/1/a?b=c%20d", false));
    EXPECT_FALSE(is_response_url("https://hooks.slack.com/" + std::string(3000, 'a'), false));
}

TEST(SlackResponseUrl, F79_this_machine_is_allowed_only_where_a_tests_slack_runs_on_it) {
    auto here = us;
    here.loopback = true;
    auto const text =
        enveloped("slash_commands", with(slash(), {{"response_url", "http://127.0.0.1:8080/response/1"}}));
    EXPECT_EQ(happened<happening::Typed>(text, here).response_url, "http://127.0.0.1:8080/response/1");
    EXPECT_EQ(happened<happening::Typed>(text).response_url, "");
    for (auto const* hostile :
         {"http://127.0.0.1/x", "http://127.0.0.1:0/x", "http://127.0.0.1:99999/x", "http://127.0.0.1:80@evil.test/x",
          "http://127.0.0.1:/x", "http://127.0.0.1:80", "http://127.0.0.1.evil.test:80/x", "https://127.0.0.1:80/x"})
        EXPECT_FALSE(is_response_url(hostile, true)) << hostile;
    EXPECT_TRUE(is_response_url("https://hooks.slack.com/x", true));
}

} // namespace
} // namespace cox::slack
