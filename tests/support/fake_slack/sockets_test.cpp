#include "test_client.hpp"

#include <gtest/gtest.h>

#include <boost/beast/websocket/error.hpp>

#include <future>

namespace cox::fake_slack {
namespace {

using namespace std::chrono_literals;

struct FakeSocketMode : testing::Test {
    std::string type(std::string const& text) {
        return slack.act("command", {{"user", "alice"}, {"channel", "ops"}, {"text", text}})["envelope_id"];
    }

    FakeSlack slack;
};

TEST_F(FakeSocketMode, ATicketIsGoodForOneConnection) {
    Sender app;
    app.token = "xapp-1-A0FAKE001-1-fake";
    auto const url = post(slack.api() + "apps.connections.open", "", app).parsed().at("url").get<std::string>();
    Socket const first{url};
    EXPECT_EQ(first.status(), 101);
    Socket const second{url};
    EXPECT_EQ(second.status(), 408);
}

TEST_F(FakeSocketMode, HelloCountsTheConnectionsAndSaysHowLongTheyLive) {
    Socket first{slack};
    EXPECT_EQ(first.read_hello()["num_connections"], 1);
    Socket second{slack};
    auto const hello = second.read_hello();
    EXPECT_EQ(hello["num_connections"], 2);
    EXPECT_EQ(hello["debug_info"]["approximate_connection_time"], 18'060);
}

TEST_F(FakeSocketMode, HelloCanBeWithheld) {
    slack.set({{"hello", false}});
    Socket socket{slack};
    EXPECT_EQ(socket.status(), 101);
    slack.act("text_frame", {{"text", R"({"type":"other"})"}});
    EXPECT_EQ(socket.read()["type"], "other");
}

TEST_F(FakeSocketMode, AnUpgradeCanBeRefused) {
    slack.fault({{"kind", "upgrade"}, {"status", 409}});
    EXPECT_EQ(Socket{slack}.status(), 409);
    EXPECT_EQ(Socket{slack}.status(), 101);
}

TEST_F(FakeSocketMode, AnEnvelopeGoesToOneOfSeveralConnections) {
    Socket one{slack};
    Socket two{slack};
    one.read_hello();
    two.read_hello();
    type("first");
    type("second");
    EXPECT_NE(one.read()["payload"]["text"], two.read()["payload"]["text"]);
}

TEST_F(FakeSocketMode, AnAcknowledgementIsKeptWithItsConnectionPayloadAndSize) {
    Socket socket{slack};
    socket.read_hello();
    auto const id = type("declare");
    socket.acknowledge(socket.read(), {{"text", "yes"}});
    ASSERT_TRUE(slack.wait_for({{"acked", id}, {"user", "alice"}, {"whisper", "yes"}}));
    auto const ack = slack.envelope(id)["acks"][0];
    EXPECT_EQ(ack["connection"], 1);
    EXPECT_EQ(ack["payload"]["text"], "yes");
    EXPECT_EQ(ack["frame_bytes"], json({{"envelope_id", id}, {"payload", {{"text", "yes"}}}}).dump().size());
    EXPECT_EQ(slack.ephemerals("alice").at(0)["via"], "ack");
}

TEST_F(FakeSocketMode, WhatIsNotAcknowledgedComesThreeTimesMoreAndIsThenGivenUp) {
    slack.set({{"ack_within_ms", 5}, {"redeliver_after_ms", {0, 5, 5}}});
    Socket socket{slack};
    socket.read_hello();
    auto const id = slack.act("say", {{"user", "bob"}, {"channel", "ops"}, {"text", "hi"}})["envelopes"][0];
    for (int attempt = 0; attempt <= 3; ++attempt) {
        auto const envelope = socket.read();
        EXPECT_EQ(envelope["envelope_id"], id);
        EXPECT_EQ(envelope["retry_attempt"], attempt);
        EXPECT_EQ(envelope["retry_reason"], attempt ? "timeout" : "");
    }
    EXPECT_TRUE(slack.wait_until([&](Slack const& s) { return s.sockets.envelope(id)->given_up; }));
}

TEST_F(FakeSocketMode, WhatHappensWhileNobodyIsConnectedComesAsARetry) {
    slack.set({{"ack_within_ms", 5}, {"redeliver_after_ms", std::vector<int>(10'000, 5)}});
    auto const id = type("early");
    ASSERT_TRUE(slack.wait_until([&](Slack const& s) { return s.sockets.envelope(id)->deliveries.size() == 2; }));
    EXPECT_EQ(slack.envelope(id)["deliveries"][0]["connection"], 0);
    Socket socket{slack};
    socket.read_hello();
    auto const envelope = socket.read();
    EXPECT_EQ(envelope["envelope_id"], id);
    EXPECT_GE(envelope["retry_attempt"], 1);
}

TEST_F(FakeSocketMode, AnAcknowledgementCanBeLost) {
    slack.set({{"ack_within_ms", 5}, {"redeliver_after_ms", {5}}});
    slack.fault({{"kind", "ack_lost"}});
    Socket socket{slack};
    socket.read_hello();
    auto const id = type("once");
    socket.acknowledge(socket.read());
    auto const again = socket.read();
    EXPECT_EQ(again["envelope_id"], id);
    EXPECT_EQ(again["retry_attempt"], 1);
    socket.acknowledge(again);
    ASSERT_TRUE(slack.wait_for({{"acked", id}}));
    EXPECT_EQ(slack.envelope(id)["acks"][0]["lost"], true);
}

TEST_F(FakeSocketMode, AnEnvelopeCanComeTwice) {
    slack.fault({{"kind", "duplicate"}});
    slack.fault({{"kind", "duplicate"}, {"new_id", true}});
    Socket socket{slack};
    socket.read_hello();
    type("same");
    EXPECT_EQ(socket.read()["envelope_id"], socket.read()["envelope_id"]);
    type("new");
    auto const first = socket.read();
    auto const second = socket.read();
    EXPECT_NE(first["envelope_id"], second["envelope_id"]);
    EXPECT_EQ(first["payload"], second["payload"]);
}

TEST_F(FakeSocketMode, HeldEnvelopesCanArriveBackwards) {
    Socket socket{slack};
    socket.read_hello();
    slack.act("hold");
    type("first");
    type("second");
    slack.act("release", {{"backwards", true}});
    EXPECT_EQ(socket.read()["payload"]["text"], "second");
    EXPECT_EQ(socket.read()["payload"]["text"], "first");
}

TEST_F(FakeSocketMode, AFrameThatIsTooLongIsRefusedWith1009) {
    slack.set({{"closes_tcp", true}}); // Beast waits for that
    Socket socket{slack};
    socket.read_hello();
    socket.send(std::string(20'479, 'x'));
    slack.act("text_frame", {{"text", "{}"}});
    EXPECT_EQ(socket.read(), json::object());
    socket.send(std::string(20'480, 'x'));
    EXPECT_EQ(socket.read_failure(), boost::beast::websocket::error::closed);
    EXPECT_EQ(socket.close_code(), 1009);
}

TEST_F(FakeSocketMode, AMessageInSeveralFramesIsRefusedWith1009) {
    slack.set({{"closes_tcp", true}});
    Socket socket{slack};
    socket.read_hello();
    socket.send_in_pieces(R"({"envelope_id":"x"})");
    EXPECT_EQ(socket.read_failure(), boost::beast::websocket::error::closed);
    EXPECT_EQ(socket.close_code(), 1009);
}

TEST_F(FakeSocketMode, TheTcpConnectionOutlivesTheCloseHandshakeAndCounts) {
    Socket socket{slack};
    socket.read_hello();
    socket.close();
    for (int bytes_of_the_answer = 0; bytes_of_the_answer < 4; ++bytes_of_the_answer)
        EXPECT_TRUE(socket.anything_within(10s));
    EXPECT_FALSE(socket.anything_within(100ms));
    EXPECT_EQ(slack.see("summary")["open_connections"], 1);
    EXPECT_EQ(slack.see("summary")["serving_connections"], 0);
}

TEST_F(FakeSocketMode, TheTcpConnectionEndsAfterTheHandshakeWhereThatIsSet) {
    slack.set({{"closes_tcp", true}});
    Socket socket{slack};
    socket.read_hello();
    socket.close();
    EXPECT_EQ(socket.read_failure(), boost::beast::websocket::error::closed);
    EXPECT_TRUE(slack.wait_until([](Slack const& s) { return s.sockets.open() == 0; }));
}

TEST_F(FakeSocketMode, OneConnectionTooManyIsToldSoAfterItsUpgrade) {
    slack.set({{"most_connections", 1}});
    Socket first{slack};
    first.read_hello();
    Socket second{slack};
    EXPECT_EQ(second.status(), 101);
    auto const told = second.read();
    EXPECT_EQ(told["type"], "disconnect");
    EXPECT_EQ(told["reason"], "too_many_websockets");
}

TEST_F(FakeSocketMode, AConnectionCanBreakInTheMiddleOfAFrame) {
    slack.fault({{"kind", "mid_frame"}});
    Socket socket{slack};
    socket.read_hello();
    type("half");
    auto const failed = socket.read_failure();
    EXPECT_NE(failed, boost::beast::websocket::error::closed);
    EXPECT_TRUE(slack.wait_until([](Slack const& s) { return s.sockets.open() == 0; }));
}

TEST_F(FakeSocketMode, ADeafConnectionGetsNothingAndASilentOneNotEvenPings) {
    slack.set({{"ping_every_ms", 5}});
    Socket socket{slack};
    socket.read_hello();
    slack.act("deafen");
    auto const id = type("unheard");
    EXPECT_EQ(slack.envelope(id)["deliveries"][0]["connection"], 1);
    EXPECT_TRUE(socket.anything_within(10s)) << "pings still come";
    Socket other{slack};
    other.read_hello();
    slack.act("silence", {{"connection", 2}});
    while (other.anything_within(50ms)) {
    }
    EXPECT_FALSE(other.anything_within(100ms));
}

TEST_F(FakeSocketMode, ABurstIsMeasuredFromSendingToAcknowledgement) {
    Socket socket{slack};
    socket.read_hello();
    auto burst = std::async(std::launch::async, [&] {
        return slack.act("burst",
                         {{"count", 500}, {"rate", 20'000}, {"texts", {"a", "b"}}, {"users", {"alice", "bob"}}});
    });
    for (int i = 0; i < 500; ++i)
        socket.acknowledge(socket.read());
    auto const result = burst.get();
    EXPECT_EQ(result["sent"], 500);
    EXPECT_EQ(result["acked"], 500);
    EXPECT_EQ(result["unacked"], 0);
    EXPECT_EQ(result["redelivered"], 0);
    EXPECT_GT(result["ack_us"]["p50"], 0);
    EXPECT_LE(result["ack_us"]["p50"], result["ack_us"]["max"]);
}

} // namespace
} // namespace cox::fake_slack
