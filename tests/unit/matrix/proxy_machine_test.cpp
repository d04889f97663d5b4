#include "adapters/matrix/proxy_machine.hpp"

#include "core/overloaded.hpp"

#include <gtest/gtest.h>

namespace cox::matrix {
namespace {

using namespace std::chrono_literals;
using Words = std::vector<std::string>;

constexpr ProxyMachine::Moment t0{1000h};
constexpr char const* transaction =
    R"({"status":"ok","txn_id":"4","events":[{"type":"m.room.message","event_id":"$1","room_id":"!r:s","sender":"@a:s"},)"
    R"({"type":"m.reaction","event_id":"$2","room_id":"!q:s","sender":"@a:s"},{"type":"m.room.message","sender":"@a:s"},7]})";

std::string word(ProxyAction const& action) {
    return std::visit(
        overloaded{[](act::OpenProxy const&) { return std::string{"open"}; },
                   [](act::CloseProxy const&) { return std::string{"close"}; },
                   [](act::Send const& send) { return "send " + send.frame; },
                   [](act::Take const& take) { return "take " + take.transaction.txn; },
                   [](act::Pushed const& pushed) { return std::string{pushed.yes ? "pushed" : "alone"}; },
                   [](act::Ping const& ping) { return "ping " + std::to_string(ping.id); },
                   [](act::Report const& report) { return std::string{report.error ? "error" : "info"}; }},
        action);
}

Words words(ProxyMachine::Actions const& actions) {
    Words out;
    for (auto const& action : actions)
        out.push_back(word(action));
    return out;
}

ProxyMachine connected() {
    ProxyMachine machine{{}};
    (void)machine.start(t0);
    (void)machine.opened(t0);
    return machine;
}

TEST(MatrixProxyFrame, ATransactionWithoutACommandIsSortedByRooms) {
    auto const read = read_proxy_frame(transaction);
    auto const* found = std::get_if<frame::Transaction>(&read);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->id, 0);
    ASSERT_EQ(found->events.size(), 2u) << "what names no room belongs nowhere";
    EXPECT_EQ(found->events.at("!r:s").front().id, "$1");
    EXPECT_EQ(found->events.at("!q:s").front().type, "m.reaction");
}

TEST(MatrixProxyFrame, WhatIsNotUnderstoodIsJunkOrAQuestion) {
    for (auto const* text : {"", "[]", "{}", "not JSON", R"({"txn_id":4})", R"({"status":"ok"})"})
        EXPECT_TRUE(std::holds_alternative<frame::Junk>(read_proxy_frame(text))) << text;
    EXPECT_TRUE(std::holds_alternative<frame::Connected>(read_proxy_frame(R"({"status": "connected"})")));
    EXPECT_TRUE(std::holds_alternative<frame::Asked>(read_proxy_frame(R"({"id":3,"command":"http_proxy"})")));
}

TEST(MatrixProxy, ItConnectsAndThenWhatHappensIsPushed) {
    ProxyMachine machine{{}};
    EXPECT_EQ(words(machine.start(t0)), Words{"open"});
    EXPECT_EQ(words(machine.opened(t0)), (Words{"info", "pushed"}));
    EXPECT_EQ(words(machine.text(R"({"status": "connected"})", t0)), Words{});
    EXPECT_EQ(words(machine.text(transaction, t0)), Words{"take 4"}) << "and nothing is answered";
}

TEST(MatrixProxy, OneThatNumbersItsTransactionsHearsThatTheyArrived) {
    auto machine = connected();
    EXPECT_EQ(words(machine.text(R"({"id":9,"command":"transaction","txn_id":"5","events":[]})", t0)),
              (Words{"take 5", R"(send {"command":"response","data":{"txn_id":"5"},"id":9})"}));
}

TEST(MatrixProxy, AQuestionThatIsNotUnderstoodIsAnsweredSoWhereAnAnswerIsWanted) {
    auto machine = connected();
    auto const said = words(machine.text(R"({"id":3,"command":"http_proxy"})", t0));
    ASSERT_EQ(said.size(), 1u);
    EXPECT_NE(said.front().find(R"("command":"error")"), std::string::npos);
    EXPECT_EQ(words(machine.text(R"({"command":"http_proxy"})", t0)), Words{});
}

TEST(MatrixProxy, SilenceIsNoticedByAPingThatIsNotAnswered) {
    auto machine = connected();
    EXPECT_EQ(machine.wake(), t0 + 30s);
    EXPECT_EQ(words(machine.tick(t0 + 30s)), Words{"ping 1"});
    EXPECT_EQ(words(machine.text(R"({"id":1,"command":"response","data":{}})", t0 + 31s)), Words{});
    EXPECT_EQ(words(machine.tick(t0 + 61s)), Words{"ping 2"});
    EXPECT_EQ(words(machine.tick(t0 + 71s)), (Words{"close", "alone", "info"}));
    EXPECT_EQ(machine.wake(), t0 + 73s);
    EXPECT_EQ(words(machine.tick(t0 + 73s)), Words{"open"});
}

TEST(MatrixProxy, EachFailureWaitsLongerAndALongConnectionForgivesThem) {
    ProxyMachine machine{{}};
    (void)machine.start(t0);
    EXPECT_EQ(words(machine.closed({"nobody listens"}, t0)), Words{"info"});
    EXPECT_EQ(machine.wake(), t0 + 2s);
    (void)machine.tick(t0 + 2s);
    EXPECT_EQ(words(machine.closed({"nobody listens"}, t0 + 2s)), Words{}) << "said once";
    EXPECT_EQ(machine.wake(), t0 + 6s);
    (void)machine.tick(t0 + 6s);
    (void)machine.opened(t0 + 6s);
    (void)machine.closed({"lost", 1001, true}, t0 + 7s);
    EXPECT_EQ(machine.wake(), t0 + 15s);
    (void)machine.tick(t0 + 15s);
    (void)machine.opened(t0 + 15s);
    (void)machine.closed({"lost", 1001, true}, t0 + 15s + 6min);
    EXPECT_EQ(machine.wake(), t0 + 17s + 6min);
}

TEST(MatrixProxy, WhereAnotherBotTookOverItDoesNotFight) {
    auto machine = connected();
    EXPECT_EQ(words(machine.closed({"replaced", 4001, true}, t0)), (Words{"alone", "error"}));
    EXPECT_EQ(machine.wake(), std::nullopt);
    EXPECT_EQ(words(machine.tick(t0 + 1h)), Words{});
    EXPECT_NE(machine.trouble(), "");
}

TEST(MatrixProxy, ARefusedTokenIsTriedSeldomAndSaid) {
    ProxyMachine machine{{}};
    (void)machine.start(t0);
    EXPECT_EQ(words(machine.closed({"403", 403, false}, t0)), Words{"error"});
    EXPECT_EQ(machine.wake(), t0 + 2min);
    EXPECT_NE(machine.trouble().find("COXSWAIN_MATRIX_AS_TOKEN"), std::string::npos);
}

} // namespace
} // namespace cox::matrix
