#include "adapters/hook/answer.hpp"

#include <gtest/gtest.h>

namespace cox::hook {
namespace {

using namespace std::chrono_literals;
using What = Delivered::What;

constexpr Time now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 25} + 14h};

Delivered answer(int status, net::Headers headers = {}) {
    return read_answer(net::HttpResponse{status, std::move(headers), "never read"}, now);
}
Delivered failure(net::Cause cause, bool may_have_acted) {
    return read_answer(std::unexpected{net::Failure{cause, "why", may_have_acted, 0}}, now);
}

TEST(HookAnswer, AnyAgreementIsEnough) {
    for (int const status : {200, 201, 202, 204})
        EXPECT_EQ(answer(status).what, What::sent) << status;
}

TEST(HookAnswer, WhatMayPassIsTriedAgain) {
    for (int const status : {408, 429, 500, 502, 503, 504}) {
        EXPECT_EQ(answer(status).what, What::again) << status;
        EXPECT_EQ(answer(status).wait, std::nullopt) << status;
        EXPECT_EQ(answer(status).reason, "HTTP " + std::to_string(status));
    }
}

TEST(HookAnswer, TheReceiversWordOnWhenIsKept) {
    EXPECT_EQ(answer(429, {{"Retry-After", "90"}}).wait, 90s);
    EXPECT_EQ(answer(503, {{"retry-after", "Wed, 25 Nov 2026 14:05:00 GMT"}}).wait, 5min);
}

TEST(HookAnswer, ARefusalAndARedirectStayAsTheyAre) {
    for (int const status : {301, 302, 307, 308, 400, 401, 403, 404, 410, 422})
        EXPECT_EQ(answer(status).what, What::failed) << status;
}

TEST(HookAnswer, WhatTheNetworkLostMayHaveBeenHeard) {
    EXPECT_EQ(failure(net::Cause::timeout, true).what, What::unknown);
    EXPECT_EQ(failure(net::Cause::lost, true).what, What::unknown);
    EXPECT_EQ(failure(net::Cause::connect, false).what, What::again);
    EXPECT_EQ(failure(net::Cause::name, false).what, What::again);
    EXPECT_EQ(failure(net::Cause::certificate, false).what, What::again);
    EXPECT_EQ(failure(net::Cause::timeout, true).reason, "timeout: why");
}

TEST(HookAnswer, AnAddressThatMayNotBeAskedNeverWillBe) {
    EXPECT_EQ(failure(net::Cause::refused_url, false).what, What::failed);
}

} // namespace
} // namespace cox::hook
