// Every method of the Web API that we call: that the twin understands how we ask, and we what it answers.
#include "adapters/slack/drawing.hpp"
#include "bot/cli/cli.hpp"
#include "bot/config/config_folder.hpp"
#include "caller.hpp"
#include "core/marks.hpp"
#include "twin.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace cox::test {
namespace {

using nlohmann::json;
using slack::at;
using slack::flag_at;
using slack::text_at;
using slack::Verdict;

constexpr auto general = "C000000001";
constexpr auto random_channel = "C000000002";
constexpr auto admin = "U000000001";
constexpr auto bot = "U0TWINBOT";
constexpr auto reads = false;

Policy shipped_policy() {
    auto const known = bot::known_rules();
    return bot::load_config(std::nullopt, known, {}).value().policy;
}

struct TwinMethods : testing::Test {
    std::string create(std::string const& name) {
        return text_at(at(us.ask("conversations.create", {{"name", name}, {"is_private", "false"}}), "channel"), "id");
    }
    std::string post(std::string const& channel, std::string const& text) {
        return text_at(us.ask("chat.postMessage", {{"channel", channel}, {"text", text}}), "ts");
    }
    json newest(std::string const& channel) {
        auto const history = us.ask("conversations.history",
                                    {{"channel", channel}, {"include_all_metadata", "true"}, {"limit", "1"}}, reads);
        return at(history, "messages").at(0);
    }
    json described(std::string const& channel) {
        return at(us.ask("conversations.info", {{"channel", channel}}, reads), "channel");
    }
    void expect_refusal(slack::Answer const& answer, Verdict verdict, std::string const& error) {
        EXPECT_EQ(answer.verdict, verdict) << answer.error;
        EXPECT_EQ(answer.error, error);
    }

    Twin twin;
    Caller us{twin.api(), "xoxb-twin"};
    Caller person{twin.api(), "xoxp-twin-admin"};
};

TEST_F(TwinMethods, AuthTestTellsWhoWeAre) {
    auto const we = us.ask("auth.test", {}, reads);
    EXPECT_EQ(text_at(we, "team_id"), "T000000001");
    EXPECT_EQ(text_at(we, "team"), "Twin");
    EXPECT_EQ(text_at(we, "user_id"), bot);
    EXPECT_EQ(text_at(we, "bot_id"), "B0TWIN001");
    EXPECT_EQ(text_at(we, "app_id"), "A0TWIN001");
}

TEST_F(TwinMethods, AMethodThatIsNotThereIsNotTakenForSlacksAnswer) {
    auto const answer = us.open_connection();
    EXPECT_EQ(answer.verdict, Verdict::again);
    EXPECT_EQ(answer.error, "bad_answer");
}

TEST_F(TwinMethods, ARightThatIsMissingIsNamed) {
    auto const ts = post(general, "card");
    Caller mute{twin.api(), "xoxb-twin-mute"};
    auto const answer = mute.call("pins.add", {{"channel", general}, {"timestamp", ts}});
    expect_refusal(answer, Verdict::scope, "missing_scope");
    EXPECT_EQ(answer.needed, "pins:write");
}

TEST_F(TwinMethods, UsersInfoTellsNameAndStanding) {
    auto const user = at(us.ask("users.info", {{"user", admin}}, reads), "user");
    EXPECT_EQ(text_at(at(user, "profile"), "display_name"), "admin");
    EXPECT_EQ(text_at(at(user, "profile"), "real_name"), "Admin User");
    EXPECT_EQ(text_at(user, "team_id"), "T000000001");
    EXPECT_FALSE(flag_at(user, "is_bot"));
    EXPECT_TRUE(flag_at(at(us.ask("users.info", {{"user", bot}}, reads), "user"), "is_bot"));
    expect_refusal(us.call("users.info", {{"user", "U0NOBODY"}}, reads), Verdict::refused, "user_not_found");
}

TEST_F(TwinMethods, ConversationsInfoTellsNameAndTopic) {
    auto const channel = described(random_channel);
    EXPECT_EQ(text_at(channel, "name"), "random");
    EXPECT_EQ(text_at(at(channel, "topic"), "value"), "Random stuff");
    expect_refusal(us.call("conversations.info", {{"channel", "C0NOWHERE"}}, reads), Verdict::channel,
                   "channel_not_found");
}

TEST_F(TwinMethods, ConversationsRepliesGivesAThreadWithItsParentFirst) {
    auto const ts = post(general, "parent");
    us.ask("chat.postMessage", {{"channel", general}, {"text", "reply"}, {"thread_ts", ts}});
    auto const messages = at(us.ask("conversations.replies", {{"channel", general}, {"ts", ts}}, reads), "messages");
    ASSERT_EQ(messages.size(), 2u);
    EXPECT_EQ(text_at(messages.at(0), "text"), "parent");
    EXPECT_EQ(text_at(messages.at(1), "text"), "reply");
}

TEST_F(TwinMethods, ConversationsMembersNamesThem) {
    us.ask("conversations.join", {{"channel", general}});
    auto const answer = us.ask("conversations.members", {{"channel", general}, {"limit", "200"}}, reads);
    EXPECT_EQ(at(answer, "members"), (json{admin, bot}));
    EXPECT_EQ(text_at(at(answer, "response_metadata"), "next_cursor"), "");
}

TEST_F(TwinMethods, ConversationsListPagesToTheEndAndLeavesOutWhatIsArchived) {
    auto const gone = create("inc-1-gone");
    auto const kept = create("inc-2-kept");
    person.ask("conversations.join", {{"channel", gone}});
    person.ask("conversations.archive", {{"channel", gone}});
    json seen;
    slack::Fields fields{{"types", "public_channel"}, {"exclude_archived", "true"}, {"limit", "1"}};
    std::string cursor;
    do {
        auto page = fields;
        if (!cursor.empty()) page.emplace_back("cursor", cursor);
        auto const answer = us.ask("conversations.list", page, reads);
        ASSERT_EQ(at(answer, "channels").size(), 1U);
        seen.push_back(at(answer, "channels").at(0));
        cursor = text_at(at(answer, "response_metadata"), "next_cursor");
    } while (!cursor.empty() && seen.size() < 10);
    ASSERT_EQ(seen.size(), 3U);
    EXPECT_EQ(text_at(seen[2], "id"), kept);
    EXPECT_EQ(text_at(seen[2], "creator"), bot);
    EXPECT_TRUE(slack::count_at(seen[2], "created"));
}

TEST_F(TwinMethods, ConversationsCreateRefusesANameThatIsTakenByAnArchivedChannelToo) {
    auto const channel = create("inc-7-checkout");
    EXPECT_EQ(text_at(described(channel), "name"), "inc-7-checkout");
    person.ask("conversations.join", {{"channel", channel}});
    person.ask("conversations.archive", {{"channel", channel}});
    expect_refusal(us.call("conversations.create", {{"name", "inc-7-checkout"}, {"is_private", "false"}}),
                   Verdict::refused, "name_taken");
}

TEST_F(TwinMethods, ConversationsCreateMakesPrivateChannelsWhereAsked) {
    us.ask("conversations.create", {{"name", "inc-8"}, {"is_private", "true"}});
    auto const answer = us.ask("conversations.list", {{"types", "private_channel"}, {"limit", "200"}}, reads);
    ASSERT_EQ(at(answer, "channels").size(), 1U);
    EXPECT_EQ(text_at(at(answer, "channels").at(0), "name"), "inc-8");
}

TEST_F(TwinMethods, EveryNameThatWeMakeIsTakenAsItIs) {
    for (auto const& name : {slack::channel_name("INC 9: Zahlungen über ÄÖÜ & Co. / <down>"),
                             slack::channel_name(std::string(200, 'x'), 2)}) {
        auto const made = at(us.ask("conversations.create", {{"name", name}}), "channel");
        EXPECT_EQ(text_at(made, "name"), name);
    }
}

TEST_F(TwinMethods, ConversationsInviteOfSomebodyWhoIsThereIsDone) {
    auto const channel = create("inc-3");
    us.ask("conversations.invite", {{"channel", channel}, {"users", admin}});
    EXPECT_EQ(at(us.ask("conversations.members", {{"channel", channel}}, reads), "members"), (json{bot, admin}));
    auto const again = us.call("conversations.invite", {{"channel", channel}, {"users", admin}});
    expect_refusal(again, Verdict::done, "already_in_channel");
    expect_refusal(us.call("conversations.invite", {{"channel", channel}, {"users", std::string{admin} + ",U0NOBODY"}}),
                   Verdict::refused, "user_not_found");
}

TEST_F(TwinMethods, ConversationsJoinOfAChannelThatIsArchivedNamesTheObstacle) {
    us.ask("conversations.join", {{"channel", random_channel}});
    us.ask("conversations.join", {{"channel", random_channel}});
    EXPECT_TRUE(flag_at(described(random_channel), "is_member"));
    person.ask("conversations.archive", {{"channel", random_channel}});
    expect_refusal(us.call("conversations.join", {{"channel", random_channel}}), Verdict::channel, "is_archived");
}

TEST_F(TwinMethods, TopicAndPurposeHoldTwoHundredAndFiftyCharacters) {
    auto const channel = create("inc-4");
    struct Line {
        std::string method;
        char const* name;
    };
    for (auto const& [method, name] :
         {Line{"conversations.setTopic", "topic"}, {"conversations.setPurpose", "purpose"}}) {
        auto const longest = slack::topic_text("SEV-1 \"50 % + 2 & more\" · a=b; IC ‹Ana› 🔥 " + std::string(300, 'x'));
        us.ask(method, {{"channel", channel}, {name, longest}});
        EXPECT_EQ(text_at(at(described(channel), name), "value"), longest);
        auto const too_long = us.call(method, {{"channel", channel}, {name, std::string(251, 'x')}});
        expect_refusal(too_long, Verdict::refused, "too_long");
        auto const outside = us.call(method, {{"channel", random_channel}, {name, "x"}});
        expect_refusal(outside, Verdict::channel, "not_in_channel");
    }
}

TEST_F(TwinMethods, PostMessageKeepsWordsBlocksAndMetadata) {
    effect::Post what{ChannelId{},
                      effect::PostKind::alert,
                      marks::code("SEV-1") + " a+b=c & 100 % «down» 🔥\nnext",
                      {{"ack", "Ack"}}};
    auto const drawn = slack::draw(what);
    auto const metadata = R"({"event_type":"coxswain","event_payload":{"op":"h:1","card":"INC-1"}})";
    auto const answer = us.ask("chat.postMessage", {{"channel", general},
                                                    {"text", drawn.text},
                                                    {"blocks", drawn.blocks},
                                                    {"unfurl_links", "false"},
                                                    {"unfurl_media", "false"},
                                                    {"metadata", metadata}});
    auto const message = newest(general);
    EXPECT_EQ(text_at(message, "ts"), text_at(answer, "ts"));
    EXPECT_EQ(text_at(answer, "channel"), general);
    EXPECT_EQ(text_at(message, "text"), drawn.text);
    EXPECT_EQ(at(message, "blocks"), json::parse(drawn.blocks));
    EXPECT_EQ(at(message, "metadata"), json::parse(metadata));
}

TEST_F(TwinMethods, PostMessageToAPersonGoesToTheirDirectMessages) {
    auto const answer = us.ask("chat.postMessage", {{"channel", admin}, {"text", "you are paged"}});
    EXPECT_TRUE(text_at(answer, "channel").starts_with("D"));
    EXPECT_NE(text_at(answer, "ts"), "");
    expect_refusal(us.call("chat.postMessage", {{"channel", "U0NOBODY"}, {"text", "x"}}), Verdict::channel,
                   "channel_not_found");
}

TEST_F(TwinMethods, PostMessageNamesWhatIsWrong) {
    auto const secret =
        text_at(at(person.ask("conversations.list", {{"types", "private_channel"}}, reads), "channels").at(0), "id");
    expect_refusal(us.call("chat.postMessage", {{"channel", secret}, {"text", "x"}}), Verdict::channel,
                   "not_in_channel");
    expect_refusal(us.call("chat.postMessage", {{"channel", general}, {"text", ""}}), Verdict::refused, "no_text");
    expect_refusal(us.call("chat.postMessage", {{"channel", general}, {"text", "x"}, {"blocks", "{"}}),
                   Verdict::refused, "invalid_blocks");
    person.ask("conversations.archive", {{"channel", random_channel}});
    expect_refusal(us.call("chat.postMessage", {{"channel", random_channel}, {"text", "x"}}), Verdict::channel,
                   "is_archived");
}

TEST_F(TwinMethods, PostEphemeralIsForThoseInTheChannel) {
    auto const drawn = slack::draw_words("only for you & <nobody>");
    auto const answer = us.ask("chat.postEphemeral",
                               {{"channel", general}, {"user", admin}, {"text", drawn.text}, {"blocks", drawn.blocks}});
    EXPECT_NE(text_at(answer, "message_ts"), "");
    expect_refusal(us.call("chat.postEphemeral", {{"channel", general}, {"user", bot}, {"text", "x"}}),
                   Verdict::refused, "user_not_in_channel");
}

TEST_F(TwinMethods, UpdateReplacesWordsAndBlocksAndKeepsTheMetadata) {
    auto const metadata = R"({"event_type":"coxswain","event_payload":{"op":"h:1"}})";
    auto const posted = us.ask("chat.postMessage", {{"channel", general}, {"text", "old"}, {"metadata", metadata}});
    auto const ts = text_at(posted, "ts");
    auto const drawn = slack::draw_words("new & <shiny>");
    us.ask("chat.update", {{"channel", general}, {"ts", ts}, {"text", drawn.text}, {"blocks", drawn.blocks}});
    auto const message = newest(general);
    EXPECT_EQ(text_at(message, "ts"), ts);
    EXPECT_EQ(text_at(message, "text"), drawn.text);
    EXPECT_EQ(at(message, "blocks"), json::parse(drawn.blocks));
    EXPECT_EQ(at(message, "metadata"), json::parse(metadata));
    expect_refusal(us.call("chat.update", {{"channel", general}, {"ts", "1.2"}, {"text", "x"}}), Verdict::refused,
                   "message_not_found");
}

TEST_F(TwinMethods, HistoryPagesFromTheNewestToTheEnd) {
    auto const channel = create("inc-5");
    std::vector<std::string> posted;
    for (auto const* text : {"one", "two", "three"})
        posted.insert(posted.begin(), post(channel, text));
    std::vector<std::string> read;
    std::string cursor;
    do {
        slack::Fields fields{{"channel", channel}, {"limit", "2"}};
        if (!cursor.empty()) fields.emplace_back("cursor", cursor);
        auto const page = us.ask("conversations.history", fields, reads);
        for (auto const& message : at(page, "messages"))
            if (text_at(message, "subtype").empty()) read.push_back(text_at(message, "ts"));
        cursor = text_at(at(page, "response_metadata"), "next_cursor");
    } while (!cursor.empty() && read.size() < 10);
    EXPECT_EQ(read, posted);
}

TEST_F(TwinMethods, PinsAddOfWhatIsPinnedIsDone) {
    auto const channel = create("inc-6");
    auto const ts = post(channel, "card");
    us.ask("pins.add", {{"channel", channel}, {"timestamp", ts}});
    expect_refusal(us.call("pins.add", {{"channel", channel}, {"timestamp", ts}}), Verdict::done, "already_pinned");
    auto const pins = us.ask("pins.list", {{"channel", channel}}, reads);
    ASSERT_EQ(at(pins, "items").size(), 1U);
    EXPECT_EQ(text_at(at(at(pins, "items").at(0), "message"), "ts"), ts);
    expect_refusal(us.call("pins.add", {{"channel", channel}, {"timestamp", "1795565905.999999"}}), Verdict::refused,
                   "message_not_found");
}

TEST_F(TwinMethods, BookmarksAreAddedAndEdited) {
    auto const channel = create("inc-10");
    auto const added =
        us.ask("bookmarks.add",
               {{"channel_id", channel}, {"title", "Call"}, {"link", "https://meet.test/a?b=c&d=e"}, {"type", "link"}});
    auto const id = text_at(at(added, "bookmark"), "id");
    ASSERT_NE(id, "");
    EXPECT_EQ(text_at(at(added, "bookmark"), "link"), "https://meet.test/a?b=c&d=e");
    auto const edited =
        us.ask("bookmarks.edit",
               {{"channel_id", channel}, {"title", "Call"}, {"link", "https://meet.test/b"}, {"bookmark_id", id}});
    EXPECT_EQ(text_at(at(edited, "bookmark"), "id"), id);
    EXPECT_EQ(text_at(at(edited, "bookmark"), "link"), "https://meet.test/b");
    expect_refusal(us.call("bookmarks.edit", {{"channel_id", channel}, {"bookmark_id", "Bk0"}, {"title", "x"}}),
                   Verdict::refused, "not_found");
    expect_refusal(
        us.call("bookmarks.add", {{"channel_id", channel}, {"title", "x"}, {"link", "tel:1"}, {"type", "link"}}),
        Verdict::refused, "invalid_link");
}

TEST_F(TwinMethods, ViewsOpenTakesOurFormsForOneTriggerEach) {
    auto const policy = shipped_policy();
    auto const view = slack::declare_form(policy, general, "checkout & <co>", "~38 %");
    auto const trigger = text_at(us.ask("views.generateTriggerId", {{"user_id", admin}}), "trigger_id");
    auto const opened = at(us.ask("views.open", {{"trigger_id", trigger}, {"view", view}}), "view");
    auto const sent = json::parse(view);
    EXPECT_EQ(at(opened, "blocks"), at(sent, "blocks"));
    EXPECT_EQ(text_at(opened, "callback_id"), slack::form::declare);
    EXPECT_EQ(text_at(opened, "private_metadata"), text_at(sent, "private_metadata"));
    expect_refusal(us.call("views.open", {{"trigger_id", trigger}, {"view", view}}), Verdict::refused,
                   "exchanged_trigger_id");
    expect_refusal(us.call("views.open", {{"trigger_id", "1.2.3"}, {"view", view}}), Verdict::refused,
                   "invalid_trigger_id");
}

TEST_F(TwinMethods, ViewsPublishTakesOurHome) {
    auto const policy = shipped_policy();
    auto const view = slack::home_view({}, policy);
    auto const first = at(us.ask("views.publish", {{"user_id", admin}, {"view", view}}), "view");
    auto const second = at(us.ask("views.publish", {{"user_id", admin}, {"view", view}}), "view");
    EXPECT_EQ(at(second, "blocks"), at(json::parse(view), "blocks"));
    EXPECT_EQ(text_at(first, "id"), text_at(second, "id")) << "a person has one home";
}

} // namespace
} // namespace cox::test
