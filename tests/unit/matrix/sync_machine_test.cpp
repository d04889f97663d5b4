#include "adapters/matrix/sync_machine.hpp"

#include "core/overloaded.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace cox::matrix {
namespace {

using namespace std::chrono_literals;
using Words = std::vector<std::string>;

constexpr SyncMachine::Moment t0{1000h};

std::string word(SyncAction const& action) {
    return std::visit(overloaded{[](act::UploadFilter const&) { return std::string{"filter"}; },
                                 [](act::Poll const& poll) {
                                     return "poll " + (poll.since.empty() ? "-" : poll.since) + " " + poll.filter +
                                            " " + std::to_string(poll.timeout.count());
                                 },
                                 [](act::Pause const& pause) { return "pause " + std::to_string(pause.span.count()); },
                                 [](act::Work const& work) { return std::string{work.first ? "learn" : "work"}; },
                                 [](act::Listen const&) { return std::string{"listen"}; },
                                 [](act::Tell const& tell) { return std::string{tell.warning ? "warn" : "tell"}; }},
                      action);
}

Words words(SyncMachine::Actions const& actions) {
    Words out;
    for (auto const& action : actions)
        out.push_back(word(action));
    return out;
}

Answer bad(int status, std::string errcode = "") {
    Answer answer;
    answer.status = status;
    answer.errcode = std::move(errcode);
    return answer;
}

// One that listens at "s1".
SyncMachine listening() {
    SyncMachine machine{{}};
    (void)machine.start("s0", "F", t0);
    (void)machine.brought("s1", true, t0);
    (void)machine.worked(t0);
    return machine;
}

TEST(MatrixSync, F82_TheFirstAnswerEverIsLearntFromAndNotActedUpon) {
    SyncMachine machine{{}};
    EXPECT_EQ(words(machine.start("", "", t0)), Words{"filter"});
    EXPECT_EQ(words(machine.filter_is("F", t0)), Words{"poll - F 0"});
    EXPECT_EQ(words(machine.brought("s1", false, t0)), (Words{"tell", "learn", "poll s1 F 30000"}));
    EXPECT_EQ(words(machine.brought("s2", false, t0)), (Words{"work", "poll s2 F 30000"}));
}

TEST(MatrixSync, ALaterStartGoesOnFromThePlaceOnDiskAndAnswersAtOnce) {
    SyncMachine machine{{}};
    EXPECT_EQ(words(machine.start("s7", "F", t0)), Words{"poll s7 F 0"});
    EXPECT_EQ(words(machine.brought("s8", true, t0)), (Words{"tell", "work", "poll s8 F 30000"}));
}

TEST(MatrixSync, AnEmptyAnswerMovesThePlaceToo) {
    auto machine = listening();
    EXPECT_EQ(words(machine.brought("s2", true, t0 + 5s)), (Words{"work", "poll s2 F 30000"}));
    EXPECT_EQ(machine.since(), "s2");
}

TEST(MatrixSync, AQuietHomeserverIsPolledWithoutAPause) {
    auto machine = listening();
    EXPECT_EQ(words(machine.brought("s1", true, t0 + 30s)), (Words{"work", "poll s1 F 30000"}));
}

TEST(MatrixSync, F93_TheSameTokenAtOnceForEverIsNoBusyLoopAndAnAlarmAfterTwoMinutes) {
    auto machine = listening();
    auto now = t0;
    int polls = 0;
    int alarms = 0;
    while (now < t0 + 3min) {
        auto const said = words(machine.brought("s1", true, now));
        alarms += static_cast<int>(std::ranges::count(said, "warn"));
        ASSERT_EQ(said.back(), "pause 1000");
        (void)machine.worked(now);
        now += 1s;
        ASSERT_EQ(words(machine.tick(now)), Words{"poll s1 F 30000"});
        ++polls;
    }
    EXPECT_EQ(alarms, 1);
    EXPECT_EQ(polls, 180);
    EXPECT_EQ(words(machine.brought("s2", false, now)), (Words{"work", "tell", "poll s2 F 30000"}))
        << "and a word when it is over";
}

TEST(MatrixSync, FailuresWaitLongerEachTimeAndAreSaidOnce) {
    auto machine = listening();
    EXPECT_EQ(words(machine.failed(bad(502), 1.0)), (Words{"warn", "pause 1000"}));
    EXPECT_FALSE(machine.live());
    EXPECT_EQ(words(machine.tick(t0)), Words{"poll s1 F 0"}) << "whatever waits there is wanted at once";
    EXPECT_EQ(words(machine.failed(bad(502), 1.0)), Words{"pause 2000"});
    (void)machine.tick(t0);
    EXPECT_EQ(words(machine.failed(bad(502), 0.0)), Words{"pause 2000"}) << "half of four seconds";
    (void)machine.tick(t0);
    EXPECT_EQ(words(machine.brought("s2", false, t0)), (Words{"tell", "work", "poll s2 F 30000"}));
    EXPECT_TRUE(machine.live());
}

TEST(MatrixSync, F87_ALimitIsWaitedFor) {
    auto machine = listening();
    auto limited = bad(429, "M_LIMIT_EXCEEDED");
    limited.retry_after = 7s;
    EXPECT_EQ(words(machine.failed(limited, 0.0)), (Words{"warn", "pause 7000"}));
}

TEST(MatrixSync, AFilterThatTheHomeserverForgotIsGivenToItAgain) {
    auto machine = listening();
    EXPECT_EQ(words(machine.failed(bad(400, "M_INVALID_PARAM"), 0.0)), (Words{"warn", "pause 500"}));
    EXPECT_EQ(words(machine.tick(t0)), Words{"filter"});
    EXPECT_EQ(words(machine.filter_is("G", t0)), Words{"poll s1 G 0"});
}

TEST(MatrixSync, F82_WhereAFreshFilterDoesNotHelpItIsThePlaceThatIsWrong) {
    auto machine = listening();
    (void)machine.failed(bad(400, "M_INVALID_PARAM"), 0.0);
    (void)machine.tick(t0);
    (void)machine.filter_is("G", t0);
    EXPECT_EQ(words(machine.failed(bad(502), 0.0)), (Words{"warn", "pause 500"})) << "which says nothing of either";
    EXPECT_EQ(words(machine.tick(t0)), Words{"poll s1 G 0"});
    EXPECT_EQ(words(machine.failed(bad(400, "M_INVALID_PARAM"), 0.0)), (Words{"warn", "warn", "pause 1000"}));
    EXPECT_EQ(words(machine.tick(t0)), Words{"poll - G 0"});
    EXPECT_EQ(words(machine.brought("s9", false, t0)), (Words{"tell", "learn", "poll s9 G 30000"}));
    EXPECT_EQ(words(machine.failed(bad(400, "M_INVALID_PARAM"), 0.0)), (Words{"warn", "pause 500"}));
    EXPECT_EQ(words(machine.tick(t0)), Words{"filter"}) << "another time it may be the filter again";
}

TEST(MatrixSync, AHomeserverThatFindsFaultWithEverythingIsAskedSlowly) {
    SyncMachine machine{{}};
    (void)machine.start("", "", t0);
    (void)machine.filter_is("F", t0);
    EXPECT_EQ(words(machine.failed(bad(400, "M_INVALID_PARAM"), 1.0)), (Words{"warn", "pause 1000"}));
    EXPECT_EQ(words(machine.tick(t0)), Words{"poll - F 0"});
    EXPECT_EQ(words(machine.failed(bad(400, "M_INVALID_PARAM"), 1.0)), Words{"pause 2000"});
}

TEST(MatrixSync, AFilterThatIsNotFoundIsGivenAgainAndThePlaceIsKept) {
    auto machine = listening();
    EXPECT_EQ(words(machine.failed(bad(404, "M_NOT_FOUND"), 0.0)), (Words{"warn", "pause 500"}));
    EXPECT_EQ(words(machine.tick(t0)), Words{"filter"});
    (void)machine.filter_is("G", t0);
    EXPECT_EQ(words(machine.failed(bad(404, "M_NOT_FOUND"), 0.0)), Words{"pause 500"});
    EXPECT_EQ(words(machine.tick(t0)), Words{"poll s1 G 0"});
}

TEST(MatrixSync, F82_APlaceThatTheHomeserverForgotIsLeftAndNothingOldIsActedUpon) {
    auto machine = listening();
    EXPECT_EQ(words(machine.failed(bad(400, "M_UNKNOWN"), 0.0)), (Words{"warn", "warn", "pause 500"}));
    EXPECT_EQ(words(machine.tick(t0)), Words{"poll - F 0"});
    EXPECT_EQ(words(machine.brought("s9", false, t0)), (Words{"tell", "learn", "poll s9 F 30000"}));
}

TEST(MatrixSync, F83_AfterTwoMinutesOfSilenceItAsksWhetherItIsDeaf) {
    auto machine = listening();
    for (auto const at : {30s, 60s, 90s}) {
        EXPECT_EQ(words(machine.brought("s1", true, t0 + at)), (Words{"work", "poll s1 F 30000"}));
        (void)machine.worked(t0 + at);
    }
    EXPECT_EQ(words(machine.brought("s1", true, t0 + 120s)), (Words{"work", "listen", "poll s1 F 30000"}));
    (void)machine.worked(t0 + 120s);
    EXPECT_EQ(words(machine.brought("s2", false, t0 + 130s)), (Words{"work", "poll s2 F 30000"}));
    (void)machine.worked(t0 + 130s);
    EXPECT_EQ(words(machine.brought("s2", true, t0 + 245s)), (Words{"work", "poll s2 F 30000"}))
        << "news begin the count anew";
}

TEST(MatrixSync, F83_APlaceInTheHomeserversFutureIsLeftAndNothingOldIsActedUpon) {
    auto machine = listening();
    EXPECT_EQ(words(machine.deaf(t0)), (Words{"warn", "poll - F 0"}));
    EXPECT_EQ(words(machine.brought("s0", false, t0)), (Words{"tell", "learn", "poll s0 F 30000"}));
}

TEST(MatrixSync, WhileAnotherWayBringsWhatHappensItOnlyMovesThePlaceOn) {
    auto machine = listening();
    EXPECT_EQ(words(machine.pushed(true, t0)), Words{}) << "a poll is under way";
    EXPECT_EQ(words(machine.brought("s2", true, t0 + 30s)), (Words{"work", "poll s2 F 0"}));
    (void)machine.worked(t0 + 30s);
    EXPECT_EQ(words(machine.brought("s2", true, t0 + 30s)), (Words{"work", "pause 30000"})) << "and no alarm";
    (void)machine.worked(t0 + 30s);
    EXPECT_EQ(words(machine.look(t0 + 35s)), Words{"poll s2 F 0"});
    EXPECT_EQ(words(machine.look(t0 + 35s)), Words{}) << "it is followed by another";
    EXPECT_EQ(words(machine.brought("s3", false, t0 + 35s)), (Words{"work", "poll s3 F 0"}));
    EXPECT_EQ(words(machine.brought("s3", true, t0 + 35s)), (Words{"work", "pause 30000"}));
    EXPECT_EQ(words(machine.pushed(false, t0 + 40s)), Words{"poll s3 F 30000"}) << "alone again";
}

TEST(MatrixSync, AnswersThatAreStillWorkedOnDoNotPileUp) {
    SyncMachine machine{{}};
    (void)machine.start("s0", "F", t0);
    int polls = 0;
    for (int i = 1; i <= 4; ++i)
        polls += static_cast<int>(std::ranges::count(words(machine.brought("s" + std::to_string(i), false, t0)),
                                                     "poll s" + std::to_string(i) + " F 30000"));
    EXPECT_EQ(polls, 3) << "the fourth waits";
    EXPECT_EQ(words(machine.worked(t0)), Words{"poll s4 F 30000"});
    EXPECT_EQ(words(machine.worked(t0)), Words{});
}

} // namespace
} // namespace cox::matrix
