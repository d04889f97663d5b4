// What is kept up to date on Matrix: the card, its pin, the topic.
#include "core/marks.hpp"
#include "delivery_house.hpp"

#include <gtest/gtest.h>

namespace cox::matrix {
namespace {

using What = Delivered::What;

class MatrixShowing : public testing::Test, public DeliveryHouse {
protected:
    void TearDown() override { EXPECT_EQ(matrix.violations(), std::vector<std::string>{}); }

    static Card card(std::string status, std::vector<Button> buttons = {}) {
        Card shown;
        shown.incident = {1};
        shown.severity = "SEV-1";
        shown.title = "checkout errors";
        shown.status = std::move(status);
        shown.buttons = std::move(buttons);
        return shown;
    }
    void set_level(int level) { matrix.act("set_level", {{"user", "coxswain"}, {"room", "ops"}, {"level", level}}); }
    // And the bot hears of it.
    void give_power(int level) {
        set_level(level);
        auto& power = room(ops()).power;
        power.known = true;
        power.users = {{"@alice:lab.test", 100}, {"@coxswain:lab.test", level}};
    }
    void open_incident_in(ChannelId const& channel, std::int64_t number) {
        desk.incident.emplace();
        desk.incident->id = {number};
        desk.incident->channel = Channel{channel, "ops"};
    }
    std::string topic_of(ChannelId const& channel) { return room_as_it_is(channel).value("topic", ""); }
    std::size_t topic_writes() { return calls_to("state", "m.room.topic").size(); }
};

TEST_F(MatrixShowing, TheCardIsSentOnceAndThenEditedInPlace) {
    auto const incident = open_incident_room();
    auto const first = deliver(1, effect::ShowCard{incident, card("investigating")});
    auto const second = deliver(2, effect::ShowCard{incident, card("contained")});
    EXPECT_EQ(first.remote, second.remote);
    ASSERT_EQ(messages(incident).size(), 1U);
    EXPECT_EQ(messages(incident)[0]["edits"], 1);
    EXPECT_TRUE(messages(incident)[0]["body"].get<std::string>().starts_with("SEV-1 checkout errors · contained"));
}

TEST_F(MatrixShowing, TheCardIsPinnedOnce) {
    auto const incident = open_incident_room();
    auto const shown = deliver(1, effect::ShowCard{incident, card("investigating")});
    ASSERT_TRUE(run_until([&] { return room_as_it_is(incident)["pinned"] == json::array({shown.remote}); }));
    (void)deliver(2, effect::ShowCard{incident, card("contained")});
    EXPECT_EQ(calls_to("state", "m.room.pinned_events").size(), 1U);
}

TEST_F(MatrixShowing, ACardWhoseLifeEndedBeforeItsPinIsPinnedInTheNext) {
    auto const incident = open_incident_room();
    matrix.fault({{"kind", "reset"}, {"where", "state"}, {"count", -1}});
    auto const shown = deliver(1, effect::ShowCard{incident, card("investigating")});
    ASSERT_TRUE(run_until([&] { return !calls_to("state", "m.room.pinned_events").empty(); }));
    restart();
    matrix.act("clear_faults");
    open_incident_in(incident, 1);
    parts->deliverer.pin_what_is_due();
    EXPECT_TRUE(run_until([&] { return room_as_it_is(incident)["pinned"] == json::array({shown.remote}); }));
}

TEST_F(MatrixShowing, ACardThatWasNeverPinnedTakesNothingFromTheIncidentAfterIt) {
    (void)deliver(1, effect::ShowCard{ops(), card("resolved")});
    give_power(50);
    auto next = card("investigating");
    next.incident = {2};
    auto const second = deliver(2, effect::ShowCard{ops(), next});
    ASSERT_TRUE(run_until([&] { return room_as_it_is(ops())["pinned"] == json::array({second.remote}); }));
    restart();
    open_incident_in(ops(), 2);
    parts->deliverer.pin_what_is_due();
    EXPECT_EQ(deliver(3, effect::ShowCard{ops(), next}).what, What::sent);
    EXPECT_EQ(room_as_it_is(ops())["pinned"], json::array({second.remote}));
}

TEST_F(MatrixShowing, ThatItsCardIsPinnedIsKnownWithoutBeingTold) {
    auto const incident = open_incident_room();
    auto const shown = deliver(1, effect::ShowCard{incident, card("investigating")});
    EXPECT_TRUE(run_until([&] { return room(incident).pinned == std::vector{shown.remote}; }));
}

TEST_F(MatrixShowing, WhatPeoplePinnedStaysAndTheCardOfAnIncidentThatIsOverGoes) {
    give_power(50);
    matrix.act(
        "set_state",
        {{"user", "alice"}, {"room", "ops"}, {"type", "m.room.pinned_events"}, {"content", {{"pinned", {"$wiki"}}}}});
    auto const first = deliver(1, effect::ShowCard{ops(), card("resolved")});
    ASSERT_TRUE(run_until([&] { return room_as_it_is(ops())["pinned"] == json::array({"$wiki", first.remote}); }));
    auto next = card("investigating");
    next.incident = {2};
    auto const second = deliver(2, effect::ShowCard{ops(), next});
    EXPECT_TRUE(run_until([&] { return room_as_it_is(ops())["pinned"] == json::array({"$wiki", second.remote}); }));
}

TEST_F(MatrixShowing, TheCardIsKnownInANewLife) {
    auto const incident = open_incident_room();
    (void)deliver(1, effect::ShowCard{incident, card("investigating")});
    restart();
    (void)deliver(2, effect::ShowCard{incident, card("contained")});
    EXPECT_EQ(messages(incident).size(), 1U);
}

TEST_F(MatrixShowing, ACardWhoseAnswerWasLostIsFoundAndEdited) {
    auto const incident = open_incident_room();
    matrix.fault({{"kind", "reset"}, {"where", "send"}, {"count", -1}, {"done", true}});
    EXPECT_EQ(deliver(1, effect::ShowCard{incident, card("investigating")}).what, What::unknown);
    matrix.act("clear_faults");
    restart();
    // A newer one has taken its place meanwhile.
    EXPECT_EQ(reconcile(2, effect::ShowCard{incident, card("contained")}).what, What::absent);
    EXPECT_EQ(deliver(2, effect::ShowCard{incident, card("contained")}).what, What::sent);
    ASSERT_EQ(messages(incident).size(), 1U);
    EXPECT_EQ(messages(incident)[0]["edits"], 1);
}

TEST_F(MatrixShowing, ACardThatSomebodyRemovedComesBack) {
    auto const incident = open_incident_room();
    auto const shown = deliver(1, effect::ShowCard{incident, card("investigating")});
    parts->deliverer.redacted(room(incident), shown.remote);
    EXPECT_EQ(desk.shown_again, std::vector<ChannelId>{incident});
    auto const anew = deliver(2, effect::ShowCard{incident, card("investigating")});
    EXPECT_NE(anew.remote, shown.remote);
    EXPECT_EQ(messages(incident).size(), 2U);
    EXPECT_TRUE(run_until([&] { return room_as_it_is(incident)["pinned"] == json::array({anew.remote}); }));
}

TEST_F(MatrixShowing, ARemovedMessageThatIsNoCardIsLetGo) {
    auto const incident = open_incident_room();
    (void)deliver(1, effect::ShowCard{incident, card("investigating")});
    parts->deliverer.redacted(room(incident), "$other");
    EXPECT_TRUE(desk.shown_again.empty());
}

TEST_F(MatrixShowing, F89_ACardThatTheRoomDoesNotKnowIsSentAnew) {
    auto const incident = open_incident_room();
    room(incident).set_card({1}, "$of-the-old-room");
    auto const shown = deliver(1, effect::ShowCard{incident, card("investigating")});
    EXPECT_EQ(shown.what, What::sent);
    EXPECT_EQ(room(incident).card_of({1})->event, shown.remote);
    EXPECT_EQ(messages(incident).size(), 1U);
}

TEST_F(MatrixShowing, TheKeysOfTheCardMeanWhatItsLastEditSays) {
    auto const incident = open_incident_room();
    (void)deliver(1, effect::ShowCard{incident, card("investigating", {{"ic me", "Take command"}})});
    (void)deliver(2, effect::ShowCard{incident, card("investigating", {{"update", "Post update"}})});
    EXPECT_EQ(read_reactions(messages(incident)[0]), (std::vector<Reaction>{{"📣", "update"}}));
}

TEST_F(MatrixShowing, AKeyThatTheCardHasOnlyLaterIsPutThenAndEachOnlyOnce) {
    auto const incident = open_incident_room();
    Button const update{"update", "Post update"};
    (void)deliver(1, effect::ShowCard{incident, card("investigating", {update})});
    ASSERT_TRUE(run_until([this] { return calls_to("send", "m.reaction").size() == 1; }));
    restart();
    (void)deliver(2, effect::ShowCard{incident, card("investigating", {{"ic me", "Take command"}, update})});
    (void)deliver(3, effect::ShowCard{incident, card("contained", {{"ic me", "Take command"}, update})});
    ASSERT_TRUE(run_until([this] { return calls_to("send", "m.reaction").size() == 2; }));
    EXPECT_EQ(calls_to("send", "m.reaction").back()["body"]["m.relates_to"]["key"], "🙋");
}

TEST_F(MatrixShowing, TheTopicStandsInBothFormsAndOnlyWhenItChanges) {
    auto const incident = open_incident_room();
    (void)deliver(1, effect::SetTopic{incident, "SEV-1 checkout · investigating | IC Ana"});
    (void)deliver(2, effect::SetTopic{incident, "SEV-1 checkout · investigating | IC Ana"});
    EXPECT_EQ(topic_writes(), 1U);
    EXPECT_EQ(topic_of(incident), "SEV-1 checkout · investigating | IC Ana");
    auto const content = room_as_it_is(incident)["state"]["m.room.topic"][""];
    EXPECT_EQ(content["m.topic"]["m.text"][0]["body"], "<strong>SEV-1</strong> checkout · investigating | IC Ana");
}

TEST_F(MatrixShowing, WhatStoodInTheTopicComesBackInTheEnd) {
    give_power(50);
    matrix.act("set_state", {{"user", "alice"},
                             {"room", "ops"},
                             {"type", "m.room.topic"},
                             {"content", {{"topic", "Operations <wiki>\nline"}}}});
    (void)deliver(1, effect::SetTopic{ops(), "SEV-1"});
    EXPECT_EQ(topic_of(ops()), "SEV-1");
    restart();
    EXPECT_EQ(deliver(2, effect::RestoreTopic{ops()}).what, What::sent);
    EXPECT_EQ(topic_of(ops()), "Operations <wiki>\nline");
}

TEST_F(MatrixShowing, F94_TheTopicIsWrittenNoMoreOftenThanItsSpacing) {
    auto const incident = open_incident_room();
    parts->shared.topic_spacing = std::chrono::seconds{30};
    (void)deliver(1, effect::SetTopic{incident, "one"});
    auto const soon = deliver(2, effect::SetTopic{incident, "two"});
    EXPECT_EQ(soon.what, What::again);
    ASSERT_TRUE(soon.wait);
    EXPECT_LE(*soon.wait, std::chrono::seconds{30});
    EXPECT_EQ(topic_of(incident), "one");
}

TEST_F(MatrixShowing, F94_ATopicEditedByHandIsPutRightOnceAndExplainedToWhoeverDidIt) {
    auto const incident = open_incident_room();
    std::string const id{raw(incident)};
    matrix.act("invite", {{"user", "coxswain"}, {"room", id}, {"whom", "alice"}});
    matrix.act("join", {{"user", "alice"}, {"room", id}});
    (void)deliver(1, effect::SetTopic{incident, "SEV-1"});
    parts->deliverer.topic_changed(room(incident), "@alice:lab.test", "mine");
    EXPECT_EQ(desk.shown_again.size(), 1U);
    ASSERT_TRUE(run_until([&] { return said(incident, "names the roles while the incident is open") == 1; }));
    EXPECT_EQ(messages(incident).back()["m.mentions"]["user_ids"], json::array({"@alice:lab.test"}));
    (void)deliver(2, effect::SetTopic{incident, "SEV-1"});
    EXPECT_EQ(topic_of(incident), "SEV-1");
    parts->deliverer.topic_changed(room(incident), "@alice:lab.test", "mine");
    EXPECT_EQ(desk.shown_again.size(), 1U) << "never a fight";
}

TEST_F(MatrixShowing, OurOwnTopicComingBackIsNoEditByHand) {
    auto const incident = open_incident_room();
    (void)deliver(1, effect::SetTopic{incident, "SEV-1"});
    parts->deliverer.topic_changed(room(incident), "@coxswain:lab.test", "an older one");
    EXPECT_TRUE(desk.shown_again.empty());
}

TEST_F(MatrixShowing, F88_WithoutThePowerForTheTopicItIsSaidOnceWhoCanMendItAndHow) {
    give_power(0);
    std::optional<bool> known;
    parts->people.know_members(std::string{raw(ops())}, [&] { known = true; });
    ASSERT_TRUE(run_until([&] { return known.has_value(); }));
    EXPECT_EQ(deliver(1, effect::SetTopic{ops(), "SEV-1"}).what, What::failed);
    EXPECT_EQ(deliver(2, effect::SetTopic{ops(), "SEV-2"}).what, What::failed);
    ASSERT_TRUE(run_until([&] { return said(ops(), "/op @coxswain:lab.test 50") == 1; }));
    EXPECT_EQ(topic_writes(), 0U);
    EXPECT_EQ(said(ops(), "takes power level 50, and @coxswain:lab.test has 0"), 1U);
    EXPECT_TRUE(desk.was_told("needs power level 50"));
}

TEST_F(MatrixShowing, F88_WhereTheHomeserverRefusesTheTopicTheRoomIsStillReached) {
    set_level(0);
    EXPECT_EQ(deliver(1, effect::SetTopic{ops(), "SEV-1"}).what, What::failed);
    EXPECT_TRUE(room(ops()).unreachable.empty());
    ASSERT_TRUE(run_until([&] { return said(ops(), "I may not set this room's topic") == 1; }));
}

TEST_F(MatrixShowing, F88_OnceThePowerIsGivenTheTopicIsShown) {
    give_power(0);
    (void)deliver(1, effect::SetTopic{ops(), "SEV-1"});
    give_power(50);
    parts->deliverer.power_changed(room(ops()));
    EXPECT_EQ(desk.shown_again, std::vector<ChannelId>{ops()});
    EXPECT_EQ(deliver(2, effect::SetTopic{ops(), "SEV-1"}).what, What::sent);
    EXPECT_EQ(topic_of(ops()), "SEV-1");
}

TEST_F(MatrixShowing, TheLinkOfTheCallIsKeptAtHandByThePinnedCard) {
    auto const incident = open_incident_room();
    EXPECT_EQ(deliver(1, effect::SetLink{incident, "Call", "https://meet.test/1"}).what, What::sent);
    auto shown = card("investigating");
    shown.call = "https://meet.test/1";
    (void)deliver(2, effect::ShowCard{incident, shown});
    EXPECT_EQ(said(incident, "Call: https://meet.test/1"), 1U);
}

} // namespace
} // namespace cox::matrix
