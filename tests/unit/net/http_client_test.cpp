#include "../../support/slow_road.hpp"
#include "on_loopback.hpp"

using namespace cox::net;
using namespace std::chrono_literals;
using cox::testing::http_answer;

namespace {

constexpr auto here = "http://127.0.0.1";

// Answers so many requests over one connection.
Script answers(int count, std::string const& answer = http_answer(200, "hello")) {
    Script script;
    for (int i = 0; i < count; ++i) {
        script.emplace_back(step::HearHead{});
        script.emplace_back(step::Say{answer});
    }
    script.emplace_back(step::Drain{});
    return script;
}

} // namespace

class Http : public OnLoopback {
protected:
    // What became of one request to a server with this script.
    HttpResult outcome(Script script, HttpLimits limits = {}) {
        BadPeer server{io, {std::move(script)}};
        HttpClient client{io, *world, limits};
        return ask(client, at(server, here));
    }
    void expect_failure(HttpResult const& result, Cause cause, bool may_have_acted, std::string const& words = "") {
        ASSERT_FALSE(result);
        EXPECT_EQ(word(result.error().cause), word(cause)) << result.error().reason;
        EXPECT_EQ(result.error().may_have_acted, may_have_acted) << result.error().reason;
        EXPECT_NE(result.error().reason.find(words), std::string::npos) << result.error().reason;
    }

    std::unique_ptr<Outside> world = outside();
};

TEST_F(Http, ARequestGoesOutWholeAndItsAnswerComesBackWhole) {
    BadPeer server{io,
                   {answers(1, "HTTP/1.1 429 Too Many\r\nRetry-After: 30\r\nX-A: b\r\nContent-Length: 2\r\n\r\nno")}};
    HttpClient client{io, *world};
    auto question = request(at(server, here, "/api/chat.postMessage?a=b"));
    question.headers = {{"Content-Type", "application/json"}};
    question.body = R"({"text":"x"})";
    auto const answer = ask(client, std::move(question));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 429);
    EXPECT_EQ(answer->header("retry-after"), "30");
    EXPECT_EQ(answer->header("absent"), "");
    EXPECT_EQ(answer->body, "no");
    EXPECT_EQ(server.requests().at(0),
              "POST /api/chat.postMessage?a=b HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
                  "\r\nUser-Agent: Coxswain\r\nContent-Type: application/json\r\n"
                  "Content-Length: 12\r\n\r\n{\"text\":\"x\"}");
}

TEST_F(Http, AnswersInPiecesInChunksAndWithoutALengthAreRead) {
    Script in_pieces{step::HearHead{}};
    for (auto const c : http_answer(200, "hello"))
        in_pieces.emplace_back(step::Say{std::string{c}});
    EXPECT_EQ(outcome(in_pieces)->body, "hello");
    EXPECT_EQ(
        outcome(answers(1, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"))
            ->body,
        "hello");
    EXPECT_EQ(outcome({step::HearHead{}, step::Say{"HTTP/1.1 200 OK\r\n\r\nhello"}, step::HangUp{}})->body, "hello");
    EXPECT_EQ(outcome(answers(1, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nA: b\r\n\r\n" +
                                     http_answer(200, "hello")))
                  ->body,
              "hello");
    auto const none = outcome(answers(1, "HTTP/1.1 204 No Content\r\n\r\n"));
    EXPECT_EQ(none->status, 204);
    std::string const large(3'000'000, 'x');
    EXPECT_EQ(outcome(answers(1, http_answer(200, large)))->body, large);
}

TEST_F(Http, AGetHasNoBodyAndAHeadNoAnswersBody) {
    BadPeer server{io, {answers(1), {step::HearHead{}, step::Say{"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"}}}};
    HttpClient client{io, *world};
    auto get = request(at(server, here, "/"));
    get.method = "GET";
    get.headers = {};
    get.body = "";
    auto head = get;
    head.method = "HEAD";
    EXPECT_TRUE(ask(client, get));
    EXPECT_EQ(server.requests().at(0).find("Content-Length"), std::string::npos);
    HttpClient another{io, *world};
    EXPECT_EQ(ask(another, head)->body, "");
}

TEST_F(Http, AConnectionIsUsedAgain) {
    BadPeer server{io, {answers(3)}};
    HttpClient client{io, *world};
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(ask(client, at(server, here)));
    EXPECT_EQ(server.accepted(), 1);
}

TEST_F(Http, AConnectionOverTlsIsUsedAgain) {
    auto script = answers(3);
    script.insert(script.begin(), step::StartTls{good_certificate()});
    BadPeer server{io, {script}};
    HttpClient client{io, *world};
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(ask(client, at(server, "https://slack.test")));
    EXPECT_EQ(server.accepted(), 1);
}

TEST_F(Http, AConnectionThatTheServerWillCloseIsNotUsedAgain) {
    BadPeer server{io, {answers(2, http_answer(200, "", "Connection: close\r\n"))}};
    HttpClient client{io, *world};
    EXPECT_TRUE(ask(client, at(server, here)));
    EXPECT_TRUE(ask(client, at(server, here)));
    EXPECT_EQ(server.accepted(), 2);
}

TEST_F(Http, AnIdleConnectionIsLetGo) {
    BadPeer server{io, {answers(2)}};
    HttpLimits limits;
    limits.keep_alive = 20ms;
    HttpClient client{io, *world, limits};
    EXPECT_TRUE(ask(client, at(server, here)));
    EXPECT_TRUE(run_until([&] { return server.ended() == 1; }));
    EXPECT_TRUE(ask(client, at(server, here)));
    EXPECT_EQ(server.accepted(), 2);
}

TEST_F(Http, RequestsWaitForAConnectionInTheirOrder) {
    BadPeer server{io, {answers(20)}};
    HttpLimits limits;
    limits.connections_per_host = 2;
    HttpClient client{io, *world, limits};
    int answered = 0;
    for (int i = 0; i < 20; ++i) {
        client.send(request(at(server, here, "/" + std::to_string(i))), [&](HttpResult const& result) {
            EXPECT_TRUE(result);
            ++answered;
        });
    }
    ASSERT_TRUE(run_until([&] { return answered == 20; }));
    EXPECT_EQ(server.accepted(), 2);
    ASSERT_EQ(server.requests().size(), 20u);
    EXPECT_TRUE(server.requests().front().starts_with("POST /0 ") || server.requests().front().starts_with("POST /1 "));
}

TEST_F(Http, S03_PlainHttpIsForThisMachineItselfOnly) {
    HttpClient client{io, *world};
    for (auto const* url :
         {"http://slack.com/?ticket=mark-of-a-secret", "http://10.0.0.1/", "http://localhost.evil.test/",
          "http://0.0.0.0/", "http://[::ffff:127.0.0.1]/", "wss://slack.com/", "ws://127.0.0.1/"}) {
        expect_failure(ask(client, url), Cause::refused_url, false, "://");
    }
}

TEST_F(Http, S04_ARedirectIsHandedBackAndNotFollowed) {
    BadPeer elsewhere{io, {answers(1)}};
    for (auto const status : {301, 302, 303, 307, 308}) {
        BadPeer server{io, {answers(1, http_answer(status, "", "Location: " + at(elsewhere, here) + "\r\n"))}};
        HttpClient client{io, *world};
        auto const answer = ask(client, at(server, here));
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->status, status);
        EXPECT_TRUE(answer->header("Location").starts_with(here));
        EXPECT_EQ(server.requests().size(), 1u);
    }
    EXPECT_EQ(elsewhere.accepted(), 0);
}

TEST_F(Http, ALineBreakInAHeaderIsNotSent) {
    BadPeer server{io, {answers(1)}};
    HttpClient client{io, *world};
    for (auto const& header :
         Headers{{"A", "secret\r\nB: c"}, {"A", std::string{"a\0b", 3}}, {"A:b", "c"}, {"", "c"}}) {
        auto bad = request(at(server, here));
        bad.headers = {header};
        expect_failure(ask(client, bad), Cause::protocol, false, "header");
    }
    auto bad = request(at(server, here));
    bad.method = "GET /secret HTTP/1.1\r\nA:";
    expect_failure(ask(client, bad), Cause::protocol, false, "method");
    EXPECT_EQ(server.accepted(), 0);
}

TEST_F(Http, WhereNobodyListensNothingCanHaveActed) {
    std::uint16_t port = 0;
    {
        BadPeer gone{io, {{step::HangUp{}}}};
        port = gone.port();
    }
    io.poll();
    HttpClient client{io, *world};
    expect_failure(ask(client, here + (":" + std::to_string(port))), Cause::connect, false, "refused");
}

TEST_F(Http, F49_AServerThatDripsIsCutOffAtTheDeadline) {
    HttpLimits limits;
    limits.whole_within = 100ms;
    for (auto const* begin : {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n",
                              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"}) {
        expect_failure(outcome({step::HearHead{}, step::Say{begin}, step::Drip{"1", 5ms}}, limits), Cause::timeout,
                       true, "did not finish its answer");
    }
}

TEST_F(Http, F49_AServerThatSaysNothingIsCutOffAtTheFirstByte) {
    HttpLimits limits;
    limits.first_byte_within = 30ms;
    expect_failure(outcome({step::HearHead{}, step::Silence{}}, limits), Cause::timeout, true,
                   "did not begin to answer");
}

TEST_F(Http, F49_AServerThatDoesNotTakeTheRequestIsCutOff) {
    BadPeer server{io, {{step::Silence{}}}};
    HttpLimits limits;
    limits.whole_within = 100ms;
    HttpClient client{io, *world, limits};
    auto question = request(at(server, here));
    question.body.assign(32 * 1024 * 1024, 'x');
    expect_failure(ask(client, question), Cause::timeout, true, "did not take the request");
}

TEST_F(Http, F50_ASlowRoadThatStallsCostsTimeAndNoSecondTry) {
    BadPeer server{io, {answers(10)}};
    cox::testing::SlowRoad const road{io, server.port(), {.delay = 5ms, .stall_every = 5, .stall = 40ms}};
    HttpClient client{io, *world};
    for (int i = 0; i < 10; ++i) {
        auto const answer = ask(client, here + (":" + std::to_string(road.port())) + "/");
        ASSERT_TRUE(answer) << answer.error().reason;
        EXPECT_EQ(answer->body, "hello");
    }
    EXPECT_EQ(road.connections(), 1);
    EXPECT_EQ(server.requests().size(), 10u);
}

TEST_F(Http, F50_ARoadThatIsTooSlowIsTriedOnce) {
    BadPeer server{io, {answers(1)}};
    cox::testing::SlowRoad const road{io, server.port(), {.delay = 10s, .stall_every = 100, .stall = 0ms}};
    HttpLimits limits;
    limits.first_byte_within = 30ms;
    HttpClient client{io, *world, limits};
    auto question = request(here + (":" + std::to_string(road.port())) + "/");
    question.idempotent = true;
    expect_failure(ask(client, question), Cause::timeout, true);
    EXPECT_EQ(road.connections(), 1);
}

TEST_F(Http, F53_APageOfAPortalIsHandedOverAsItIs) {
    auto const page = "<html>Please sign in</html>";
    EXPECT_EQ(outcome(answers(1, http_answer(200, page, "Content-Type: text/html\r\n")))->body, page);
}

TEST_F(Http, F54_AnAnswerThatBreaksALimitIsRefused) {
    HttpLimits limits;
    limits.longest_body = 1000;
    limits.longest_header = 500;
    expect_failure(outcome(answers(1, http_answer(200, std::string(1001, 'x'))), limits), Cause::protocol, true,
                   "longer than 1000 bytes");
    expect_failure(
        outcome({step::HearHead{}, step::Say{"HTTP/1.1 200 OK\r\n\r\n"}, step::Drip{std::string(4000, 'x'), 0ms}},
                limits),
        Cause::protocol, true, "longer than 1000 bytes");
    expect_failure(outcome(answers(1, http_answer(200, "", "A: " + std::string(1000, 'x') + "\r\n")), limits),
                   Cause::protocol, true, "head of the answer");
    expect_failure(
        outcome(answers(1, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(9000, 'x')), limits),
        Cause::protocol, true);
    EXPECT_EQ(outcome(answers(1, http_answer(200, std::string(1000, 'x'))), limits)->body.size(), 1000u);
}

TEST_F(Http, F54_AnAnswerThatIsCutShortIsLostAndNoAnswer) {
    for (auto const* cut : {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"ok\":true", "HTTP/1.1 200 OK\r\nConte",
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"}) {
        expect_failure(outcome({step::HearHead{}, step::Say{cut}, step::HangUp{}}), Cause::lost, true,
                       "in the middle of its answer");
    }
}

TEST_F(Http, WhatIsNoHttpIsRefused) {
    for (auto const* nonsense : {"SSH-2.0-OpenSSH_9\r\n", "HTTP/1.1 OK\r\n\r\n", "HTTP/3.0 200 OK\r\n\r\n",
                                 "HTTP/1.1 101 Switching\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                                 "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"}) {
        expect_failure(outcome(answers(1, nonsense)), Cause::protocol, true, "no HTTP");
    }
}

TEST_F(Http, F56_AKeptConnectionThatTheServerHasClosedIsNotUsed) {
    BadPeer server{io, {{step::HearHead{}, step::Say{http_answer(200, "")}, step::HangUp{}}, answers(1)}};
    HttpClient client{io, *world};
    ASSERT_TRUE(ask(client, at(server, here)));
    ASSERT_TRUE(run_until([&] { return server.ended() == 1; }));
    auto const answer = ask(client, at(server, here));
    ASSERT_TRUE(answer) << answer.error().reason;
    EXPECT_EQ(server.accepted(), 2);
    EXPECT_EQ(server.requests().size(), 2u);
}

TEST_F(Http, F56_ARequestThatMayHaveActedIsNotSentTwice) {
    BadPeer server{io,
                   {{step::HearHead{}, step::Say{http_answer(200, "")}, step::HearHead{}, step::HangUp{}}, answers(1)}};
    HttpClient client{io, *world};
    ASSERT_TRUE(ask(client, at(server, here)));
    expect_failure(ask(client, at(server, here)), Cause::lost, true, "hung up before it answered");
    EXPECT_EQ(server.accepted(), 1);
}

TEST_F(Http, F56_ARequestThatIsSafeToRepeatIsSentOnceMoreAndOnlyOnce) {
    Script const dies{step::HearHead{}, step::Say{http_answer(200, "")}, step::HearHead{}, step::HangUp{}};
    {
        BadPeer server{io, {dies, answers(1)}};
        HttpClient client{io, *world};
        ASSERT_TRUE(ask(client, at(server, here)));
        auto again = request(at(server, here));
        again.idempotent = true;
        EXPECT_EQ(ask(client, again)->body, "hello");
        EXPECT_EQ(server.accepted(), 2);
    }
    {
        BadPeer server{io, {dies, {step::HearHead{}, step::Reset{}}}};
        HttpClient client{io, *world};
        ASSERT_TRUE(ask(client, at(server, here)));
        auto again = request(at(server, here));
        again.idempotent = true;
        expect_failure(ask(client, again), Cause::lost, true);
        EXPECT_EQ(server.accepted(), 2);
    }
}

TEST_F(Http, F56_ANewConnectionThatIsLostIsNotTriedAgain) {
    BadPeer server{io, {{step::HearHead{}, step::HangUp{}}}};
    HttpClient client{io, *world};
    auto question = request(at(server, here));
    question.idempotent = true;
    expect_failure(ask(client, question), Cause::lost, true);
    EXPECT_EQ(server.accepted(), 1);
}

TEST_F(Http, StoppingAnswersWhatIsUnderWayAndWhatComesLater) {
    BadPeer server{io, {{step::HearHead{}, step::Silence{}}}};
    HttpLimits limits;
    limits.connections_per_host = 1;
    HttpClient client{io, *world, limits};
    std::vector<HttpResult> answers;
    auto const note = [&](HttpResult result) { answers.push_back(std::move(result)); };
    client.send(request(at(server, here)), note);
    client.send(request(at(server, here)), note);
    ASSERT_TRUE(run_until([&] { return server.requests().size() == 1; }));
    client.stop();
    ASSERT_EQ(answers.size(), 2u);
    expect_failure(answers[0], Cause::stopped, true);
    expect_failure(answers[1], Cause::stopped, false);
    expect_failure(ask(client, at(server, here)), Cause::stopped, false);
    EXPECT_EQ(answers.size(), 2u);
}

TEST_F(Http, AClientMayGoBeforeItsRequestHasBegun) {
    BadPeer server{io, {answers(1)}};
    std::optional<HttpResult> answer;
    {
        HttpClient client{io, *world};
        client.send(request(at(server, here)), [&](HttpResult result) { answer = std::move(result); });
    }
    ASSERT_TRUE(answer);
    expect_failure(*answer, Cause::stopped, false);
    io.poll();
    EXPECT_EQ(server.accepted(), 0);
}

TEST_F(Http, AClientMayGoInsideAnAnswer) {
    BadPeer server{io, {answers(2)}};
    auto client = std::make_unique<HttpClient>(io, *world);
    bool first = false;
    std::optional<HttpResult> second;
    HttpLimits limits;
    client->send(request(at(server, here)), [&](HttpResult const&) {
        first = true;
        client->send(request(at(server, here)), [&](HttpResult result) { second = std::move(result); });
        client.reset();
    });
    ASSERT_TRUE(run_until([&] { return second.has_value(); }));
    EXPECT_TRUE(first);
    expect_failure(*second, Cause::stopped, false);
}
