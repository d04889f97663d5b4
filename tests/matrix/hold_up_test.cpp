// What is asked of the homeserver while all that was said waits for it: little, not for long, and nothing is lost by
// it.
#include "house_test.hpp"

#include <algorithm>

namespace cox::test {
namespace {

using MatrixHoldUp = MatrixHouseTest;

// Until its token is refused, and its password too.
[[nodiscard]] bool is_shut_out(MatrixHouse& house) {
    return house.run_until([&] {
        return std::ranges::any_of(house.network->troubles(),
                                   [](auto const& each) { return each.contains("log-in is refused"); });
    });
}

// One message has room for thousands of ids of servers that never answer.
TEST_F(MatrixHoldUp, ManyWhoAreNamedInOneMessageKeepNobodyElseFromBeingHeard) {
    house.server.fault({{"kind", "hold"}, {"where", "profile"}, {"count", -1}});
    std::string named = "!inc status";
    for (int i = 0; i < 300; ++i)
        named += " @u" + std::to_string(i) + ":far" + std::to_string(i) + ".test";
    say(named);
    say("!inc note next", "bob");
    ASSERT_TRUE(house.run_until([&] { return house.heard() == (Texts{named, "!inc note next"}); }));
    EXPECT_LE(calls("profile"), 5u);
}

TEST_F(MatrixHoldUp, AServerThatDidNotAnswerIsNotAskedAboutTheNextOneAtOnce) {
    house.server.fault({{"kind", "hold"}, {"where", "profile"}, {"count", -1}});
    house.happen("say", {{"user", "alice"}, {"room", "ops"}, {"text", "!inc ops @ameer:slow.test"}});
    house.happen("say", {{"user", "alice"}, {"room", "ops"}, {"text", "!inc ops @amir:slow.test @ameer:slow.test"}});
    EXPECT_EQ(calls("profile"), 1u);
}

TEST_F(MatrixHoldUp, OneWhomNobodyKnowsIsAskedAboutOnceAndOthersOfTheSameServerStill) {
    house.server.act("add_user", {{"name", "carol"}});
    house.happen("say", {{"user", "alice"}, {"room", "ops"}, {"text", "!inc ops @nobody:lab.test @nobody:lab.test"}});
    house.happen("say", {{"user", "alice"}, {"room", "ops"}, {"text", "!inc ops @nobody:lab.test @carol:lab.test"}});
    EXPECT_EQ(calls("profile"), 2u);
}

TEST(MatrixGuest, GetsNoQuestionAskedAboutThoseWhomTheyName) {
    auto options = quick_matrix();
    options.admission.allow = {"@alice:lab.test"};
    MatrixHouse house{options};
    ASSERT_TRUE(house.connect());
    ASSERT_TRUE(house.caught_up());
    house.happen("say", {{"user", "bob"}, {"room", "ops"}, {"text", "!inc ops @carol:far.test"}});
    EXPECT_EQ(house.heard(), Texts{"!inc ops @carol:far.test"});
    EXPECT_TRUE(house.server.calls("profile").empty());
}

TEST_F(MatrixHoldUp, AnEmojiThatMeansNothingIsNotLookedUp) {
    house.incident_in_ops();
    auto const said = say("talk", "bob");
    for (auto const* const key : {"👍", "🎉", "like"})
        house.happen("react", {{"user", "alice"}, {"room", "ops"}, {"event", said.at("event_id")}, {"key", key}});
    EXPECT_EQ(calls("event"), 0u);
    house.happen("react", {{"user", "alice"}, {"room", "ops"}, {"event", said.at("event_id")}, {"key", "✅"}});
    EXPECT_EQ(calls("event"), 1u);
}

// A gap in one room whose history fails.
class MatrixGap : public MatrixHouseTest {
protected:
    static matrix::MatrixOptions impatient() {
        auto options = quick_matrix();
        options.read_room_for = 200ms;
        return options;
    }
    MatrixGap() : MatrixHouseTest{impatient()} {}

    void say_more_than_comes_at_once() {
        say("!inc note in the gap");
        for (int i = 0; i < 120; ++i)
            say("talk");
        say("!inc note last");
    }
};

TEST_F(MatrixGap, F80_ARoomThatCannotBeReadHoldsTheOthersUpForAWhileAndNotWithoutAWord) {
    house.server.fault({{"kind", "error"}, {"where", "messages"}, {"status", 500}, {"count", -1}});
    while_away([&] { say_more_than_comes_at_once(); });
    EXPECT_EQ(house.heard(), Texts{"!inc note last"});
    EXPECT_TRUE(house.desk.was_told("what was said in ops cannot be read"));
    EXPECT_TRUE(house.run_until([&] { return house.has_said("I missed some of what was said here"); }));
}

TEST_F(MatrixGap, F84_AHomeserverThatAnswersNothingElseEitherIsWaitedForAndNothingIsLost) {
    house.server.fault({{"kind", "error"}, {"where", "messages"}, {"status", 502}, {"count", 8}});
    house.server.fault({{"kind", "error"}, {"where", "whoami"}, {"status", 502}, {"count", -1}, {"after", 1}});
    while_away([&] { say_more_than_comes_at_once(); });
    EXPECT_GE(calls("whoami"), 2u);
    EXPECT_EQ(house.heard(), (Texts{"!inc note in the gap", "!inc note last"}));
    EXPECT_FALSE(house.has_said("I missed some"));
}

TEST_F(MatrixGap, F86_ATokenThatDiesWhileItIsReadCostsNothingOfIt) {
    house.die();
    say_more_than_comes_at_once();
    house.server.act("set_password", {{"user", "coxswain"}, {"password", "another"}});
    house.server.fault({{"kind", "error"}, {"where", "refresh"}, {"status", 403}, {"errcode", "M_FORBIDDEN"}});
    house.server.fault({{"kind", "error"}, {"where", "messages"}, {"status", 401}, {"errcode", "M_UNKNOWN_TOKEN"}});
    house.restart();
    ASSERT_TRUE(is_shut_out(house));
    house.secrets.password = "another";
    ASSERT_TRUE(house.connect());
    ASSERT_TRUE(house.caught_up());
    EXPECT_EQ(house.heard(), (Texts{"!inc note in the gap", "!inc note last"}));
    EXPECT_FALSE(house.has_said("I missed some"));
}

TEST_F(MatrixHoldUp, F86_ATokenThatDiesWhileAPressIsLookedUpDoesNotLoseThePress) {
    auto const post =
        house.deliver(1, effect::Post{house.ops(), effect::PostKind::word, "take it?", {{"accept A1", "Accept"}}});
    ASSERT_EQ(post.what, Delivered::What::sent);
    house.restart(); // what its messages were is not in its memory any more
    ASSERT_TRUE(house.connect());
    house.server.act("set_password", {{"user", "coxswain"}, {"password", "another"}});
    house.server.fault({{"kind", "error"}, {"where", "refresh"}, {"status", 403}, {"errcode", "M_FORBIDDEN"}});
    house.server.fault({{"kind", "error"}, {"where", "event"}, {"status", 401}, {"errcode", "M_UNKNOWN_TOKEN"}});
    house.server.act("react", {{"user", "alice"}, {"room", "ops"}, {"event", post.remote}, {"key", "✅"}});
    ASSERT_TRUE(is_shut_out(house));
    house.secrets.password = "another";
    EXPECT_TRUE(house.run_until([&] { return house.heard() == Texts{"accept A1"}; }));
}

} // namespace
} // namespace cox::test
