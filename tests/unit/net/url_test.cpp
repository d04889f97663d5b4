#include "adapters/net/url.hpp"

#include <gtest/gtest.h>

using namespace cox::net;

TEST(Url, IsTakenApart) {
    EXPECT_EQ(parse_url("https://slack.com/api/chat.postMessage?x=1"),
              (Url{"https", "slack.com", 443, "/api/chat.postMessage?x=1"}));
    EXPECT_EQ(parse_url("WSS://WSS-Primary.Slack.com/link/?ticket=a%2Db&app_id=1"),
              (Url{"wss", "wss-primary.slack.com", 443, "/link/?ticket=a%2Db&app_id=1"}));
    EXPECT_EQ(parse_url("http://127.0.0.1:4013"), (Url{"http", "127.0.0.1", 4013, "/"}));
    EXPECT_EQ(parse_url("ws://localhost?a=b"), (Url{"ws", "localhost", 80, "/?a=b"}));
    EXPECT_EQ(parse_url("https://[2001:DB8:0::1]:8443/"), (Url{"https", "2001:db8::1", 8443, "/"}));
    EXPECT_EQ(parse_url("https://slack.com/a@b"), (Url{"https", "slack.com", 443, "/a@b"}));
}

TEST(Url, IsWrittenAsItWasRead) {
    for (auto const* each : {"https://slack.com/", "https://slack.com:8443/a?b", "wss://[::1]/", "http://[::1]:8080/x",
                             "ws://localhost/%2F"}) {
        EXPECT_EQ(text(parse_url(each).value()), each);
    }
    EXPECT_EQ(text(parse_url("https://slack.com:443").value()), "https://slack.com/");
}

// An address that a stranger may name must be read by us as by everybody, or not at all.
TEST(Url, S05_WhatCouldBeReadInTwoWaysIsRefused) {
    for (auto const* each : {
             "https://hooks.slack.com@evil",
             "https://hooks.slack.com@evil.test/services/1",
             "https://user:password@hooks.slack.com/",
             "https://hooks.slack.com:443@evil.test/",
             "https://@hooks.slack.com/",
             "https://hooks.slack.com\\@evil.test/",
             "https://hooks.slack.com%40evil.test/",
             "https://hooks.slack.com%2eevil.test/",
             "https://hooks.slack.com#@evil.test/",
             "https://hooks.slack.com/#fragment",
             "https://2130706433/",
             "https://0x7f000001/",
             "https://0X7F.1/",
             "https://017700000001/",
             "https://0177.0.0.1/",
             "https://127.1/",
             "https://127.0.1/",
             "https://127.0.0.01/",
             "https://127.0.0.256/",
             "https://127.0.0.0x1/",
             "https://1.2.3.4.5/",
             "https://host.1/",
             "https://0/",
             "https://127.0.0.1./",
             "https://slack.com./",
             "https://.slack.com/",
             "https://slack..com/",
             "https://-slack.com/",
             "https://slack.com-/",
             "https:///path",
             "https://",
             "https:slack.com",
             "//slack.com/",
             "slack.com",
             "",
             "ftp://slack.com/",
             "file:///etc/passwd",
             "javascript://slack.com/",
             "gopher://127.0.0.1:6379/_FLUSHALL",
             " https://slack.com/",
             "https://slack.com /",
             "https://slack.com/a b",
             "https://slack.com/\r\nHost: evil.test",
             "https://slack.com/\t",
             "https://slack\x7f.com/",
             "https://sl\xc3\xa4"
             "ck.com/",
             "https://slack.com/\xe2\x80\xae",
             "https://slack.com\xef\xbc\x8f.evil.test/",
             "https://slack.com:0/",
             "https://slack.com:65536/",
             "https://slack.com:99999999999/",
             "https://slack.com:/",
             "https://slack.com:4a/",
             "https://slack.com:+443/",
             "https://slack.com:0443/",
             "https://[::1/",
             "https://[::1]evil.test/",
             "https://[fe80::1%25eth0]/",
             "https://[fe80::1%eth0]/",
             "https://[127.0.0.1]/",
             "https://[]/",
             "https://::1/",
             "https://slack.com/%",
             "https://slack.com/%zz",
             "https://slack.com/%1",
             "https://slack.com/<script>",
         }) {
        auto const url = parse_url(each);
        EXPECT_FALSE(url) << each << " was read as " << text(*url);
    }
    EXPECT_FALSE(parse_url(std::string{"https://slack.com\0.evil.test/", 29}));
    EXPECT_FALSE(parse_url("https://" + std::string(64, 'a') + ".test/"));
    EXPECT_FALSE(parse_url("https://slack.com/" + std::string(9000, 'a')));
}

TEST(Url, S05_ARefusalSaysWhatIsWrong) {
    EXPECT_EQ(parse_url("https://hooks.slack.com@evil").error(), "there is user information (@) before the host");
    EXPECT_EQ(parse_url("https://2130706433/").error(), "the host is a number in disguise");
    EXPECT_EQ(parse_url("ftp://slack.com/").error(), "the scheme is none of https, http, wss, ws");
}

TEST(Url, S05_AddressesOfAMachineOrASiteAreKnown) {
    for (auto const* each : {"localhost",
                             "0.0.0.0",
                             "0.1.2.3",
                             "10.0.0.1",
                             "10.255.255.255",
                             "100.64.0.1",
                             "127.0.0.1",
                             "127.255.255.254",
                             "169.254.169.254",
                             "172.16.0.1",
                             "172.31.255.255",
                             "192.0.0.8",
                             "192.168.1.1",
                             "198.18.0.1",
                             "224.0.0.1",
                             "240.0.0.1",
                             "255.255.255.255",
                             "::",
                             "::1",
                             "fe80::1",
                             "fec0::1",
                             "fc00::1",
                             "fd12:3456::1",
                             "ff02::1",
                             "::ffff:127.0.0.1",
                             "::ffff:10.0.0.1",
                             "::ffff:a9fe:a9fe",
                             "::127.0.0.1",
                             "64:ff9b::10.0.0.1",
                             "64:ff9b::169.254.169.254",
                             "2002:7f00:1::",
                             "2002:c0a8:101::1"}) {
        EXPECT_TRUE(is_private_address(each)) << each;
    }
    for (auto const* each :
         {"slack.com", "8.8.8.8", "1.1.1.1", "100.128.0.1", "172.32.0.1", "172.15.255.255", "192.169.0.1",
          "169.253.0.1", "198.20.0.1", "223.255.255.255", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
          "2002:808:808::1", "localhost.evil.test", "10.0.0.1.evil.test", ""}) {
        EXPECT_FALSE(is_private_address(each)) << each;
    }
}

TEST(Url, S03_LoopbackIsThisMachineAndNothingThatSoundsLikeIt) {
    for (auto const* each : {"localhost", "127.0.0.1", "127.8.9.10", "::1"})
        EXPECT_TRUE(is_loopback(each)) << each;
    for (auto const* each : {"localhost.evil.test", "evil.localhost", "127.0.0.1.evil.test", "127.evil.test",
                             "128.0.0.1", "0.0.0.0", "::", "::2", "::ffff:127.0.0.1", "10.0.0.1", ""}) {
        EXPECT_FALSE(is_loopback(each)) << each;
    }
}
