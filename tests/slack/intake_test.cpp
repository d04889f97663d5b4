// What people say and press, on its way into the engine.
#include "coming_in.hpp"

namespace cox::test {
namespace {

constexpr char bot[] = "<@U0COXBOT1>";

class SlackIntake : public SlackHouseTest {
protected:
    SlackIntake() : SlackHouseTest{impatient()} {}
    void SetUp() override { ASSERT_TRUE(house.connect()); }

    json says(std::string_view who, std::string_view text, json more = json::object()) {
        json args = {{"user", who}, {"channel", "ops"}, {"text", text}};
        args.update(more);
        return args;
    }
    // Nothing of it reaches the engine, and it is acknowledged all the same.
    void expect_unheard(std::string_view act, json const& args) {
        auto const before = house.inbox.received.size();
        happen(act, args);
        EXPECT_EQ(house.inbox.received.size(), before) << act << ' ' << args;
    }
    Delivered answer(std::string_view channel, std::string_view to, std::string text) {
        effect::Tell tell;
        tell.channel = SlackHouse::channel(channel);
        tell.to = SlackHouse::person(to, "somebody");
        tell.text = std::move(text);
        return house.deliver(++op_, std::move(tell));
    }
    // A message of ours with these buttons stands in #ops.
    void post_with(std::vector<Button> buttons) {
        effect::Post post;
        post.channel = SlackHouse::channel("C0OPS0001");
        post.text = "Who takes it?";
        post.buttons = std::move(buttons);
        ASSERT_EQ(house.deliver(++op_, std::move(post)).what, Delivered::What::sent);
    }

private:
    std::int64_t op_ = 0;
};

TEST_F(SlackIntake, ASlashCommandSaysWhoWhereAndWhat) {
    for (auto const* command : {"/inc", "/incident"}) {
        auto const* const inbound =
            heard("command", {{"user", "alice"}, {"channel", "ops"}, {"command", command}, {"text", "impact ~38%"}});
        ASSERT_TRUE(inbound);
        EXPECT_EQ(inbound->text, "impact ~38%");
        EXPECT_EQ(inbound->form, Form::command);
        EXPECT_EQ(inbound->place, (Channel{SlackHouse::channel("C0OPS0001"), "ops"}));
        EXPECT_EQ(inbound->actor.id.value, user("U0ALICE01"));
        EXPECT_EQ(inbound->actor.name, "alice");
        EXPECT_EQ(inbound->standing, Standing::member);
        EXPECT_FALSE(inbound->said_at) << "whoever types it is told at once when it does not work";
    }
}

TEST_F(SlackIntake, ASlashCommandWithoutTextIsACommandAllTheSame) {
    auto const* const inbound = heard("command", {{"user", "alice"}, {"channel", "ops"}, {"text", ""}});
    ASSERT_TRUE(inbound);
    EXPECT_EQ(inbound->text, "");
    EXPECT_EQ(inbound->form, Form::command);
}

TEST_F(SlackIntake, ASlashCommandComesFromChannelsThatTheBotIsNotIn) {
    auto const* const inbound = heard("command", {{"user", "alice"}, {"channel", "general"}, {"text", "status"}});
    ASSERT_TRUE(inbound);
    EXPECT_EQ(inbound->place.id, SlackHouse::channel("C0GENERAL"));
    EXPECT_EQ(inbound->place.name, "general");
}

TEST_F(SlackIntake, AMarkedMessageIsHandedOverAsTheMessageItIsWithItsTime) {
    auto const began = std::chrono::floor<std::chrono::seconds>(house.desk.now());
    auto const* const inbound = heard("say", says("bob", "!status"));
    ASSERT_TRUE(inbound);
    EXPECT_EQ(inbound->text, "!status");
    EXPECT_EQ(inbound->form, Form::message);
    EXPECT_EQ(inbound->actor.name, "bob");
    EXPECT_EQ(inbound->place.name, "ops");
    // Slack tells the whole seconds.
    ASSERT_TRUE(inbound->said_at);
    EXPECT_GE(*inbound->said_at, began);
}

TEST_F(SlackIntake, F42_AMessageThatComesLateSaysWhenItWasSaid) {
    house.slack.act("hold", {});
    auto const typed = house.slack.act("say", says("bob", "!contained"));
    auto const said = house.desk.now();
    house.slack.act("let_pass", {{"ms", 20 * 60 * 1000}});
    house.slack.act("release", {});
    ASSERT_TRUE(house.acknowledged(typed));
    ASSERT_EQ(house.inbox.received.size(), 1u);
    EXPECT_LE(*house.inbox.received[0].said_at, said);
}

TEST_F(SlackIntake, AnAnswerToAMarkedMessageInAThreadGoesIntoTheThread) {
    auto const root = happen("say", says("bob", "checkout is slow"))["ts"];
    ASSERT_TRUE(heard("say", says("alice", "!status", {{"thread_ts", root}})));
    EXPECT_EQ(answer("C0OPS0001", "U0ALICE01", "All is well.").what, Delivered::What::sent);
    auto const told = house.slack.calls("chat.postEphemeral");
    ASSERT_EQ(told.size(), 1u);
    EXPECT_EQ(told[0]["args"]["thread_ts"], root);
    // What she types in the channel is answered in the channel again.
    ASSERT_TRUE(heard("say", says("alice", "!status")));
    EXPECT_EQ(answer("C0OPS0001", "U0ALICE01", "All is well.").what, Delivered::What::sent);
    EXPECT_FALSE(house.slack.calls("chat.postEphemeral")[1]["args"].contains("thread_ts"));
}

TEST_F(SlackIntake, AMessageShownFromAThreadAndOneWithAFileAreHeard) {
    auto const root = happen("say", says("bob", "checkout is slow"))["ts"];
    EXPECT_TRUE(heard("say", says("alice", "!status", {{"thread_ts", root}, {"subtype", "thread_broadcast"}})));
    EXPECT_TRUE(heard("say", says("alice", "!impact see the graph", {{"subtype", "file_share"}})));
}

TEST_F(SlackIntake, F66_AMentionAndItsMessageAreOneCommand) {
    auto const said = happen("say", says("alice", std::string{bot} + " status"));
    EXPECT_EQ(said["envelopes"].size(), 2u) << "the message, and the mention in it";
    ASSERT_EQ(house.inbox.received.size(), 1u);
    EXPECT_EQ(house.inbox.received[0].text, "status");
    EXPECT_EQ(house.inbox.received[0].form, Form::command);
}

TEST_F(SlackIntake, AMentionInTheMiddleOfAMessageIsTalk) {
    expect_unheard("say", says("alice", std::string{"I asked "} + bot + " status and it said all is well"));
    expect_unheard("say", says("alice", "<@U0COXBOT12> status"));
    expect_unheard("say", says("alice", "<@U0BOB0001> status"));
}

TEST_F(SlackIntake, ADirectMessageIsACommandWhenItIsMarked) {
    auto const* const inbound = heard("say", {{"user", "alice"}, {"channel", "@bot"}, {"text", "!status"}});
    ASSERT_TRUE(inbound);
    EXPECT_EQ(inbound->actor.name, "alice");
}

TEST_F(SlackIntake, TalkReachesTheEngineOnlyAsASignOfLifeOfACommander) {
    expect_unheard("say", says("alice", "the graphs look bad"));
    open_incident();
    expect_unheard("say", says("bob", "I agree"));
    auto const* const inbound = heard("say", says("alice", "looking into it"));
    ASSERT_TRUE(inbound);
    EXPECT_EQ(inbound->form, Form::message);
}

TEST_F(SlackIntake, F67_EditsDeletionsAndPreviewsNeverExecute) {
    happen("say", says("alice", "the graphs look bad"));
    expect_unheard("edit", {{"channel", "ops"}, {"text", "!declare 1 checkout"}});
    expect_unheard("edit", {{"channel", "ops"}, {"text", std::string{bot} + " declare 1 checkout"}});
    ASSERT_TRUE(heard("say", says("alice", "!status https://x.test")));
    expect_unheard("unfurl", {{"channel", "ops"}});
    expect_unheard("edit", {{"channel", "ops"}, {"text", "!resolve"}});
    expect_unheard("delete", {{"channel", "ops"}});
}

TEST_F(SlackIntake, F67_WhoCorrectsACommandByAnEditIsToldToSendItAnew) {
    happen("say", says("alice", "the graphs look bad"));
    expect_unheard("edit", {{"channel", "ops"}, {"text", "!!! the graphs look bad"}});
    EXPECT_TRUE(house.slack.ephemerals("U0ALICE01").empty());
    expect_unheard("edit", {{"channel", "ops"}, {"text", "!impact ~38%"}});
    ASSERT_TRUE(house.run_until([&] { return !house.slack.ephemerals("U0ALICE01").empty(); }));
    auto const told = house.slack.ephemerals("U0ALICE01").back()["body"].value("text", "");
    EXPECT_TRUE(told.contains("not carried out")) << told;
    EXPECT_TRUE(told.contains("`!impact ~38%`")) << told;
}

TEST_F(SlackIntake, F67_BotsAndOurOwnWordsNeverExecute) {
    expect_unheard("bot_says", {{"channel", "ops"}, {"text", "!declare 1 checkout"}});
    expect_unheard("bot_says", {{"channel", "ops"}, {"text", "!declare 1 checkout"}, {"old", true}});
    expect_unheard("bot_says", {{"channel", "ops"}, {"text", std::string{bot} + " declare 1 checkout"}});
    effect::Post post;
    post.channel = SlackHouse::channel("C0OPS0001");
    post.text = "!declare 1 checkout";
    auto const sent = house.deliver(99, post);
    ASSERT_EQ(sent.what, Delivered::What::sent);
    // What we said comes back as an event; by now it would have been heard.
    EXPECT_TRUE(heard("say", says("alice", "!status")));
}

TEST_F(SlackIntake, F67_QuotedAndForwardedCommandsAreTalk) {
    expect_unheard("say", says("alice", "&gt; !declare 1 checkout"));
    expect_unheard("say", says("alice", "```!declare 1 checkout```"));
    json const forwarded = {{"is_share", true}, {"text", "!declare 1 checkout"}, {"author_id", "U0BOB0001"}};
    expect_unheard("say", says("alice", "", {{"more", {{"attachments", json::array({forwarded})}}}}));
    expect_unheard("say", says("alice", "look", {{"more", {{"attachments", json::array({forwarded})}}}}));
}

TEST_F(SlackIntake, APressedButtonIsItsCommandInItsThread) {
    post_with({{"accept comms", "Accept"}, {"decline comms", "Decline"}});
    auto const* const inbound = heard("press", {{"user", "bob"}, {"channel", "ops"}, {"button", "Accept"}});
    ASSERT_TRUE(inbound);
    EXPECT_EQ(inbound->text, "accept comms");
    EXPECT_EQ(inbound->form, Form::command);
    EXPECT_EQ(inbound->actor.name, "bob");
    ASSERT_TRUE(inbound->said_at) << "one that comes late is not carried out";
    auto const now = std::chrono::system_clock::now().time_since_epoch();
    EXPECT_LT(now - inbound->said_at->time_since_epoch(), 5min) << "the press counts, not the message";
}

TEST_F(SlackIntake, DeclareHereIsNotTakenWhereTheBotCannotSeeTheChannel) {
    house.slack.act(
        "add_channel",
        {{"id", "C0SECRET1"}, {"name", "secret"}, {"is_private", true}, {"bot", false}, {"members", {"alice"}}});
    auto const in_secret = [](std::string_view text) {
        return json{{"user", "alice"}, {"channel", "secret"}, {"text", text}};
    };
    expect_unheard("command", in_secret("declare here 2 lost in private"));
    ASSERT_TRUE(house.run_until([&] { return !house.slack.ephemerals("U0ALICE01").empty(); }));
    auto const told = house.slack.ephemerals("U0ALICE01").back()["body"].value("text", "");
    EXPECT_TRUE(told.contains("`/invite @coxswain`")) << told;
    // In a channel of its own it can be commanded.
    EXPECT_TRUE(heard("command", in_secret("declare 2 lost in private")));
}

TEST_F(SlackIntake, F64_TwoPressesAreTwoCommandsAndOneThatComesTwiceIsOne) {
    post_with({{"accept comms", "Accept"}});
    json const press = {{"user", "bob"}, {"channel", "ops"}, {"button", "Accept"}};
    house.slack.fault({{"kind", "duplicate"}, {"new_id", true}});
    auto const* const first = heard("press", press);
    ASSERT_TRUE(first);
    auto const key = first->key;
    auto const* const second = heard("press", press);
    ASSERT_TRUE(second);
    EXPECT_NE(second->key, key) << "the engine says what the second one is worth";
}

TEST_F(SlackIntake, AButtonOnAMessageThatHasChangedSinceIsHandedOver) {
    open_incident();
    effect::ShowCard shown;
    shown.channel = SlackHouse::channel("C0OPS0001");
    shown.card.incident = {7};
    shown.card.title = "SEV-1 checkout errors";
    shown.card.buttons = {{"contained", "Contained"}};
    ASSERT_EQ(house.deliver(1, shown).what, Delivered::What::sent);
    shown.card.buttons.clear();
    ASSERT_EQ(house.deliver(2, shown).what, Delivered::What::sent);
    auto const* const inbound =
        heard("press", {{"user", "bob"}, {"channel", "ops"}, {"button", "Contained"}, {"stale", true}});
    ASSERT_TRUE(inbound);
    EXPECT_EQ(inbound->text, "contained");
}

TEST_F(SlackIntake, AnEmojiOrAPinPutsAMessageOnTheTimelineOnce) {
    open_incident();
    auto const ts = happen("say", says("bob", "the deploy was at 14:02"))["ts"];
    auto const* const note = heard("react", {{"user", "alice"}, {"channel", "ops"}, {"emoji", "memo"}, {"ts", ts}});
    ASSERT_TRUE(note);
    ASSERT_TRUE(note->meant);
    EXPECT_EQ(std::get<command::Note>(note->meant->command).text, "bob: the deploy was at 14:02");
    EXPECT_EQ(note->text, "note bob: the deploy was at 14:02");
    EXPECT_EQ(note->actor.name, "alice");
    expect_unheard("react", {{"user", "bob"}, {"channel", "ops"}, {"emoji", "memo"}, {"ts", ts}});
    expect_unheard("react", {{"user", "bob"}, {"channel", "ops"}, {"emoji", "pushpin"}, {"ts", ts}});
    expect_unheard("pin", {{"user", "bob"}, {"channel", "ops"}, {"ts", ts}});
}

TEST_F(SlackIntake, S15_AGuestsMarkDoesNotStandInTheWayOfAMembers) {
    open_incident();
    house.slack.act("add_user", {{"name", "guest"}, {"is_restricted", true}});
    happen("join", {{"user", "guest"}, {"channel", "ops"}});
    auto const ts = happen("say", says("bob", "the deploy was at 14:02"))["ts"];
    json const mark = {{"channel", "ops"}, {"emoji", "memo"}, {"ts", ts}};
    auto by = [&](std::string_view who) {
        json args = mark;
        args["user"] = who;
        return args;
    };
    EXPECT_EQ(heard("react", by("guest"))->standing, Standing::guest);
    EXPECT_EQ(heard("react", by("alice"))->standing, Standing::member);
    expect_unheard("react", by("bob"));
}

TEST_F(SlackIntake, F42_AMarkThatComesTooLateDoesNotStandInTheWayOfTheNext) {
    open_incident();
    auto const ts = happen("say", says("bob", "the deploy was at 14:02"))["ts"];
    house.desk.ahead = 20min;
    ASSERT_TRUE(heard("react", {{"user", "alice"}, {"channel", "ops"}, {"emoji", "memo"}, {"ts", ts}}));
    house.desk.ahead = {};
    ASSERT_TRUE(heard("react", {{"user", "bob"}, {"channel", "ops"}, {"emoji", "memo"}, {"ts", ts}}));
}

TEST_F(SlackIntake, AMarkedMessageThatSlackDoesNotShowNowIsAskedForAgainWhenTheMarkIsDeliveredAgain) {
    open_incident();
    house.slack.set({{"ack_within_ms", 300}, {"redeliver_after_ms", {0, 300, 300}}});
    auto const ts = happen("say", says("bob", "the deploy was at 14:02"))["ts"];
    constexpr int attempts = 3;
    house.slack.fault(
        {{"kind", "error"}, {"where", "conversations.history"}, {"error", "internal_error"}, {"count", attempts}});
    ASSERT_TRUE(heard("react", {{"user", "alice"}, {"channel", "ops"}, {"emoji", "memo"}, {"ts", ts}}));
}

TEST_F(SlackIntake, ANoteReadsAsPeopleReadTheMessage) {
    open_incident();
    auto const ts = happen("say", says("bob", "<@U0ALICE01> see <https://x.test|x> &amp; y"))["ts"];
    auto const* const note = heard("react", {{"user", "alice"}, {"channel", "ops"}, {"emoji", "memo"}, {"ts", ts}});
    ASSERT_TRUE(note);
    EXPECT_EQ(std::get<command::Note>(note->meant->command).text, "bob: @alice see https://x.test & y");
}

TEST_F(SlackIntake, ALongNoteIsNotCutInsideACharacter) {
    open_incident();
    std::string text;
    for (int i = 0; i < 1500; ++i)
        text += "\u00e9\u00e9";
    auto const ts = happen("say", says("bob", text))["ts"];
    auto const* const note = heard("react", {{"user", "alice"}, {"channel", "ops"}, {"emoji", "memo"}, {"ts", ts}});
    ASSERT_TRUE(note);
    auto const& line = std::get<command::Note>(note->meant->command).text;
    EXPECT_EQ(normalise(line), line) << "valid";
    EXPECT_TRUE(line.ends_with("\u00e9\u2026"));
}

TEST_F(SlackIntake, APinPutsAMessageOnTheTimelineWithItsAuthor) {
    open_incident();
    happen("say", says("bob", "the deploy was at 14:02"));
    auto const* const note = heard("pin", {{"user", "alice"}, {"channel", "ops"}});
    ASSERT_TRUE(note);
    ASSERT_TRUE(note->meant);
    EXPECT_EQ(std::get<command::Note>(note->meant->command).text, "bob: the deploy was at 14:02");
}

TEST_F(SlackIntake, AnEmojiInAThreadPutsTheAnswerOnTheTimelineAndNotTheQuestion) {
    open_incident();
    auto const root = happen("say", says("bob", "who deployed?"))["ts"];
    auto const reply = happen("say", says("bob", "the deploy was at 14:02", {{"thread_ts", root}}))["ts"];
    auto const* const note = heard("react", {{"user", "bob"}, {"channel", "ops"}, {"emoji", "memo"}, {"ts", reply}});
    ASSERT_TRUE(note);
    EXPECT_EQ(note->text, "note bob: the deploy was at 14:02");
}

TEST_F(SlackIntake, OtherEmojiAndMarksWhereNoIncidentIsAreNothing) {
    happen("say", says("bob", "the deploy was at 14:02"));
    expect_unheard("react", {{"user", "alice"}, {"channel", "ops"}, {"emoji", "memo"}});
    expect_unheard("pin", {{"user", "alice"}, {"channel", "ops"}});
    open_incident();
    expect_unheard("react", {{"user", "alice"}, {"channel", "ops"}, {"emoji", "thumbsup"}});
    expect_unheard("unreact", {{"user", "alice"}, {"channel", "ops"}, {"emoji", "memo"}});
}

TEST_F(SlackIntake, F79_S05_AHostileResponseUrlIsNeverAsked) {
    for (auto const* url :
         {"https://evil.test/commands/1", "https://hooks.slack.com@evil.test/commands/1",
          "http://169.254.169.254/latest/meta-data", "https://hooks.slack.com.evil.test/commands/1"}) {
        json const payload = {{"team_id", SlackHouse::team()},
                              {"channel_id", "C0OPS0001"},
                              {"channel_name", "ops"},
                              {"user_id", "U0ALICE01"},
                              {"command", "/inc"},
                              {"text", "status"},
                              {"trigger_id", std::string{"1.2."} + std::to_string(std::hash<std::string>{}(url))},
                              {"response_url", url}};
        ASSERT_TRUE(heard("envelope", {{"type", "slash_commands"}, {"payload", payload}}));
        EXPECT_EQ(answer("C0OPS0001", "U0ALICE01", "All is well.").what, Delivered::What::sent) << url;
    }
    // Each answer took the other way.
    EXPECT_TRUE(house.slack.calls("response_url").empty());
    EXPECT_EQ(house.slack.calls("chat.postEphemeral").size(), 4u);
}

TEST_F(SlackIntake, S04_AnAnswerIsNotSentOnWhereItsAddressRedirectsTo) {
    ASSERT_TRUE(heard("command", {{"user", "alice"}, {"channel", "ops"}, {"text", "status"}}));
    house.slack.fault(
        {{"kind", "status"}, {"where", "response_url"}, {"status", 302}, {"location", house.slack.api() + "api.test"}});
    EXPECT_EQ(answer("C0OPS0001", "U0ALICE01", "All is well.").what, Delivered::What::sent);
    EXPECT_TRUE(house.slack.calls("api.test").empty());
    EXPECT_EQ(house.slack.calls("chat.postEphemeral").size(), 1u);
}

TEST_F(SlackIntake, F75_ThatSlackHoldsBackEventsIsToldToTheOperator) {
    happen("app_rate_limited", {});
    EXPECT_TRUE(house.desk.was_told("stopped delivering events"));
}

} // namespace
} // namespace cox::test
