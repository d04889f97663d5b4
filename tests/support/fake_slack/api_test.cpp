#include "test_client.hpp"

#include <gtest/gtest.h>

namespace cox::fake_slack {
namespace {

using namespace std::chrono_literals;

constexpr auto ops = "C0OPS0001";

json section(std::size_t length) {
    return {{"type", "section"}, {"text", {{"type", "mrkdwn"}, {"text", std::string(length, 'x')}}}};
}

json button(std::string const& action_id, std::string const& value) {
    json const one = {{"type", "button"},
                      {"action_id", action_id},
                      {"value", value},
                      {"text", {{"type", "plain_text"}, {"text", "Ack"}}}};
    return json::array({{{"type", "actions"}, {"block_id", "inc.7"}, {"elements", json::array({one})}}});
}

struct FakeWebApi : testing::Test {
    HttpAnswer ask(std::string const& method, json const& args = json::object()) { return call(slack, method, args); }
    std::string error(std::string const& method, json const& args) { return ask(method, args).error(); }
    std::string post_text(std::string const& text) {
        return ask("chat.postMessage", {{"channel", ops}, {"text", text}}).parsed().at("ts");
    }
    json last_payload() {
        json payload;
        slack.inside([&](Slack& s) { payload = json::parse(s.sockets.envelopes().back().payload); });
        return payload;
    }

    FakeSlack slack;
};

TEST_F(FakeWebApi, TheTokenDecidesWhoMayCall) {
    auto with = [&](std::string const& method, std::string const& token) {
        Sender sender;
        sender.token = token;
        return call(slack, method, json::object(), sender);
    };
    EXPECT_EQ(with("auth.test", "").error(), "not_authed");
    EXPECT_EQ(with("auth.test", "xoxb-wrong").error(), "invalid_auth");
    EXPECT_EQ(with("auth.test", "xapp-1-A0FAKE001-1-fake").error(), "not_allowed_token_type");
    EXPECT_EQ(with("apps.connections.open", "xoxb-1-fake").error(), "not_allowed_token_type");
    EXPECT_EQ(with("no.such", "xoxb-1-fake").error(), "unknown_method");
    auto const fine = with("auth.test", "xoxb-1-fake");
    EXPECT_EQ(fine.parsed()["user_id"], "U0COXBOT1");
    EXPECT_NE(fine.headers.at("X-OAuth-Scopes").find("chat:write"), std::string::npos);
    auto const calls = slack.calls("auth.test");
    EXPECT_EQ(calls.at(0)["token"], "none");
    EXPECT_EQ(calls.back()["token"], "bot");
}

TEST_F(FakeWebApi, AMissingScopeIsNamed) {
    slack.set({{"scopes", {"chat:write"}}});
    auto const answer = ask("pins.add", {{"channel", ops}, {"timestamp", "1"}}).parsed();
    EXPECT_EQ(answer["error"], "missing_scope");
    EXPECT_EQ(answer["needed"], "pins:write");
    EXPECT_EQ(answer["provided"], "chat:write");
}

TEST_F(FakeWebApi, FormsAreTakenEverywhereAndJsonNotByThoseThatOnlyRead) {
    EXPECT_EQ(call_form(slack, "conversations.info", "channel=C0OPS0001").parsed()["channel"]["name"], "ops");
    EXPECT_EQ(error("conversations.info", {{"channel", ops}}), "invalid_arguments");
    auto const posted = call_form(slack, "chat.postMessage",
                                  "channel=C0OPS0001&text=a%26b+c&blocks=%5B%7B%22type%22%3A%22divider%22%7D%5D");
    EXPECT_EQ(posted.parsed()["message"]["text"], "a&b c");
    EXPECT_EQ(posted.parsed()["message"]["blocks"][0]["type"], "divider");
}

TEST_F(FakeWebApi, MessagesKeepTheirMetadataAndTheirEdits) {
    json const metadata = {{"event_type", "post"}, {"event_payload", {{"op", "1"}}}};
    auto const ts = ask("chat.postMessage", {{"channel", ops}, {"text", "a"}, {"metadata", metadata}}).parsed()["ts"];
    EXPECT_EQ(ask("chat.update", {{"channel", ops}, {"ts", ts}, {"text", "b"}}).parsed()["ok"], true);
    auto const now = slack.messages("ops").back();
    EXPECT_EQ(now["text"], "b");
    EXPECT_EQ(now["metadata"], metadata);
    EXPECT_EQ(now["edits"], 1);
    ask("chat.update", {{"channel", ops}, {"ts", ts}, {"text", "c"}, {"metadata", json::object()}});
    EXPECT_TRUE(slack.messages("ops").back()["metadata"].is_null());
}

TEST_F(FakeWebApi, LimitsOfMessagesAreHeld) {
    auto const ts = post_text("a");
    EXPECT_EQ(error("chat.update", {{"channel", ops}, {"ts", ts}, {"text", std::string(4001, 'x')}}), "msg_too_long");
    EXPECT_EQ(error("chat.update", {{"channel", ops}, {"ts", ts}, {"text", std::string(4000, 'x')}}), "");
    EXPECT_EQ(error("chat.postMessage", {{"channel", ops}}), "no_text");
    auto with = [&](json const& blocks) {
        return error("chat.postMessage", {{"channel", ops}, {"text", "t"}, {"blocks", blocks}});
    };
    EXPECT_EQ(with(json::array({section(3000)})), "");
    EXPECT_EQ(with(json::array({section(3001)})), "invalid_blocks");
    EXPECT_EQ(with(json(50, {{"type", "divider"}})), "");
    EXPECT_EQ(with(json(51, {{"type", "divider"}})), "invalid_blocks");
    EXPECT_EQ(with(json(5, section(2700))), "msg_blocks_too_long");
    EXPECT_EQ(with("no JSON"), "invalid_blocks_format");
    EXPECT_EQ(error("chat.postMessage", {{"channel", ops}, {"text", "t"}, {"thread_ts", "1.0"}}), "thread_not_found");
}

TEST_F(FakeWebApi, OnlyOwnMessagesCanBeChanged) {
    auto const ts = slack.act("say", {{"user", "alice"}, {"channel", "ops"}, {"text", "mine"}})["ts"];
    EXPECT_EQ(error("chat.update", {{"channel", ops}, {"ts", ts}, {"text", "x"}}), "cant_update_message");
    EXPECT_EQ(error("chat.delete", {{"channel", ops}, {"ts", ts}}), "cant_delete_message");
    EXPECT_EQ(error("chat.delete", {{"channel", ops}, {"ts", "1.0"}}), "message_not_found");
}

TEST_F(FakeWebApi, ATopicHasAtMost250CharactersAndIsAnnounced) {
    std::string umlauts;
    for (int i = 0; i < 250; ++i)
        umlauts += "\xc3\xbc";
    EXPECT_EQ(error("conversations.setTopic", {{"channel", ops}, {"topic", umlauts}}), "");
    EXPECT_EQ(error("conversations.setTopic", {{"channel", ops}, {"topic", umlauts + "x"}}), "too_long");
    auto const event = last_payload()["event"];
    EXPECT_EQ(event["subtype"], "channel_topic");
    EXPECT_EQ(event["topic"], umlauts);
    EXPECT_EQ(slack.channel("ops")["topics"].size(), 1u);
}

TEST_F(FakeWebApi, WhereTheBotIsNotOrNobodyMayPostIsSaid) {
    EXPECT_EQ(error("chat.postMessage", {{"channel", "C0GENERAL"}, {"text", "x"}}), "not_in_channel");
    EXPECT_EQ(error("conversations.setTopic", {{"channel", "C0GENERAL"}, {"topic", "x"}}), "not_in_channel");
    EXPECT_EQ(error("chat.postMessage", {{"channel", "C0NOWHERE"}, {"text", "x"}}), "channel_not_found");
    slack.act("add_channel", {{"id", "C0SECRET1"}, {"name", "secret"}, {"is_private", true}, {"bot", false}});
    EXPECT_EQ(error("chat.postMessage", {{"channel", "C0SECRET1"}, {"text", "x"}}), "channel_not_found");
    auto const ts = post_text("card");
    slack.act("archive", {{"channel", "ops"}});
    EXPECT_EQ(error("chat.postMessage", {{"channel", ops}, {"text", "x"}}), "is_archived");
    EXPECT_EQ(error("chat.update", {{"channel", ops}, {"ts", ts}, {"text", "x"}}), "is_inactive");
    EXPECT_EQ(error("conversations.create", {{"name", "ops"}}), "name_taken");
    EXPECT_EQ(error("conversations.create", {{"name", "No Caps"}}), "invalid_name_specials");
}

TEST_F(FakeWebApi, AnEphemeralReachesMembersOnly) {
    slack.act("add_user", {{"id", "U0CAROL01"}, {"name", "carol"}, {"is_restricted", true}});
    EXPECT_EQ(error("chat.postEphemeral", {{"channel", ops}, {"user", "U0CAROL01"}, {"text", "x"}}),
              "user_not_in_channel");
    EXPECT_EQ(error("chat.postEphemeral", {{"channel", ops}, {"user", "U0ALICE01"}, {"text", "only you"}}), "");
    auto const told = slack.ephemerals("alice");
    ASSERT_EQ(told.size(), 1u);
    EXPECT_EQ(told[0]["via"], "chat.postEphemeral");
    EXPECT_EQ(told[0]["body"]["text"], "only you");
    EXPECT_EQ(call_form(slack, "users.info", "user=U0CAROL01").parsed()["user"]["is_restricted"], true);
}

TEST_F(FakeWebApi, AnInvitationNamesThoseWhoCannotCome) {
    auto const channel = ask("conversations.create", {{"name", "inc-1"}}).parsed()["channel"]["id"];
    auto const answer = ask("conversations.invite", {{"channel", channel}, {"users", "U0ALICE01,U0NOBODY1"}}).parsed();
    EXPECT_EQ(answer["error"], "user_not_found");
    EXPECT_EQ(answer["errors"][0]["user"], "U0NOBODY1");
    EXPECT_EQ(slack.channel("inc-1")["members"], json::array({"U0COXBOT1"}));
    ask("conversations.invite", {{"channel", channel}, {"users", "U0ALICE01,U0NOBODY1"}, {"force", true}});
    EXPECT_EQ(slack.channel("inc-1")["members"], json::array({"U0ALICE01", "U0COXBOT1"}));
}

TEST_F(FakeWebApi, ATriggerOpensOneViewWithinThreeSeconds) {
    json const view = {
        {"type", "modal"}, {"title", {{"type", "plain_text"}, {"text", "T"}}}, {"blocks", json::array()}};
    auto trigger = [&] {
        slack.act("command", {{"user", "alice"}, {"channel", "ops"}});
        return last_payload()["trigger_id"];
    };
    auto const one = trigger();
    EXPECT_EQ(error("views.open", {{"trigger_id", one}, {"view", view}}), "");
    EXPECT_EQ(error("views.open", {{"trigger_id", one}, {"view", view}}), "exchanged_trigger_id");
    auto const late = trigger();
    slack.act("let_pass", {{"ms", 3001}});
    EXPECT_EQ(error("views.open", {{"trigger_id", late}, {"view", view}}), "expired_trigger_id");
    EXPECT_EQ(error("views.open", {{"trigger_id", "x"}, {"view", view}}), "invalid_trigger_id");
}

TEST_F(FakeWebApi, AResponseUrlAnswersFiveTimesInHalfAnHour) {
    auto url = [&] {
        slack.act("command", {{"user", "alice"}, {"channel", "ops"}});
        return last_payload()["response_url"].get<std::string>();
    };
    auto const used = url();
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(post(used, R"({"text":"hi"})").status, 200);
    auto const sixth = post(used, R"({"text":"hi"})");
    EXPECT_EQ(sixth.status, 404);
    EXPECT_EQ(sixth.error(), "used_url");
    EXPECT_EQ(slack.ephemerals("alice").size(), 5u);
    auto const old = url();
    slack.act("let_pass", {{"ms", 30 * 60 * 1000 + 1}});
    EXPECT_EQ(post(old, R"({"text":"hi"})").error(), "expired_url");
}

TEST_F(FakeWebApi, AButtonIsFoundInItsMessage) {
    ask("chat.postMessage", {{"channel", ops}, {"text", "card"}, {"blocks", button("cox.ack", "7")}});
    slack.act("press", {{"user", "bob"}, {"channel", "ops"}, {"button", "Ack"}});
    auto const payload = last_payload();
    EXPECT_EQ(payload["type"], "block_actions");
    EXPECT_EQ(payload["actions"][0]["action_id"], "cox.ack");
    EXPECT_EQ(payload["actions"][0]["block_id"], "inc.7");
    EXPECT_EQ(payload["actions"][0]["value"], "7");
    EXPECT_EQ(payload["user"]["id"], "U0BOB0001");
    EXPECT_THROW(slack.act("press", {{"user", "bob"}, {"channel", "ops"}, {"button", "Other"}}), std::runtime_error);
}

TEST_F(FakeWebApi, AButtonOnAnOldStateOfAMessageCanStillBePressed) {
    auto const ts =
        ask("chat.postMessage", {{"channel", ops}, {"text", "card"}, {"blocks", button("old", "1")}}).parsed()["ts"];
    ask("chat.update", {{"channel", ops}, {"ts", ts}, {"text", "done"}});
    EXPECT_THROW(slack.act("press", {{"user", "bob"}, {"channel", "ops"}, {"button", "old"}}), std::runtime_error);
    slack.act("press", {{"user", "bob"}, {"channel", "ops"}, {"button", "old"}, {"stale", true}});
    EXPECT_EQ(last_payload()["actions"][0]["value"], "1");
}

TEST_F(FakeWebApi, EventsComeOnlyFromWhereTheBotIs) {
    auto said = [&](std::string const& channel) {
        return slack.act("say", {{"user", "bob"}, {"channel", channel}, {"text", "<@U0COXBOT1> hi"}})["envelopes"]
            .size();
    };
    EXPECT_EQ(said("ops"), 2u);
    EXPECT_EQ(said("general"), 0u);
    EXPECT_EQ(slack.act("kick_bot", {{"channel", "ops"}})["envelopes"].size(), 2u);
    EXPECT_EQ(said("ops"), 0u);
    slack.act("invite_bot", {{"channel", "general"}, {"user", "alice"}});
    EXPECT_EQ(said("general"), 2u);
    EXPECT_EQ(said("@bot"), 1u);
}

TEST_F(FakeWebApi, ChannelsAndTokensHaveTheirFates) {
    auto event_of = [&](std::string const& name, json const& args) {
        slack.act(name, args);
        return last_payload()["event"]["type"];
    };
    EXPECT_EQ(event_of("rename", {{"channel", "ops"}, {"name", "ops2"}}), "message");
    EXPECT_EQ(event_of("archive", {{"channel", "ops2"}}), "channel_archive");
    EXPECT_EQ(event_of("unarchive", {{"channel", "ops2"}}), "channel_unarchive");
    EXPECT_EQ(event_of("change_channel_id", {{"channel", "ops2"}, {"id", "C0MOVED01"}}), "channel_id_changed");
    EXPECT_EQ(event_of("delete_channel", {{"channel", "C0MOVED01"}}), "channel_deleted");
    EXPECT_EQ(event_of("change_user", {{"user", "bob"}, {"deleted", true}}), "user_change");
    EXPECT_EQ(event_of("open_home", {{"user", "bob"}}), "app_home_opened");
    EXPECT_EQ(event_of("revoke_tokens", json::object()), "tokens_revoked");
    EXPECT_EQ(error("auth.test", json::object()), "token_revoked");
}

TEST_F(FakeWebApi, ATokenMayBeOfADeactivatedAccount) {
    slack.set({{"bot_token", "account_inactive:xoxb-1-fake"}});
    EXPECT_EQ(error("auth.test", json::object()), "account_inactive");
    slack.set({{"bot_token", "xoxb-1-fake"}});
    EXPECT_EQ(error("auth.test", json::object()), "");
}

TEST_F(FakeWebApi, AStrangerSaysFromWhichWorkspaceTheyCome) {
    slack.act("add_user", {{"id", "U0EVE0001"}, {"name", "eve"}, {"team", "T0OTHER01"}, {"is_stranger", true}});
    slack.act("add_channel", {{"name", "shared"}, {"is_ext_shared", true}, {"members", {"eve"}}});
    slack.act("say", {{"user", "eve"}, {"channel", "shared"}, {"text", "hi"}});
    EXPECT_EQ(last_payload()["is_ext_shared_channel"], true);
    EXPECT_EQ(last_payload()["event"]["user_team"], "T0OTHER01");
}

TEST_F(FakeWebApi, MoreThanOnePostASecondInAChannelIsRefusedWhereThatIsSet) {
    slack.set({{"posts_per_second", 1}});
    post_text("one");
    auto const second = ask("chat.postMessage", {{"channel", ops}, {"text", "two"}});
    EXPECT_EQ(second.status, 429);
    EXPECT_EQ(second.headers.at("Retry-After"), "1");
    slack.act("let_pass", {{"ms", 1000}});
    post_text("two");
}

struct FakeFaults : FakeWebApi {
    HttpAnswer with(json const& words, std::chrono::milliseconds within = 10s) {
        slack.act("clear_faults");
        slack.fault(words);
        Sender sender;
        sender.within = within;
        return call(slack, "chat.postMessage", {{"channel", ops}, {"text", words.dump()}}, sender);
    }
    std::size_t posted() { return slack.messages("ops").size(); }
};

TEST_F(FakeFaults, A429SaysWhatItIsToldToSay) {
    for (json const& word : {json(30), json(0), json(1'000'000'000), json("soon")}) {
        auto const answer = with({{"kind", "limited"}, {"retry_after", word}});
        EXPECT_EQ(answer.status, 429);
        EXPECT_EQ(answer.headers.at("Retry-After"), word.is_string() ? word.get<std::string>() : word.dump());
    }
    EXPECT_FALSE(with({{"kind", "limited"}, {"retry_after", nullptr}}).headers.contains("Retry-After"));
    EXPECT_EQ(posted(), 0u);
}

TEST_F(FakeFaults, AnErrorMayHideADoneDeed) {
    EXPECT_EQ(with({{"kind", "error"}, {"error", "rate_limited"}}).error(), "rate_limited");
    EXPECT_EQ(posted(), 0u);
    EXPECT_EQ(with({{"kind", "error"}, {"error", "fatal_error"}, {"done", true}}).error(), "fatal_error");
    EXPECT_EQ(posted(), 1u);
    auto const scope = with({{"kind", "error"}, {"error", "missing_scope"}, {"answer", {{"needed", "pins:write"}}}});
    EXPECT_EQ(scope.parsed()["needed"], "pins:write");
}

TEST_F(FakeFaults, WhatIsNotSlackAnswersWithItsOwnPages) {
    auto const gateway = with({{"kind", "status"}, {"status", 502}});
    EXPECT_EQ(gateway.status, 502);
    EXPECT_TRUE(gateway.parsed().is_discarded());
    auto const portal = with({{"kind", "status"}, {"status", 200}, {"body", "<html>log in</html>"}});
    EXPECT_EQ(portal.status, 200);
    EXPECT_EQ(portal.body, "<html>log in</html>");
    auto const moved = with({{"kind", "status"}, {"status", 302}, {"location", "http://127.0.0.1:1/"}});
    EXPECT_EQ(moved.headers.at("Location"), "http://127.0.0.1:1/");
}

TEST_F(FakeFaults, AnAnswerMayNotComeWholeOrNotAtAll) {
    EXPECT_TRUE(with({{"kind", "reset"}, {"done", true}}).failed);
    EXPECT_EQ(posted(), 1u);
    EXPECT_TRUE(with({{"kind", "hold"}, {"done", true}}, 100ms).failed);
    EXPECT_EQ(posted(), 2u);
    EXPECT_TRUE(with({{"kind", "truncated"}}).failed);
    EXPECT_EQ(posted(), 3u);
    EXPECT_TRUE(with({{"kind", "drip"}, {"ms", 50}}, 100ms).failed);
    EXPECT_FALSE(with({{"kind", "slow"}, {"ms", 5}}).failed);
    auto const huge = with({{"kind", "huge"}});
    EXPECT_GT(huge.body.size(), std::size_t{8} << 20);
    EXPECT_FALSE(huge.parsed().is_discarded());
}

TEST_F(FakeFaults, AFaultHitsItsMethodAsOftenAsItIsTold) {
    slack.fault({{"kind", "error"}, {"where", "auth.test"}, {"error", "x"}, {"after", 1}, {"count", 2}});
    EXPECT_EQ(error("chat.postMessage", {{"channel", ops}, {"text", "unharmed"}}), "");
    std::vector<std::string> errors;
    for (int i = 0; i < 4; ++i)
        errors.push_back(error("auth.test", json::object()));
    EXPECT_EQ(errors, (std::vector<std::string>{"", "x", "x", ""}));
    EXPECT_THROW(slack.fault({{"kind", "typo"}}), std::runtime_error);
    EXPECT_THROW(slack.set({{"typo", 1}}), std::runtime_error);
}

} // namespace
} // namespace cox::fake_slack
