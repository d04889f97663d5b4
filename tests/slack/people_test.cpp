// Who people are, as far as Slack says so: standing, names, members of a channel.
#include "coming_in.hpp"

namespace cox::test {
namespace {

slack::SlackOptions quick_to_judge() {
    auto options = impatient();
    options.identify_within = 300ms;
    return options;
}

class SlackPeople : public SlackHouseTest {
protected:
    explicit SlackPeople(slack::SlackOptions options = impatient()) : SlackHouseTest{std::move(options)} {}
    void SetUp() override { ASSERT_TRUE(house.connect()); }

    Inbound const* status_by(std::string_view who) {
        return heard("command", {{"user", who}, {"channel", "ops"}, {"text", "status"}});
    }
    void let_in(std::string_view name, json more = json::object()) {
        json args = {{"name", name}};
        args.update(more);
        house.slack.act("add_user", args);
        happen("join", {{"user", name}, {"channel", "ops"}});
    }
    std::vector<std::string> found(std::string_view word) {
        std::vector<std::string> names;
        for (auto const& person : house.network->network().find_people(SlackHouse::channel("C0OPS0001"), word, false))
            names.push_back(person.name);
        return names;
    }
    std::size_t asked_about(std::string_view user) {
        std::size_t count = 0;
        for (auto const& call : house.slack.calls("users.info"))
            count += call["args"]["user"] == user ? 1 : 0;
        return count;
    }
};

TEST_F(SlackPeople, S15_OnlyMembersAreMembers) {
    let_in("guest", {{"is_restricted", true}});
    let_in("visitor", {{"is_ultra_restricted", true}});
    let_in("robot", {{"is_bot", true}});
    let_in("leaver", {{"deleted", true}});
    EXPECT_EQ(status_by("alice")->standing, Standing::member);
    for (auto const* who : {"guest", "visitor", "robot", "leaver"}) {
        auto const* const inbound = status_by(who);
        ASSERT_TRUE(inbound);
        EXPECT_EQ(inbound->standing, Standing::guest) << who;
    }
}

TEST_F(SlackPeople, S15_APressAndAMentionAreJudgedLikeACommand) {
    let_in("guest", {{"is_restricted", true}});
    effect::Post post;
    post.channel = SlackHouse::channel("C0OPS0001");
    post.text = "Who takes it?";
    post.buttons = {{"accept comms", "Accept"}};
    ASSERT_EQ(house.deliver(1, post).what, Delivered::What::sent);
    EXPECT_EQ(heard("press", {{"user", "guest"}, {"channel", "ops"}, {"button", "Accept"}})->standing, Standing::guest);
    EXPECT_EQ(heard("say", {{"user", "guest"}, {"channel", "ops"}, {"text", "!status"}})->standing, Standing::guest);
    happen("say", {{"user", "guest"}, {"channel", "ops"}, {"text", "<@U0COXBOT1> resolve"}});
    EXPECT_EQ(house.inbox.received.back().standing, Standing::guest);
}

TEST_F(SlackPeople, S16_PeopleOfAnotherOrganisationAreStrangers) {
    house.slack.act("add_channel", {{"name", "with-them"}, {"is_ext_shared", true}, {"members", {"alice"}}});
    house.slack.act("add_user", {{"name", "eve"}, {"team", "T0OTHER01"}});
    house.slack.act("add_user", {{"name", "mallory"}, {"is_stranger", true}});
    for (auto const* who : {"eve", "mallory"}) {
        auto const* const inbound = heard("say", {{"user", who}, {"channel", "with-them"}, {"text", "!status"}});
        ASSERT_TRUE(inbound);
        EXPECT_EQ(inbound->standing, Standing::stranger) << who;
    }
    EXPECT_EQ(heard("say", {{"user", "alice"}, {"channel", "with-them"}, {"text", "!status"}})->standing,
              Standing::member);
}

TEST_F(SlackPeople, S16_AStrangerIsOneThoughSlackDoesNotAnswer) {
    house.slack.act("add_channel", {{"name", "with-them"}, {"is_ext_shared", true}});
    house.slack.act("add_user", {{"name", "eve"}, {"team", "T0OTHER01"}});
    house.slack.fault({{"kind", "error"}, {"where", "users.info"}, {"error", "user_not_visible"}, {"count", -1}});
    EXPECT_EQ(heard("say", {{"user", "eve"}, {"channel", "with-them"}, {"text", "!status"}})->standing,
              Standing::stranger);
}

TEST_F(SlackPeople, S16_PeopleOfAnotherWorkspaceOfTheSameOrganisationAreColleagues) {
    house.slack.act("set_workspace", {{"enterprise", "E0OURS001"}});
    house.restart();
    ASSERT_TRUE(house.connect());
    let_in("dora", {{"team", "T0OTHER01"}, {"enterprise", "E0OURS001"}, {"is_stranger", true}});
    let_in("gus", {{"team", "T0OTHER01"}, {"enterprise", "E0OURS001"}, {"is_restricted", true}});
    let_in("eve", {{"team", "T0OTHER01"}, {"enterprise", "E0THEIRS1"}});
    EXPECT_EQ(status_by("dora")->standing, Standing::member);
    EXPECT_EQ(status_by("gus")->standing, Standing::guest);
    EXPECT_EQ(status_by("eve")->standing, Standing::stranger);
    EXPECT_EQ(heard("say", {{"user", "dora"}, {"channel", "ops"}, {"text", "!status"}})->standing, Standing::member);
    EXPECT_EQ(heard("say", {{"user", "eve"}, {"channel", "ops"}, {"text", "!status"}})->standing, Standing::stranger);
}

TEST_F(SlackPeople, S18_WhoeverSlackSaysNothingAboutIsUnverified) {
    house.slack.fault({{"kind", "error"}, {"where", "users.info"}, {"error", "internal_error"}, {"count", -1}});
    auto const* const inbound = status_by("alice");
    ASSERT_TRUE(inbound);
    EXPECT_EQ(inbound->standing, Standing::unverified);
    EXPECT_EQ(inbound->actor.name, "U0ALICE01");
    house.slack.act("clear_faults", {});
    EXPECT_EQ(status_by("alice")->standing, Standing::member);
}

TEST_F(SlackPeople, S18_WhoIsKnownGoodStaysSoForADayThoughSlackIsSilent) {
    ASSERT_EQ(status_by("alice")->standing, Standing::member);
    house.slack.fault({{"kind", "error"}, {"where", "users.info"}, {"error", "internal_error"}, {"count", -1}});
    house.desk.ahead = 23h;
    EXPECT_EQ(status_by("alice")->standing, Standing::member);
    house.desk.ahead = 25h;
    auto const* const inbound = status_by("alice");
    ASSERT_TRUE(inbound);
    EXPECT_EQ(inbound->standing, Standing::unverified);
    EXPECT_EQ(inbound->actor.name, "alice") << "the name is good for longer";
}

TEST_F(SlackPeople, S18_WhoIsKnownIsKnownAfterARestart) {
    ASSERT_TRUE(status_by("alice"));
    house.slack.fault({{"kind", "error"}, {"where", "users.info"}, {"error", "internal_error"}, {"count", -1}});
    house.restart();
    ASSERT_TRUE(house.connect());
    auto const* const inbound = status_by("alice");
    ASSERT_TRUE(inbound);
    EXPECT_EQ(inbound->standing, Standing::member);
    EXPECT_EQ(inbound->actor.name, "alice");
}

class SlackPeopleInAHurry : public SlackPeople {
protected:
    SlackPeopleInAHurry() : SlackPeople{quick_to_judge()} {}
};

TEST_F(SlackPeopleInAHurry, F51_ACommandDoesNotWaitForAWebApiThatIsSilent) {
    for (auto const* method : {"users.info", "conversations.info", "conversations.members"})
        house.slack.fault({{"kind", "hold"}, {"where", method}, {"count", -1}});
    house.slack.set({{"ack_within_ms", 2000}});
    auto const typed = happen("command", {{"user", "alice"}, {"channel", "ops"}, {"text", "ic @bob"}});
    EXPECT_EQ(house.slack.envelope(typed["envelopes"][0].get<std::string>())["deliveries"].size(), 1u);
    ASSERT_EQ(house.inbox.received.size(), 1u);
    EXPECT_EQ(house.inbox.received[0].standing, Standing::unverified);
}

TEST_F(SlackPeople, AreAskedForOnceHoweverManyCommandsWait) {
    json envelopes = json::array();
    for (int i = 0; i < 5; ++i) {
        auto const typed = house.slack.act("command", {{"user", "bob"}, {"channel", "ops"}, {"text", "status"}});
        envelopes.push_back(typed["envelopes"][0]);
    }
    ASSERT_TRUE(house.acknowledged({{"envelopes", envelopes}}));
    EXPECT_EQ(house.inbox.received.size(), 5u);
    EXPECT_EQ(asked_about("U0BOB0001"), 1u);
}

TEST_F(SlackPeople, AMentionIsFoundByItsId) {
    ASSERT_TRUE(heard("command", {{"user", "alice"}, {"channel", "ops"}, {"text", "ic <@U0BOB0001|bob>"}}));
    EXPECT_EQ(found("U0BOB0001|bob"), std::vector<std::string>{"bob"});
    EXPECT_EQ(found("U0BOB0001"), std::vector<std::string>{"bob"});
}

TEST_F(SlackPeople, ANameTypedByHandFitsMembersByNameFirstNameAndHandle) {
    let_in("sara", {{"display_name", "Sara Lind"}});
    let_in("robot", {{"is_bot", true}, {"display_name", "Sara Robot"}});
    house.slack.act("add_user", {{"name", "outsider"}});
    ASSERT_TRUE(heard("command", {{"user", "alice"}, {"channel", "ops"}, {"text", "comms @sara"}}));
    for (auto const* word : {"sara", "Sara", "sara lind", "SARA LIND"})
        EXPECT_EQ(found(word), std::vector<std::string>{"Sara Lind"}) << word;
    EXPECT_EQ(found("bob"), std::vector<std::string>{"bob"});
    EXPECT_TRUE(found("outsider").empty());
    EXPECT_TRUE(found("nobody").empty());
}

TEST_F(SlackPeople, TwoWhomANameFitsAreBothFoundAndAWholeNameFitsOne) {
    let_in("s1", {{"display_name", "Sara Lind"}});
    let_in("s2", {{"display_name", "Sara Berg"}});
    let_in("s3", {{"display_name", "Mia"}});
    let_in("s4", {{"display_name", "Mia Berg"}});
    ASSERT_TRUE(heard("command", {{"user", "alice"}, {"channel", "ops"}, {"text", "comms @sara"}}));
    EXPECT_EQ(found("sara").size(), 2u);
    EXPECT_EQ(found("mia"), std::vector<std::string>{"Mia"});
}

TEST_F(SlackPeople, InAnIncidentsChannelANameNeedsNoSign) {
    open_incident();
    ASSERT_TRUE(heard("command", {{"user", "alice"}, {"channel", "ops"}, {"text", "comms bob"}}));
    EXPECT_EQ(found("bob"), std::vector<std::string>{"bob"});
}

TEST_F(SlackPeople, MembersOfAPagedChannelAreAllFound) {
    for (int i = 0; i < 7; ++i)
        let_in("person" + std::to_string(i));
    house.slack.set({{"page_size", 2}});
    ASSERT_TRUE(heard("command", {{"user", "alice"}, {"channel", "ops"}, {"text", "comms @person6"}}));
    EXPECT_EQ(found("person6"), std::vector<std::string>{"person6"});
    EXPECT_EQ(house.slack.calls("conversations.members").size(), 5u);
}

TEST_F(SlackPeople, WhoJoinsIsFoundAndWhoLeavesIsNot) {
    ASSERT_TRUE(heard("command", {{"user", "alice"}, {"channel", "ops"}, {"text", "comms @bob"}}));
    let_in("cy");
    EXPECT_TRUE(house.run_until([&] { return found("cy") == std::vector<std::string>{"cy"}; }));
    happen("leave", {{"user", "bob"}, {"channel", "ops"}});
    EXPECT_TRUE(found("bob").empty());
    EXPECT_EQ(house.slack.calls("conversations.members").size(), 1u);
}

TEST_F(SlackPeople, F71_ANewNameOfAPersonIsTakenAndTheIdStays) {
    ASSERT_EQ(status_by("bob")->actor.name, "bob");
    happen("change_user", {{"user", "bob"}, {"display_name", "Robert"}});
    ASSERT_TRUE(called("users.info", 2));
    auto const* const inbound = status_by("bob");
    ASSERT_TRUE(inbound);
    EXPECT_EQ(inbound->actor.name, "Robert");
    EXPECT_EQ(inbound->actor.id.value, user("U0BOB0001"));
}

TEST_F(SlackPeople, S15_AMemberWhoBecomesAGuestIsAGuestAtOnce) {
    ASSERT_EQ(status_by("bob")->standing, Standing::member);
    happen("change_user", {{"user", "bob"}, {"is_restricted", true}});
    EXPECT_EQ(status_by("bob")->standing, Standing::guest);
}

TEST_F(SlackPeople, S15_AnAnswerFromBeforeAChangeIsNotTaken) {
    house.slack.fault({{"kind", "slow"}, {"where", "users.info"}, {"ms", 150}});
    house.slack.act("command", {{"user", "bob"}, {"channel", "ops"}, {"text", "status"}});
    ASSERT_TRUE(called("users.info")); // answered as he was then, but that takes a while
    happen("change_user", {{"user", "bob"}, {"is_restricted", true}});
    ASSERT_TRUE(called("users.info", 2));
    happen("command", {{"user", "bob"}, {"channel", "ops"}, {"text", "status"}});
    ASSERT_TRUE(house.run_until([&] { return house.inbox.received.size() == 2; }));
    for (auto const& inbound : house.inbox.received)
        EXPECT_EQ(inbound.standing, Standing::guest);
}

TEST_F(SlackPeople, F71_ThatTheCommandersAccountIsGoneIsSaidWhereTheIncidentIs) {
    open_incident().commander_seen = house.desk.now();
    ASSERT_TRUE(status_by("alice"));
    happen("change_user", {{"user", "alice"}, {"display_name", "Alice A."}});
    happen("change_user", {{"user", "bob"}, {"deleted", true}});
    EXPECT_TRUE(house.slack.calls("chat.postMessage").empty());
    happen("change_user", {{"user", "alice"}, {"deleted", true}});
    ASSERT_TRUE(called("chat.postMessage"));
    auto const said = house.slack.messages("ops").back();
    EXPECT_TRUE(said["text"].get<std::string>().contains("Alice A.")) << said["text"];
    // Not at once: she spoke a moment ago.
    EXPECT_TRUE(said["text"].get<std::string>().contains("open to everybody from ")) << said["text"];
}

} // namespace
} // namespace cox::test
