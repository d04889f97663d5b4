#include "bot/slack_wiring.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace cox::bot {
namespace {

constexpr char variable[] = "COXSWAIN_SLACK_PROXY_PASSWORD";

net::Proxy proxy_of(std::string address) {
    Settings::Slack settings;
    settings.proxy = std::move(address);
    return slack_options(settings, {}).outside.proxy.value();
}

TEST(SlackWiring, ThePasswordOfTheProxysUserIsASecret) {
    ::setenv(variable, "s3cret:@/", 1);
    auto const proxy = proxy_of("http://ana@proxy.example:3128");
    auto const nobodys = proxy_of("http://proxy.example:3128");
    ::unsetenv(variable);
    EXPECT_EQ(proxy.user, "ana");
    EXPECT_EQ(proxy.password, "s3cret:@/");
    EXPECT_EQ(nobodys.password, "");
    EXPECT_EQ(proxy_of("http://ana@proxy.example:3128").password, "");
}

} // namespace
} // namespace cox::bot
