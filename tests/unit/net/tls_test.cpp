// Whom we talk to: good certificates, and every kind of bad one.
#include "on_loopback.hpp"

#include <openssl/ssl.h>

#include <fstream>

using namespace cox::net;
using namespace std::chrono_literals;
namespace certificates = cox::testing;

namespace {

Script answering(Certificate certificate, int lowest = 0, int highest = 0) {
    return {step::StartTls{std::move(certificate), lowest, highest}, step::HearHead{},
            step::Say{certificates::http_answer(200, "hello")}, step::Drain{}};
}

struct Bad {
    char const* name;
    Certificate (*make)();
    char const* words;
    char const* host = "slack.test";
    int highest_version = 0;
};

Certificate with(auto&& change) {
    Wanted wanted;
    change(wanted);
    return certificates::issued_by(trusted_authority(), wanted);
}

Bad const bad_ones[] = {
    {"Expired", [] { return with([](Wanted& w) { w.valid_from = -48h, w.valid_until = -24h; }); },
     "the certificate expired on "},
    {"NotYetValid", [] { return with([](Wanted& w) { w.valid_from = 24h; }); },
     "the clock of this machine may be wrong"},
    {"OfAnotherHost", [] { return with([](Wanted& w) { w.names = {"DNS:evil.test"}; }); },
     "the certificate is for evil.test, not for slack.test"},
    {"OfManyOtherHosts",
     [] {
         return with([](Wanted& w) {
             w.names = {"DNS:a.test", "DNS:b.test", "DNS:c.test", "DNS:d.test", "DNS:e.test"};
         });
     },
     "the certificate is for a.test, b.test, c.test and 2 more, not for slack.test"},
    {"WithTheHostAsCommonNameOnly", [] { return with([](Wanted& w) { w.names = {}; }); }, "names no host"},
    {"SelfSigned", [] { return certificates::self_signed({}); }, "self-signed"},
    {"OfAnUnknownAuthority", [] { return certificates::issued_by(certificates::authority("Evil CA"), {}); },
     "issued by \"Evil CA\", whom this machine does not trust"},
    {"IssuedByOneThatMayNot",
     [] { return certificates::issued_by(with([](Wanted& w) { w.common_name = "Somebody"; }), {}); }, "may not issue"},
    {"ForClientsOnly", [] { return with([](Wanted& w) { w.usage = "clientAuth"; }); }, "not meant for a server"},
    {"WithARsaKeyOf1024Bits", [] { return with([](Wanted& w) { w.rsa_bits = 1024; }); }, "too weak (1024 bits)"},
    {"WithARsaKeyOf512Bits", [] { return with([](Wanted& w) { w.rsa_bits = 512; }); }, "too weak (512 bits)",
     "slack.test", TLS1_2_VERSION},
    {"SignedWithSha1", [] { return with([](Wanted& w) { w.digest = "SHA1"; }); }, "hash that is too weak"},
    {"WithAWildcardForAPartOfALabel", [] { return with([](Wanted& w) { w.names = {"DNS:ww*.slack.test"}; }); },
     "not for www.slack.test", "www.slack.test"},
    {"WithAWildcardForTwoLabels", [] { return with([](Wanted& w) { w.names = {"DNS:*.slack.test"}; }); },
     "not for a.b.slack.test", "a.b.slack.test"},
    {"OfTheParentDomain", [] { return with([](Wanted&) {}); }, "not for www.slack.test", "www.slack.test"},
    {"OfAnotherAddress", [] { return with([](Wanted& w) { w.names = {"IP:127.0.0.2"}; }); },
     "the certificate is for 127.0.0.2, not for 127.0.0.1", "127.0.0.1"},
    {"OfANameThatLooksLikeTheAddress", [] { return with([](Wanted& w) { w.names = {"DNS:127.0.0.1"}; }); },
     "not for 127.0.0.1", "127.0.0.1"},
    {"WithControlCharactersInItsName", [] { return with([](Wanted& w) { w.names = {"DNS:evil\n\x1b[31m.test"}; }); },
     "the certificate is for evil??[31m.test, not for slack.test"},
};

} // namespace

class F47_ABadCertificate : public OnLoopback, public ::testing::WithParamInterface<Bad> {};

TEST_P(F47_ABadCertificate, IsRefusedAndTheReasonSaysWhy) {
    auto const& bad = GetParam();
    BadPeer server{io, {answering(bad.make(), 0, bad.highest_version)}};
    auto const world = outside();
    HttpClient client{io, *world};
    auto const answer = ask(client, at(server, std::string{"https://"} + bad.host));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().cause, Cause::certificate) << answer.error().reason;
    EXPECT_NE(answer.error().reason.find(bad.words), std::string::npos) << answer.error().reason;
    EXPECT_TRUE(answer.error().reason.starts_with(bad.host)) << answer.error().reason;
    EXPECT_FALSE(answer.error().may_have_acted);
    EXPECT_EQ(server.accepted(), 1) << "no second try with less care";
    EXPECT_TRUE(server.requests().empty());
}

INSTANTIATE_TEST_SUITE_P(Kinds, F47_ABadCertificate, ::testing::ValuesIn(bad_ones),
                         [](auto const& kind) { return std::string{kind.param.name}; });

class Tls : public OnLoopback {};

TEST_F(Tls, S01_AGoodCertificateIsAcceptedInBothVersionsAndTheServerIsToldTheName) {
    for (auto const version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        BadPeer server{io, {answering(good_certificate(), version, version)}};
        auto const world = outside();
        HttpClient client{io, *world};
        auto const answer = ask(client, at(server, "https://slack.test"));
        ASSERT_TRUE(answer) << answer.error().reason;
        EXPECT_EQ(answer->body, "hello");
        EXPECT_EQ(server.server_name(), "slack.test");
    }
}

TEST_F(Tls, S01_AWholeLabelMayBeAWildcard) {
    BadPeer server{io, {answering(with([](Wanted& w) { w.names = {"DNS:*.slack.test"}; }))}};
    auto const world = outside();
    HttpClient client{io, *world};
    EXPECT_TRUE(ask(client, at(server, "https://wss-primary.slack.test")));
}

TEST_F(Tls, S01_AnAddressIsCheckedToo) {
    BadPeer server{io, {answering(with([](Wanted& w) { w.names = {"IP:127.0.0.1"}; }))}};
    auto const world = outside();
    HttpClient client{io, *world};
    EXPECT_TRUE(ask(client, at(server, "https://127.0.0.1")));
}

TEST_F(Tls, F48_LessThanTls12IsRefused) {
    for (auto const version : {TLS1_VERSION, TLS1_1_VERSION}) {
        BadPeer server{io, {answering(good_certificate(), version, version)}};
        auto const world = outside();
        HttpClient client{io, *world};
        auto const answer = ask(client, at(server, "https://slack.test"));
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().cause, Cause::tls);
        EXPECT_NE(answer.error().reason.find("no TLS 1.2 or later"), std::string::npos) << answer.error().reason;
        EXPECT_FALSE(answer.error().may_have_acted);
        EXPECT_EQ(server.accepted(), 1);
    }
}

TEST_F(Tls, AServerWithoutTlsIsTold) {
    BadPeer server{io, {{step::Say{"HTTP/1.1 400 Bad Request\r\n\r\n"}, step::Drain{}}}};
    auto const world = outside();
    HttpClient client{io, *world};
    auto const answer = ask(client, at(server, "https://slack.test"));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().cause, Cause::tls);
    EXPECT_NE(answer.error().reason.find("does not speak TLS"), std::string::npos) << answer.error().reason;
}

TEST_F(Tls, AServerThatIsSilentOrHangsUpInTheHandshakeIsGivenUp) {
    for (auto const& script : {Script{step::Silence{}}, Script{step::HangUp{}}, Script{step::Reset{}}}) {
        BadPeer server{io, {script}};
        auto const world = outside();
        HttpLimits limits;
        limits.tls_within = 50ms;
        HttpClient client{io, *world, limits};
        auto const answer = ask(client, at(server, "https://slack.test"));
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().cause, Cause::tls) << answer.error().reason;
        EXPECT_FALSE(answer.error().may_have_acted);
    }
}

TEST_F(Tls, S02_AnExtraAuthorityThatCannotBeReadIsAnErrorAndNotLessTrust) {
    auto made = options();
    made.extra_ca = folder.path() / "missing.pem";
    auto const missing = Outside::make(io, made);
    ASSERT_FALSE(missing);
    EXPECT_NE(missing.error().find("missing.pem: there is none"), std::string::npos) << missing.error();

    made.extra_ca = folder.path() / "garbage.pem";
    std::ofstream{*made.extra_ca} << "no certificate";
    auto const garbage = Outside::make(io, made);
    ASSERT_FALSE(garbage);
    EXPECT_NE(garbage.error().find("holds no certificate"), std::string::npos) << garbage.error();
}

TEST_F(Tls, S02_WithoutTheExtraAuthorityItsCertificatesAreRefused) {
    BadPeer server{io, {answering(good_certificate())}};
    auto made = options();
    made.extra_ca.reset();
    auto const world = outside_of(std::move(made));
    HttpClient client{io, *world};
    auto const answer = ask(client, at(server, "https://slack.test"));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().cause, Cause::certificate);
}
