#include "adapters/net/web_socket.hpp"

#include "../../support/slow_road.hpp"
#include "on_loopback.hpp"

using namespace cox::net;
using namespace std::chrono_literals;
using cox::testing::bytes_of;
using cox::testing::http_answer;
namespace testing_ = cox::testing;

namespace {

constexpr auto here = "ws://127.0.0.1";

step::Say says(std::string text) {
    return {bytes_of({true, testing_::text_opcode, std::move(text)})};
}

// What one WebSocket told us.
struct Told {
    WebSocketEvents events() {
        return {[this] { ++opened; }, [this](std::string text) { texts.push_back(std::move(text)); },
                [this](Failure failure) { closed.push_back(std::move(failure)); }};
    }
    int opened = 0;
    std::vector<std::string> texts;
    std::vector<Failure> closed;
};

} // namespace

class WebSockets : public OnLoopback {
protected:
    std::unique_ptr<WebSocket> open(BadPeer const& peer, Told& told, WebSocketLimits limits = {}) {
        return open(at(peer, here), told, limits);
    }
    std::unique_ptr<WebSocket> open(std::string const& url, Told& told, WebSocketLimits limits = {}) {
        return WebSocket::open(io, *world, parse_url(url).value(), told.events(), limits);
    }
    // Runs until it has ended, and a little further: the end comes once.
    Failure end_of(Told& told) {
        if (!run_until([&] { return !told.closed.empty(); })) throw std::runtime_error{"never closed"};
        io.poll();
        EXPECT_EQ(told.closed.size(), 1u);
        EXPECT_EQ(told.closed[0].reason.find("secret"), std::string::npos) << told.closed[0].reason;
        return told.closed[0];
    }

    std::unique_ptr<Outside> world = outside();
};

TEST_F(WebSockets, TextsGoBothWaysInOrder) {
    BadPeer peer{io,
                 {{step::Upgrade{}, says("one"), step::HearFrame{}, step::HearFrame{}, step::HearFrame{}, says("two"),
                   says(""), step::Drain{}}}};
    Told told;
    auto const socket = open(peer, told);
    EXPECT_TRUE(socket->send("early"));
    EXPECT_TRUE(socket->send("second"));
    ASSERT_TRUE(run_until([&] { return told.texts.size() == 1; }));
    EXPECT_TRUE(socket->send("third"));
    ASSERT_TRUE(run_until([&] { return told.texts.size() == 3; }));
    EXPECT_EQ(told.texts, (std::vector<std::string>{"one", "two", ""}));
    ASSERT_EQ(peer.frames().size(), 3u);
    EXPECT_EQ(peer.frames()[0].payload, "early");
    EXPECT_EQ(peer.frames()[1].payload, "second");
    EXPECT_EQ(peer.frames()[2].payload, "third");
    EXPECT_EQ(told.opened, 1);
    EXPECT_TRUE(told.closed.empty());
}

TEST_F(WebSockets, TheUpgradeAsksForThePathWithItsTicketAndForNoExtension) {
    BadPeer peer{io, {{step::Upgrade{}, step::Drain{}}}};
    Told told;
    auto const socket = open(peer, told);
    ASSERT_TRUE(run_until([&] { return told.opened == 1; }));
    auto const& request = peer.requests().at(0);
    EXPECT_TRUE(request.starts_with("GET /api/x?ticket=mark-of-a-secret HTTP/1.1\r\n")) << request;
    EXPECT_NE(request.find("\r\nHost: 127.0.0.1:" + std::to_string(peer.port()) + "\r\n"), std::string::npos);
    EXPECT_EQ(request.find("Extensions"), std::string::npos);
    EXPECT_EQ(request.find("Origin"), std::string::npos);
}

TEST_F(WebSockets, GoOverTls) {
    BadPeer peer{
        io, {{step::StartTls{good_certificate()}, step::Upgrade{}, step::HearFrame{}, says("back"), step::Drain{}}}};
    Told told;
    auto const socket = open(at(peer, "wss://slack.test"), told);
    socket->send("there");
    ASSERT_TRUE(run_until([&] { return told.texts.size() == 1; }));
    EXPECT_EQ(peer.frames().at(0).payload, "there");
}

TEST_F(WebSockets, ManyTextsAtOnceAreAFrameEachInOrder) {
    constexpr std::size_t many = 100;
    for (bool const over_tls : {false, true}) {
        Script steps{step::Upgrade{}};
        if (over_tls) steps.insert(steps.begin(), step::StartTls{good_certificate()});
        steps.insert(steps.end(), many, step::HearFrame{});
        steps.push_back(says("heard"));
        steps.push_back(step::Drain{});
        BadPeer peer{io, {steps}};
        Told told;
        auto const socket = open(at(peer, over_tls ? "wss://slack.test" : "ws://127.0.0.1"), told);
        ASSERT_TRUE(run_until([&] { return told.opened == 1; }));
        for (std::size_t n = 0; n < many; ++n)
            socket->send("text " + std::to_string(n));
        ASSERT_TRUE(run_until([&] { return told.texts.size() == 1; }));
        for (std::size_t n = 0; n < many; ++n)
            EXPECT_EQ(peer.frames().at(n).payload, "text " + std::to_string(n));
    }
}

TEST_F(WebSockets, ALongTextIsOneFrame) {
    BadPeer peer{io, {{step::Upgrade{}, step::HearFrame{}, step::HearFrame{}, step::Drain{}}}};
    Told told;
    auto const socket = open(peer, told);
    socket->send(std::string(19'999, 'a'));
    socket->send(std::string(200'000, 'b'));
    ASSERT_TRUE(run_until([&] { return peer.frames().size() == 2; }));
    EXPECT_TRUE(peer.frames()[0].last);
    EXPECT_EQ(peer.frames()[0].opcode, testing_::text_opcode);
    EXPECT_EQ(peer.frames()[0].payload, std::string(19'999, 'a'));
    EXPECT_TRUE(peer.frames()[1].last);
    EXPECT_EQ(peer.frames()[1].payload, std::string(200'000, 'b'));
}

TEST_F(WebSockets, TheServersPartsAreOneTextAndBinaryFramesArePassedOver) {
    BadPeer peer{io,
                 {{step::Upgrade{}, step::Say{bytes_of({true, testing_::binary_opcode, "noise"})},
                   step::Say{bytes_of({false, testing_::text_opcode, "one "})},
                   step::Say{bytes_of({true, testing_::ping_opcode, "in between"})},
                   step::Say{bytes_of({true, 0, "text"})}, step::HearFrame{}, step::Drain{}}}};
    Told told;
    auto const socket = open(peer, told);
    ASSERT_TRUE(run_until([&] { return !told.texts.empty() && peer.frames().size() == 1; }));
    EXPECT_EQ(told.texts, std::vector<std::string>{"one text"});
    EXPECT_EQ(peer.frames()[0].opcode, testing_::pong_opcode);
    EXPECT_EQ(peer.frames()[0].payload, "in between");
}

TEST_F(WebSockets, S03_PlainIsForThisMachineItselfOnly) {
    for (auto const* url :
         {"ws://slack.com/?ticket=mark-of-a-secret", "ws://10.0.0.1/", "http://127.0.0.1/", "https://slack.com/"}) {
        Told told;
        auto const socket = open(url, told);
        EXPECT_TRUE(told.closed.empty()) << "told inside open()";
        EXPECT_EQ(end_of(told).cause, Cause::refused_url) << url;
        EXPECT_EQ(told.opened, 0);
        EXPECT_FALSE(socket->send("x"));
    }
}

TEST_F(WebSockets, ABadCertificateIsRefused) {
    BadPeer peer{io, {{step::StartTls{testing_::self_signed({})}, step::Upgrade{}}}};
    Told told;
    auto const socket = open(at(peer, "wss://slack.test"), told);
    EXPECT_EQ(end_of(told).cause, Cause::certificate);
    EXPECT_TRUE(peer.requests().empty());
}

TEST_F(WebSockets, ARefusedUpgradeHasItsStatus) {
    for (auto const status : {200, 302, 404, 429, 503}) {
        BadPeer peer{io,
                     {{step::HearHead{}, step::Say{http_answer(status, "body", "Location: /\r\n")}, step::Drain{}}}};
        Told told;
        auto const socket = open(peer, told);
        auto const failure = end_of(told);
        EXPECT_EQ(failure.cause, Cause::upgrade) << failure.reason;
        EXPECT_EQ(failure.status, status);
        EXPECT_FALSE(failure.may_have_acted);
        EXPECT_EQ(peer.accepted(), 1);
        EXPECT_EQ(told.opened, 0);
    }
}

TEST_F(WebSockets, AnUpgradeThatIsNoneIsRefused) {
    for (auto const* nonsense : {"SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 101 Switching Protocols\r\n\r\n",
                                 "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                 "Sec-WebSocket-Accept: bm90IHRoZSByaWdodCBvbmU=\r\n\r\n"}) {
        BadPeer peer{io, {{step::HearHead{}, step::Say{nonsense}, step::Drain{}}}};
        Told told;
        auto const socket = open(peer, told);
        auto const cause = end_of(told).cause;
        EXPECT_TRUE(cause == Cause::protocol || cause == Cause::upgrade) << nonsense << word(cause);
        EXPECT_EQ(told.opened, 0);
    }
}

TEST_F(WebSockets, F49_AnUpgradeThatDripsOrNeverComesIsCutOff) {
    WebSocketLimits limits;
    limits.upgrade_within = 50ms;
    for (auto const& script : {Script{step::HearHead{}, step::Silence{}},
                               Script{step::HearHead{}, step::Drip{"HTTP/1.1 101 Switching\r\nA: b", 5ms}}}) {
        BadPeer peer{io, {script}};
        Told told;
        auto const socket = open(peer, told, limits);
        EXPECT_EQ(end_of(told).cause, Cause::timeout);
    }
}

TEST_F(WebSockets, F43_APeerThatFellSilentIsNoticed) {
    BadPeer peer{io, {{step::Upgrade{}, says("hello"), step::Silence{}}}};
    WebSocketLimits limits;
    limits.ping_every = 10ms;
    limits.dead_after = 80ms;
    Told told;
    auto const socket = open(peer, told, limits);
    auto const failure = end_of(told);
    EXPECT_EQ(failure.cause, Cause::lost);
    EXPECT_NE(failure.reason.find("nothing was heard for 80 ms"), std::string::npos) << failure.reason;
    EXPECT_EQ(told.texts, std::vector<std::string>{"hello"});
    EXPECT_FALSE(socket->send("too late"));
}

TEST_F(WebSockets, F43_APeerThatOnlyAnswersPingsIsAlive) {
    Script script{step::Upgrade{}};
    for (int i = 0; i < 12; ++i) {
        script.emplace_back(step::HearFrame{});
        script.emplace_back(step::Say{bytes_of({true, testing_::pong_opcode, ""})});
    }
    script.emplace_back(says("still here"));
    script.emplace_back(step::Silence{});
    BadPeer peer{io, {script}};
    // Twelve pings take longer than silence may last.
    WebSocketLimits limits;
    limits.ping_every = 50ms;
    limits.dead_after = 400ms;
    Told told;
    auto const socket = open(peer, told, limits);
    ASSERT_TRUE(run_until([&] { return !told.texts.empty() || !told.closed.empty(); }));
    EXPECT_EQ(told.texts, std::vector<std::string>{"still here"});
    for (auto const& frame : peer.frames())
        EXPECT_EQ(frame.opcode, testing_::ping_opcode);
}

TEST_F(WebSockets, F44_AConnectionThatBreaksInAFrameEndsOnceAndLeavesNoHalfText) {
    auto const half = bytes_of({true, testing_::text_opcode, std::string(1000, 'x')}).substr(0, 500);
    for (auto const& script :
         {Script{step::Upgrade{}, says("whole"), step::Say{half}, step::Reset{}},
          Script{step::Upgrade{}, says("whole"), step::Say{half}, step::HangUp{}},
          Script{step::Upgrade{}, says("whole"), step::Say{"\x81"}, step::HangUp{}},
          Script{step::Upgrade{}, says("whole"), step::Say{bytes_of({false, testing_::text_opcode, "part"})},
                 step::HangUp{}},
          Script{step::StartTls{good_certificate()}, step::Upgrade{}, says("whole"), step::Say{half}, step::Reset{}}}) {
        BadPeer peer{io, {script}};
        auto const tls = std::holds_alternative<step::StartTls>(script.front());
        Told told;
        auto const socket = open(at(peer, tls ? "wss://slack.test" : here), told);
        auto const failure = end_of(told);
        EXPECT_EQ(word(failure.cause), word(Cause::lost)) << failure.reason;
        EXPECT_TRUE(told.texts.empty() || told.texts == std::vector<std::string>{"whole"});
        EXPECT_EQ(peer.accepted(), 1);
    }
}

TEST_F(WebSockets, F44_FramesThatBreakTheRulesEndIt) {
    std::string const bad[] = {
        bytes_of({true, 3, "reserved opcode"}),
        bytes_of({true, 11, "reserved control opcode"}),
        bytes_of({true, testing_::text_opcode, "not \xff\xfe UTF-8"}),
        bytes_of({true, testing_::text_opcode, "half a character \xe2\x82"}),
        bytes_of({true, 0, "continues nothing"}),
        bytes_of({false, testing_::ping_opcode, "a ping in parts"}),
        bytes_of({true, testing_::ping_opcode, std::string(200, 'x')}),
        bytes_of({true, testing_::close_opcode, "x"}),
        bytes_of({true, testing_::text_opcode, std::string(2000, 'x')}), // longer than we take
        std::string{"\xc1\x01"
                    "a"},                                            // compressed, which nobody agreed on
        std::string{"\x81\x81\0\0\0\0a", 7},                         // masked, as only clients do
        std::string{"\x81\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", 10}, // says it is 2^63 bytes long
    };
    WebSocketLimits limits;
    limits.longest_message = 1000;
    for (auto const& bytes : bad) {
        BadPeer peer{io, {{step::Upgrade{}, step::Say{bytes}, step::Drain{}}}};
        Told told;
        auto const socket = open(peer, told, limits);
        auto const failure = end_of(told);
        EXPECT_EQ(word(failure.cause), word(Cause::protocol)) << failure.reason << " for " << bytes.substr(0, 30);
        EXPECT_TRUE(told.texts.empty());
    }
}

TEST_F(WebSockets, F50_ASlowRoadThatStallsCostsTimeAndNoSecondTry) {
    BadPeer peer{io, {{step::Upgrade{}, step::HearFrame{}, says("back"), step::Drain{}}}};
    testing_::SlowRoad const road{io, peer.port(), {.delay = 10ms, .stall_every = 3, .stall = 60ms}};
    Told told;
    auto const socket = open(here + (":" + std::to_string(road.port())) + "/", told);
    socket->send("there");
    ASSERT_TRUE(run_until([&] { return told.texts.size() == 1; }));
    EXPECT_EQ(road.connections(), 1);
    EXPECT_TRUE(told.closed.empty());
}

TEST_F(WebSockets, TheServersGoodbyeHasItsCode) {
    BadPeer peer{
        io, {{step::Upgrade{}, step::Say{bytes_of({true, testing_::close_opcode, "\x03\xf1secret"})}, step::Drain{}}}};
    Told told;
    auto const socket = open(peer, told);
    auto const failure = end_of(told);
    EXPECT_EQ(failure.cause, Cause::lost);
    EXPECT_NE(failure.reason.find("code 1009"), std::string::npos) << failure.reason;
}

TEST_F(WebSockets, ClosingSaysWhatWaitsAndThenGoodbye) {
    BadPeer peer{io,
                 {{step::Upgrade{}, step::HearFrame{}, step::HearFrame{}, step::HearFrame{},
                   step::Say{bytes_of({true, testing_::close_opcode, "\x03\xe8"})}, step::Silence{}}}};
    WebSocketLimits limits;
    limits.close_within = 10min; // so that it is not this that ends it: the peer, like Slack, never hangs up
    Told told;
    auto const socket = open(peer, told, limits);
    ASSERT_TRUE(run_until([&] { return told.opened == 1; }));
    socket->send("one");
    socket->send("two");
    socket->close();
    EXPECT_FALSE(socket->send("three"));
    EXPECT_EQ(end_of(told).cause, Cause::stopped);
    ASSERT_EQ(peer.frames().size(), 3u);
    EXPECT_EQ(peer.frames()[0].payload, "one");
    EXPECT_EQ(peer.frames()[1].payload, "two");
    EXPECT_EQ(peer.frames()[2].opcode, testing_::close_opcode);
    EXPECT_EQ(peer.frames()[2].payload, "\x03\xe8");
}

TEST_F(WebSockets, ClosingEndsInTimeThoughThePeerSaysNothing) {
    for (bool const with_something_unsent : {false, true}) {
        BadPeer peer{io, {{step::Upgrade{}, step::Silence{}}}};
        WebSocketLimits limits;
        limits.close_within = 30ms;
        Told told;
        auto const socket = open(peer, told, limits);
        ASSERT_TRUE(run_until([&] { return told.opened == 1; }));
        if (with_something_unsent) socket->send(std::string(4'000'000, 'x'));
        socket->close();
        socket->close();
        EXPECT_TRUE(told.closed.empty()) << "told inside close()";
        EXPECT_EQ(end_of(told).cause, Cause::stopped);
    }
}

TEST_F(WebSockets, ClosingBeforeItIsOpenEndsIt) {
    BadPeer peer{io, {{step::Silence{}}}};
    Told at_once, later;
    auto const one = open(peer, at_once);
    one->close();
    EXPECT_EQ(end_of(at_once).cause, Cause::stopped);
    auto const two = open(peer, later);
    ASSERT_TRUE(run_until([&] { return peer.accepted() > 0; }));
    two->close();
    EXPECT_EQ(end_of(later).cause, Cause::stopped);
    EXPECT_EQ(at_once.opened + later.opened, 0);
}

TEST_F(WebSockets, ClosingInsideOpenedSaysWhatWaitsFirst) {
    BadPeer peer{io, {{step::Upgrade{}, step::HearFrame{}, step::HearFrame{}, step::Silence{}}}};
    Told told;
    std::unique_ptr<WebSocket> socket;
    auto events = told.events();
    events.opened = [&] { socket->close(); };
    WebSocketLimits limits;
    limits.close_within = 10min;
    socket = WebSocket::open(io, *world, parse_url(at(peer, here)).value(), std::move(events), limits);
    socket->send("early");
    ASSERT_TRUE(run_until([&] { return peer.frames().size() == 2; }));
    EXPECT_EQ(peer.frames()[0].payload, "early");
    EXPECT_EQ(peer.frames()[1].opcode, testing_::close_opcode);
}

TEST_F(WebSockets, APeerThatTakesNothingIsGivenUpBeforeMemoryRunsOut) {
    BadPeer peer{io, {{step::Upgrade{}, step::Silence{}}}};
    Told told;
    auto const socket = open(peer, told);
    ASSERT_TRUE(run_until([&] { return told.opened == 1; }));
    int sent = 0;
    while (told.closed.empty() && sent < 1000) {
        socket->send(std::string(100'000, 'x'));
        ++sent;
        io.poll();
    }
    EXPECT_LT(sent, 1000);
    EXPECT_EQ(end_of(told).cause, Cause::lost);
}

TEST_F(WebSockets, OneThatIsLetGoSaysNoMore) {
    BadPeer peer{io, {{step::Upgrade{}, says("one"), says("two"), step::Drain{}}}};
    Told told;
    std::unique_ptr<WebSocket> socket;
    auto events = told.events();
    events.text = [&](std::string text) {
        told.texts.push_back(std::move(text));
        socket.reset();
    };
    socket = WebSocket::open(io, *world, parse_url(at(peer, here)).value(), std::move(events));
    ASSERT_TRUE(run_until([&] { return peer.ended() == 1; }));
    io.poll();
    EXPECT_EQ(told.texts, std::vector<std::string>{"one"});
    EXPECT_TRUE(told.closed.empty());
    { auto const unopened = open(peer, told); }
    io.poll();
    EXPECT_EQ(told.opened, 1);
    EXPECT_TRUE(told.closed.empty());
}

TEST_F(WebSockets, OneMayBeLetGoInsideItsEnd) {
    BadPeer peer{io, {{step::Upgrade{}, step::HangUp{}}}};
    std::unique_ptr<WebSocket> socket;
    int ends = 0;
    socket = WebSocket::open(io, *world, parse_url(at(peer, here)).value(), {{}, {}, [&](Failure const&) {
                                                                                 ++ends;
                                                                                 socket.reset();
                                                                             }});
    ASSERT_TRUE(run_until([&] { return ends == 1; }));
    io.poll();
    EXPECT_EQ(ends, 1);
}
