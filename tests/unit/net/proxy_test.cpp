#include "on_loopback.hpp"

using namespace cox::net;

TEST(ProxyAddress, IsTakenApartWithItsUserInformationDecoded) {
    auto const plain = parse_proxy("http://proxy.example:3128").value();
    EXPECT_EQ(plain.host, "proxy.example");
    EXPECT_EQ(plain.port, 3128);
    EXPECT_EQ(plain.user, "");

    auto const full = parse_proxy("http://us%40er:p%3Aa%2fs%25s@[::1]:8080/").value();
    EXPECT_EQ(full.host, "::1");
    EXPECT_EQ(full.port, 8080);
    EXPECT_EQ(full.user, "us@er");
    EXPECT_EQ(full.password, "p:a/s%s");
    EXPECT_EQ(parse_proxy("http://user@proxy.example").value().user, "user");
}

TEST(ProxyAddress, S08_ARefusalDoesNotRepeatThePassword) {
    for (auto const* each :
         {"https://user:secret@proxy:1", "socks5://user:secret@proxy", "user:secret@proxy", "http://user:secret@",
          "http://user:secret@pro xy", "http://user:secret%@proxy", "http://user:secret%zz@proxy",
          "http://user:secret@proxy/path", "http://user:secret@proxy:0", "http://us%3Aer:secret@proxy"}) {
        auto const proxy = parse_proxy(each);
        ASSERT_FALSE(proxy) << each;
        EXPECT_EQ(proxy.error().find("secret"), std::string::npos) << proxy.error();
    }
}

class ThroughAProxy : public OnLoopback {
protected:
    std::unique_ptr<Outside> behind(BadPeer const& proxy) {
        auto made = options();
        made.proxy = Proxy{"127.0.0.1", proxy.port(), "user", "pass word"};
        made.look_up = [](std::string const&) { return std::vector<std::string>{}; }; // the proxy knows names, not we
        return outside_of(std::move(made));
    }
};

TEST_F(ThroughAProxy, TlsGoesEndToEndAndTheProxyIsToldTheHostByName) {
    BadPeer proxy{
        io,
        {{step::HearHead{}, step::Say{"HTTP/1.1 200 Connection established\r\n\r\n"},
          step::StartTls{good_certificate()}, step::HearHead{}, step::Say{cox::testing::http_answer(200, "hello")}}}};
    auto const world = behind(proxy);
    HttpClient client{io, *world};
    auto const answer = ask(client, "https://slack.test/api/x");
    ASSERT_TRUE(answer) << answer.error().reason;
    EXPECT_EQ(answer->body, "hello");
    ASSERT_EQ(proxy.requests().size(), 2u);
    EXPECT_EQ(proxy.requests()[0], "CONNECT slack.test:443 HTTP/1.1\r\nHost: slack.test:443\r\n"
                                   "Proxy-Authorization: Basic dXNlcjpwYXNzIHdvcmQ=\r\n\r\n");
    EXPECT_TRUE(proxy.requests()[1].starts_with("POST /api/x HTTP/1.1\r\nHost: slack.test\r\n"));
    EXPECT_EQ(proxy.requests()[1].find("Proxy-Authorization"), std::string::npos);
}

TEST_F(ThroughAProxy, AProxyThatBreaksTlsOpenIsFoundOut) {
    auto const others = cox::testing::authority("Proxy Inc");
    BadPeer proxy{io,
                  {{step::HearHead{}, step::Say{"HTTP/1.1 200 OK\r\n\r\n"},
                    step::StartTls{cox::testing::issued_by(others, {})}}}};
    auto const world = behind(proxy);
    HttpClient client{io, *world};
    auto const answer = ask(client, "https://slack.test/");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().cause, Cause::certificate);
    EXPECT_NE(answer.error().reason.find("Proxy Inc"), std::string::npos) << answer.error().reason;
}

TEST_F(ThroughAProxy, ARefusalOfTheProxyHasItsStatus) {
    BadPeer proxy{io, {{step::HearHead{}, step::Say{"HTTP/1.1 407 Authenticate\r\nContent-Length: 0\r\n\r\n"}}}};
    auto const world = behind(proxy);
    HttpClient client{io, *world};
    auto const answer = ask(client, "https://slack.test/");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().cause, Cause::proxy);
    EXPECT_EQ(answer.error().status, 407);
    EXPECT_FALSE(answer.error().may_have_acted);
}

TEST_F(ThroughAProxy, AProxyThatTalksNonsenseIsNotUsed) {
    for (auto const* nonsense :
         {"SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 2xx\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\nand more"}) {
        BadPeer proxy{io, {{step::HearHead{}, step::Say{nonsense}, step::Silence{}}}};
        auto const world = behind(proxy);
        HttpClient client{io, *world};
        auto const answer = ask(client, "https://slack.test/");
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().cause, Cause::proxy) << nonsense;
        EXPECT_FALSE(answer.error().may_have_acted);
    }
}

TEST_F(ThroughAProxy, AProxyThatHangsUpOrIsSilentIsGivenUp) {
    for (auto const& script : {Script{step::HearHead{}, step::HangUp{}}, Script{step::Silence{}}}) {
        BadPeer proxy{io, {script}};
        auto const world = behind(proxy);
        HttpLimits limits;
        limits.connect_within = std::chrono::milliseconds{50};
        HttpClient client{io, *world, limits};
        auto const answer = ask(client, "https://slack.test/");
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().cause, Cause::proxy);
        EXPECT_FALSE(answer.error().may_have_acted);
    }
}

TEST_F(ThroughAProxy, LoopbackIsReachedWithoutIt) {
    BadPeer proxy{io, {{step::HangUp{}}}};
    BadPeer server{io, {{step::HearHead{}, step::Say{cox::testing::http_answer(200, "")}}}};
    auto const world = behind(proxy);
    HttpClient client{io, *world};
    EXPECT_TRUE(ask(client, at(server, "http://127.0.0.1")));
    EXPECT_EQ(proxy.accepted(), 0);
}
