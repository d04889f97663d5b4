// Messages on their way out: posts, private words, pages, and the reactions that are their buttons.
#include "core/marks.hpp"
#include "delivery_house.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace cox::matrix {
namespace {

using What = Delivered::What;

class MatrixPosting : public testing::Test, public DeliveryHouse {
protected:
    void TearDown() override { EXPECT_EQ(matrix.violations(), std::vector<std::string>{}); }

    effect::Post post(std::string text, std::vector<Button> buttons = {}) const {
        return {ops(), effect::PostKind::word, std::move(text), std::move(buttons), {}};
    }
    // To what alice typed.
    effect::Tell answer_to(std::string const& event) {
        auto const now = std::chrono::steady_clock::now();
        effect::Tell const tell{ops(), person("alice", "Alice"), "No incident is open here.", {}};
        parts->heard.heard(tell.to.id, "key", {event, ""}, now);
        parts->heard.led_to("key", {Outcome::What::done, {tell}}, now);
        return tell;
    }
};

TEST_F(MatrixPosting, APostStandsInTheRoomAndItsPlaceIsKnown) {
    auto const delivered = deliver(1, post("SEV-1 checkout errors"));
    EXPECT_EQ(delivered.what, What::sent);
    auto const said = messages(ops());
    ASSERT_EQ(said.size(), 1U);
    EXPECT_EQ(said[0]["body"], "SEV-1 checkout errors");
    EXPECT_EQ(said[0]["event_id"], delivered.remote);
    EXPECT_EQ(said[0]["coxswain"]["op"], "thishouse:1");
}

TEST_F(MatrixPosting, WordsThatNobodyAskedForStandUnderTheCardAndReachTheOneTheyAreFor) {
    Card card;
    card.incident = {1};
    auto const shown = deliver(1, effect::ShowCard{ops(), card});
    (void)deliver(2, effect::Tell{ops(), person("alice", "Alice"), "The update is ready.\n\nSEV-1", {}});
    auto const said = messages(ops()).back();
    EXPECT_EQ(said["m.relates_to"]["rel_type"], "m.thread");
    EXPECT_EQ(said["m.relates_to"]["event_id"], shown.remote);
    EXPECT_EQ(said["msgtype"], "m.text");
    EXPECT_EQ(said["m.mentions"], (json{{"user_ids", {"@alice:lab.test"}}}));
}

TEST_F(MatrixPosting, F84_TheSameOperationSentAgainIsTheSameEvent) {
    auto const first = deliver(1, post("once"));
    restart();
    auto const second = deliver(1, post("once"));
    EXPECT_EQ(first.remote, second.remote);
    EXPECT_EQ(messages(ops()).size(), 1U);
}

TEST_F(MatrixPosting, EachEventHasATransactionOfItsOwnWhateverItsKindAndWhenever) {
    auto const keys_of = [this](std::size_t count) {
        return run_until([this, count] { return calls_to("send", "m.reaction").size() == count; });
    };
    (void)deliver(1, post("one", {{"accept A1", "Accept"}, {"decline A1", "Decline"}}));
    ASSERT_TRUE(keys_of(2));
    restart();
    (void)deliver(2, post("two", {{"accept A2", "Accept"}, {"decline A2", "Decline"}}));
    ASSERT_TRUE(keys_of(4));
    std::set<std::string> ids;
    for (auto const& call : calls_to("send"))
        EXPECT_TRUE(ids.insert(call.at("in_path").at("txn").get<std::string>()).second) << call;
    EXPECT_EQ(ids.size(), 6U);
}

TEST_F(MatrixPosting, F84_AKeyThatIsPutAgainIsTheSameEvent) {
    for (int life = 0; life < 2; ++life) {
        (void)deliver(1, post("one", {{"accept A1", "Accept"}}));
        auto const puts = static_cast<std::size_t>(life) + 1;
        ASSERT_TRUE(run_until([&] { return calls_to("send", "m.reaction").size() == puts; }));
        restart();
    }
    auto const events = matrix.events("ops");
    EXPECT_EQ(std::ranges::count(events, "m.reaction", [](json const& event) { return event.at("type"); }), 1);
}

TEST_F(MatrixPosting, TheKeysOfAMessageStandUnderItFromTheStart) {
    auto const delivered = deliver(1, post("A1 waits for Bo.", {{"accept A1", "Accept"}, {"decline A1", "Decline"}}));
    std::set<std::string> keys;
    ASSERT_TRUE(run_until([&] {
        keys.clear();
        for (auto const& event : matrix.events("ops")) {
            auto const relates = event.at("content").value("m.relates_to", json::object());
            if (event.at("type") == "m.reaction" && relates.value("event_id", "") == delivered.remote)
                keys.insert(relates.at("key").get<std::string>());
        }
        return keys.size() == 2;
    }));
    EXPECT_EQ(keys, (std::set<std::string>{"✅", "❌"}));
}

TEST_F(MatrixPosting, PostsOfARoomKeepTheirOrder) {
    std::vector<std::string> expected;
    std::size_t done = 0;
    for (int op = 1; op <= 12; ++op) {
        expected.push_back("word " + std::to_string(op));
        parts->deliverer.deliver({op, {1}, post(expected.back()), desk.now()}, [&done](Delivered const&) { ++done; });
    }
    ASSERT_TRUE(run_until([&] { return done == 12; }));
    std::vector<std::string> said;
    for (auto const& message : messages(ops()))
        said.push_back(message.at("body"));
    EXPECT_EQ(said, expected);
}

TEST_F(MatrixPosting, F87_APostWaitsAsLongAsTheHomeserverAsksAndIsSaidOnce) {
    matrix.fault({{"kind", "limited"}, {"where", "send"}, {"by", "header"}, {"count", 1}, {"retry_after_ms", 20}});
    matrix.fault({{"kind", "limited"}, {"where", "send"}, {"by", "body"}, {"count", 3}, {"retry_after_ms", 20}});
    EXPECT_EQ(deliver(1, post("patience")).what, What::sent);
    EXPECT_EQ(said(ops(), "patience"), 1U);
    EXPECT_EQ(calls_to("send").size(), 5U);
}

TEST_F(MatrixPosting, F87_TheWordsOfTheMostSevereIncidentGoFirstWhenTheHomeserverAllowsFew) {
    matrix.act("add_room", {{"name", "minor"}, {"members", {"coxswain"}}});
    auto const minor = channel_id(matrix.room("minor").at("id").get<std::string>());
    matrix.fault({{"kind", "limited"}, {"where", "send"}, {"count", 1}, {"retry_after_ms", 200}});
    std::vector<std::string> order;
    auto const send = [&](std::int64_t op, ChannelId const& where, std::string const& text, int urgency) {
        Delivery const delivery{
            op, {1}, effect::Post{where, effect::PostKind::word, text, {}, {}}, desk.now(), urgency};
        parts->deliverer.deliver(delivery, [&order, text](Delivered const&) { order.push_back(text); });
    };
    send(1, minor, "limited", 3);
    ASSERT_TRUE(run_until([this] { return calls_to("send").size() == 1; }));
    send(2, minor, "minor", 3);
    send(3, ops(), "major", 0);
    ASSERT_TRUE(run_until([&] { return order.size() == 3; }));
    EXPECT_EQ(order, (std::vector<std::string>{"major", "limited", "minor"}));
}

TEST_F(MatrixPosting, APostWhoseAnswerWasLostIsFoundAndNotSaidAgain) {
    matrix.fault({{"kind", "reset"}, {"where", "send"}, {"count", -1}, {"done", true}});
    EXPECT_EQ(deliver(1, post("once")).what, What::unknown);
    matrix.act("clear_faults");
    auto const found = reconcile(1, post("once"));
    EXPECT_EQ(found.what, What::sent);
    EXPECT_EQ(found.remote, messages(ops()).at(0).at("event_id"));
    EXPECT_EQ(messages(ops()).size(), 1U);
}

TEST_F(MatrixPosting, APostThatNeverArrivedIsSaid) {
    matrix.fault({{"kind", "status"}, {"where", "send"}, {"status", 502}, {"body", "<html>"}, {"count", -1}});
    EXPECT_EQ(deliver(1, post("late")).what, What::unknown);
    matrix.act("clear_faults");
    EXPECT_EQ(reconcile(1, post("late")).what, What::absent);
    EXPECT_EQ(deliver(1, post("late")).what, What::sent);
    EXPECT_EQ(said(ops(), "late"), 1U);
}

TEST_F(MatrixPosting, F85_WhatTheHomeserverHasForgottenIsFoundByItsNumber) {
    auto const first = deliver(1, post("once"));
    for (int i = 0; i < 250; ++i)
        matrix.act("say", {{"user", "alice"}, {"room", "ops"}, {"text", "talk"}});
    matrix.act("forget_transactions");
    restart();
    auto const found = reconcile(1, post("once"));
    EXPECT_EQ(found.what, What::sent);
    EXPECT_EQ(found.remote, first.remote);
}

TEST_F(MatrixPosting, F85_AnotherHousesOperationOfTheSameNumberIsNotOurs) {
    (void)deliver(1, post("once"));
    parts->shared.house = "otherhouse";
    EXPECT_EQ(reconcile(1, post("once")).what, What::absent);
}

TEST_F(MatrixPosting, S25_SomebodyElsesEventThatCarriesOurNumberIsNotOurs) {
    matrix.act("send", {{"user", "alice"},
                        {"room", "ops"},
                        {"type", "m.room.message"},
                        {"content",
                         {{"msgtype", "m.text"},
                          {"body", "once"},
                          {"m.mentions", json::object()},
                          {"coxswain", {{"op", "thishouse:1"}}}}}});
    EXPECT_EQ(reconcile(1, post("once")).what, What::absent);
}

TEST_F(MatrixPosting, WhereTheRoomCannotBeReadAnOldPostSaysThatItMayStandTwice) {
    auto const old = desk.now() - std::chrono::hours{2};
    matrix.fault({{"kind", "error"}, {"where", "messages"}, {"status", 403}, {"errcode", "M_FORBIDDEN"}, {"count", 1}});
    std::optional<Delivered> got;
    parts->deliverer.reconcile({1, {1}, post("once"), old}, [&](Delivered it) { got = std::move(it); });
    ASSERT_TRUE(run_until([&] { return got.has_value(); }));
    EXPECT_EQ(got->what, What::absent);
    (void)deliver(1, post("once"));
    EXPECT_EQ(said(ops(), "This may stand here twice"), 1U);
}

TEST_F(MatrixPosting, F88_APostToARoomThatThrewUsOutGoesElsewhereAndTheOperatorHears) {
    matrix.act("kick", {{"user", "alice"}, {"room", "ops"}, {"whom", "coxswain"}});
    auto const delivered = deliver(1, post("anybody?"));
    EXPECT_EQ(delivered.what, What::failed);
    EXPECT_TRUE(delivered.unreachable);
    EXPECT_TRUE(desk.was_told("cannot be reached"));
}

TEST_F(MatrixPosting, F88_WhatShowsTheStateWaitsForTheRoomAndComesWhenItIsBack) {
    matrix.act("kick", {{"user", "alice"}, {"room", "ops"}, {"whom", "coxswain"}});
    (void)deliver(1, post("anybody?"));
    EXPECT_EQ(deliver(2, effect::SetTopic{ops(), "SEV-1"}).what, What::again);
    matrix.act("invite", {{"user", "alice"}, {"room", "ops"}, {"whom", "coxswain"}});
    matrix.act("join", {{"user", "coxswain"}, {"room", "ops"}});
    parts->deliverer.reachable(room(ops()));
    EXPECT_EQ(desk.shown_again, std::vector<ChannelId>{ops()});
    EXPECT_EQ(deliver(3, post("back")).what, What::sent);
}

TEST_F(MatrixPosting, AnAnswerStandsUnderTheCommandThatItAnswers) {
    auto const typed = matrix.act("say", {{"user", "alice"}, {"room", "ops"}, {"text", "!inc status"}}).at("event_id");
    EXPECT_EQ(deliver(1, answer_to(typed)).what, What::sent);
    auto const answer = messages(ops()).back();
    EXPECT_EQ(answer["msgtype"], "m.notice");
    EXPECT_EQ(answer["m.relates_to"]["event_id"], typed);
    EXPECT_EQ(answer["m.mentions"]["user_ids"], json::array({"@alice:lab.test"}));
}

TEST_F(MatrixPosting, AnAnswerWhoseCommandIsGoneStandsInTheRoom) {
    EXPECT_EQ(deliver(1, answer_to("$gone")).what, What::sent);
    EXPECT_FALSE(messages(ops()).back().contains("m.relates_to"));
}

TEST_F(MatrixPosting, WordsThatComeUnaskedNotifyThePersonTheyAreFor) {
    EXPECT_EQ(deliver(1, effect::Tell{ops(), person("alice", "Alice"), "The update is due.", {}}).what, What::sent);
    auto const said = messages(ops()).back();
    EXPECT_EQ(said["msgtype"], "m.text");
    EXPECT_EQ(said["body"], "Alice: The update is due.");
    EXPECT_FALSE(said.contains("m.relates_to"));
}

TEST_F(MatrixPosting, WordsForSomebodyOfAnotherNetworkFail) {
    auto const delivered = deliver(1, effect::Tell{ops(), {UserId{"slack:T1:U1"}, "Sara"}, "hello", {}});
    EXPECT_EQ(delivered.what, What::failed);
    EXPECT_EQ(delivered.reason, "slack:T1:U1 is nobody on Matrix");
}

TEST_F(MatrixPosting, APageReachesWhoIsThereAndAsksInWhoIsNot) {
    auto const incident = open_incident_room();
    matrix.act("add_user", {{"name", "carol"}});
    auto const carol = person("carol", "Carol");
    EXPECT_EQ(deliver(1, effect::PagePerson{incident, carol, "SEV-1 needs you"}).what, What::sent);
    EXPECT_EQ(calls_to("invite").size(), 1U);
    auto const page = messages(incident).back();
    EXPECT_EQ(page["msgtype"], "m.text");
    EXPECT_EQ(page["body"], "Carol: SEV-1 needs you");
    EXPECT_EQ(page["m.mentions"]["user_ids"], json::array({"@carol:lab.test"}));
}

TEST_F(MatrixPosting, APageThatCannotAskSomebodyInSaysSo) {
    auto const incident = open_incident_room();
    matrix.fault({{"kind", "error"}, {"where", "invite"}, {"status", 403}, {"errcode", "M_INVITE_BLOCKED"}});
    auto const delivered = deliver(1, effect::PagePerson{incident, person("bob", "Bob"), "SEV-1 needs you"});
    EXPECT_EQ(delivered.what, What::failed);
    EXPECT_TRUE(desk.was_told("@bob:lab.test is needed"));
}

TEST_F(MatrixPosting, WhoeverAPostSpeaksToIsAskedIntoTheIncidentsOwnRoomOnce) {
    auto const incident = open_incident_room();
    auto const bob = marks::mention(person("bob", "Bob"));
    (void)deliver(1, effect::Post{incident, effect::PostKind::word, bob + ", accept Ops.", {}, {}});
    (void)deliver(2, effect::Post{incident, effect::PostKind::word, bob + ", please.", {}, {}});
    ASSERT_TRUE(run_until([&] { return calls_to("invite").size() == 1; }));
    EXPECT_EQ(said(incident, "Bob"), 2U);
}

TEST_F(MatrixPosting, NobodyIsAskedIntoARoomThatPeopleMade) {
    (void)deliver(1, post(marks::mention(person("carol", "Carol")) + " has it"));
    EXPECT_EQ(calls_to("invite").size(), 0U);
}

TEST_F(MatrixPosting, WhomSomebodyInvitesIsAskedInWhereverThatIsAndWhoIsThereIsNot) {
    matrix.act("add_user", {{"name", "carol"}});
    effect::Invite const asked{ops(), {person("carol", "Carol"), person("bob", "Bob")}};
    EXPECT_EQ(deliver(1, asked).what, What::sent);
    EXPECT_EQ(calls_to("invite").size(), 1U);
    EXPECT_EQ(reconcile(1, asked).what, What::absent);
    EXPECT_EQ(deliver(1, asked).what, What::sent);
    EXPECT_FALSE(desk.was_told("cannot be invited"));
}

TEST_F(MatrixPosting, OfThoseInvitedOneWhoCannotComeIsNamedAndTheOthersAreAskedIn) {
    auto const incident = open_incident_room();
    matrix.act("add_user", {{"name", "carol"}});
    matrix.fault(
        {{"kind", "error"}, {"where", "invite"}, {"status", 403}, {"errcode", "M_INVITE_BLOCKED"}, {"count", 1}});
    EXPECT_EQ(deliver(1, effect::Invite{incident, {person("carol", "Carol"), person("bob", "Bob")}}).what, What::sent);
    EXPECT_TRUE(desk.was_told("@bob:lab.test is needed"));
    EXPECT_FALSE(desk.was_told("@carol:lab.test is needed"));
}

TEST_F(MatrixPosting, AnInvitationThatTheHomeserverCannotTakeNowIsMadeAgain) {
    auto const incident = open_incident_room();
    matrix.fault({{"kind", "error"}, {"where", "invite"}, {"status", 500}, {"errcode", "M_UNKNOWN"}, {"count", 9}});
    EXPECT_EQ(deliver(1, effect::Invite{incident, {person("bob", "Bob")}}).what, What::unknown);
}

TEST_F(MatrixPosting, SomebodyOfAnotherNetworkCannotBeInvited) {
    auto const delivered = deliver(1, effect::Invite{ops(), {{UserId{"slack:T1:U1"}, "Sara"}}});
    EXPECT_EQ(delivered.what, What::failed);
    EXPECT_EQ(delivered.reason, "slack:T1:U1 is nobody on Matrix");
}

TEST_F(MatrixPosting, AMessageThatIsTooLargeAfterAllIsSaidWithoutItsForm) {
    matrix.fault({{"kind", "error"}, {"where", "send"}, {"status", 413}, {"errcode", "M_TOO_LARGE"}});
    EXPECT_EQ(deliver(1, post("<b>long</b>")).what, What::sent);
    EXPECT_FALSE(messages(ops()).back().contains("formatted_body"));
    EXPECT_TRUE(desk.was_told("without its form"));
}

TEST_F(MatrixPosting, AnAccountThatIsSuspendedIsToldOnceAndPostsGoElsewhere) {
    matrix.fault(
        {{"kind", "error"}, {"where", "send"}, {"status", 403}, {"errcode", "M_USER_SUSPENDED"}, {"count", 2}});
    for (std::int64_t op = 1; op <= 2; ++op) {
        auto const delivered = deliver(op, post("hello"));
        EXPECT_EQ(delivered.what, What::failed);
        EXPECT_TRUE(delivered.unreachable);
    }
    EXPECT_EQ(desk.told.size(), 1U);
}

} // namespace
} // namespace cox::matrix
