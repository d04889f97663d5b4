// What people do to messages: reactions are the buttons of the bot's own, and what they mark or remove goes to the
// timeline.
#include "house_test.hpp"

#include <algorithm>

namespace cox::test {
namespace {

class MatrixMarks : public MatrixHouseTest {
protected:
    void SetUp() override {
        MatrixHouseTest::SetUp();
        house.incident_in_ops();
    }
    // What the engine was asked to do, oldest first.
    Texts notes() {
        Texts texts;
        for (auto const& each : house.inbox.received)
            if (each.text.starts_with("note ")) texts.push_back(each.text);
        return texts;
    }
    json react(std::string_view key, std::string_view with, std::string_view user = "bob") {
        return house.happen("react", {{"user", user}, {"room", "ops"}, {"with", with}, {"key", key}});
    }
};

TEST_F(MatrixMarks, AReactionToAPostOfTheBotIsTheCommandOfThatButton) {
    effect::Post const post{house.ops(), effect::PostKind::word, "Who takes command?", {{"ic me", "Take command"}}};
    ASSERT_EQ(house.deliver(1, post).what, Delivered::What::sent);
    ASSERT_TRUE(house.caught_up());
    auto const key = [&] {
        for (auto const& each : house.server.events("ops"))
            if (each.at("type") == "m.reaction")
                return each.at("content").at("m.relates_to").at("key").get<std::string>();
        return std::string{};
    };
    ASSERT_TRUE(house.run_until([&] { return !key().empty(); })) << "the bot shows the key";
    ASSERT_TRUE(house.caught_up());
    EXPECT_EQ(house.heard(), Texts{}) << "its own key is no press";
    react(key(), "Who takes command?");
    ASSERT_EQ(house.heard(), Texts{"ic me"});
    EXPECT_EQ(house.inbox.received.back().form, Form::command);
    EXPECT_EQ(house.inbox.received.back().actor.id, MatrixHouse::person("bob").id);
    react("\xF0\x9F\x8D\x95", "Who takes command?");
    EXPECT_EQ(house.heard(), Texts{"ic me"}) << "another reaction is no button";
}

TEST_F(MatrixMarks, AButtonThatIsGoneSaysSoToWhoeverPressesItAndWhatToTypeInstead) {
    Card card;
    card.incident = {1};
    card.title = "checkout errors";
    card.buttons = {{"ic me", "Take command"}, {"status", "Status"}};
    auto const shown = house.deliver(1, effect::ShowCard{house.ops(), card});
    ASSERT_EQ(shown.what, Delivered::What::sent);
    auto const keys = [&] {
        return std::ranges::count(house.server.events("ops"), "m.reaction", [](json const& e) { return e.at("type"); });
    };
    ASSERT_TRUE(house.run_until([&] { return keys() == 2; }));
    card.buttons = {{"status", "Status"}};
    ASSERT_EQ(house.deliver(2, effect::ShowCard{house.ops(), card}).what, Delivered::What::sent);
    auto const before = house.server.messages("ops").size();
    react("\xF0\x9F\x8D\x95", "checkout errors"); // pizza
    react("\xF0\x9F\x93\xA3", "checkout errors"); // a button's, but none that this card ever had
    react("\xF0\x9F\x99\x8B", "checkout errors"); // "ic me"
    ASSERT_TRUE(house.run_until([&] { return house.has_said("`!inc ic me`"); }));
    EXPECT_EQ(house.heard(), Texts{}) << "it is not carried out";
    auto const said = house.server.messages("ops");
    ASSERT_EQ(said.size(), before + 1) << "what never was a button is a reaction like any other";
    EXPECT_EQ(said.back().at("m.relates_to").at("event_id"), shown.remote);
    EXPECT_EQ(said.back().at("m.mentions"), (json{{"user_ids", {"@bob:lab.test"}}}));
    EXPECT_EQ(said.back().at("msgtype"), "m.text");
    // As after a restart, when only the homeserver knows the message.
    house.die();
    house.restart();
    ASSERT_TRUE(house.connect());
    react("\xF0\x9F\x99\x8B", "checkout errors", "alice");
    EXPECT_TRUE(house.run_until([&] { return house.server.messages("ops").size() == before + 2; }));
}

TEST_F(MatrixMarks, AMessageThatIsMarkedByThePolicysEmojiGoesToTheTimelineOnce) {
    house.happen("say", {{"user", "alice"}, {"room", "ops"}, {"text", "the queue is empty again"}});
    auto const emoji = "\xF0\x9F\x93\x8C"; // pushpin
    ASSERT_EQ(house.desk.policy().note_emoji.empty(), false);
    react(emoji, "the queue");
    react(emoji, "the queue", "alice");
    EXPECT_EQ(notes(), Texts{"note alice: the queue is empty again"});
}

TEST_F(MatrixMarks, AMessageThatIsPinnedGoesToTheTimeline) {
    house.happen("say", {{"user", "bob"}, {"room", "ops"}, {"text", "errors began at 13:58"}});
    house.server.act("set_level", {{"user", "alice"}, {"room", "ops"}, {"level", 100}});
    house.happen("pin", {{"user", "alice"}, {"room", "ops"}, {"with", "errors began"}});
    EXPECT_EQ(notes(), Texts{"note bob: errors began at 13:58"});
}

TEST_F(MatrixMarks, F90_ACommandThatIsRemovedAfterwardsIsRecordedAndNotUndone) {
    house.happen("say", {{"user", "alice"}, {"room", "ops"}, {"text", "!inc impact all of it"}});
    house.happen("redact", {{"user", "alice"}, {"room", "ops"}, {"with", "impact all"}});
    EXPECT_EQ(house.heard(), (Texts{"!inc impact all of it", "note removed the message: !inc impact all of it"}));
}

TEST_F(MatrixMarks, WhereNoIncidentIsOpenNothingIsMarked) {
    house.desk.incident.reset();
    house.happen("say", {{"user", "alice"}, {"room", "ops"}, {"text", "lunch?"}});
    react("\xF0\x9F\x93\x8C", "lunch");
    EXPECT_EQ(house.heard(), Texts{});
}

} // namespace
} // namespace cox::test
