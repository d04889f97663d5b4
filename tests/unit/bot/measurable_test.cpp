#include "bot/config/measurable.hpp"

#include <gtest/gtest.h>

namespace cox::bot {
namespace {

class Measured : public testing::TestWithParam<char const*> {};
TEST_P(Measured, CanBeTold) {
    EXPECT_TRUE(is_measurable(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Numbers, Measured,
                         testing::Values("checkout error rate above 20% for 10 minutes", "p99 above 5x its baseline",
                                         "more than 50 customers", "search answers 12 % of requests with an error",
                                         "latency of 4 s"));
INSTANTIATE_TEST_SUITE_P(Shares, Measured,
                         testing::Values("half of the users", "most customers see errors", "no user can log in",
                                         "all regions", "one region is down", "Nobody can pay",
                                         "every upload takes too long", "Hundreds of orders are stuck"));
INSTANTIATE_TEST_SUITE_P(Lengths, Measured,
                         testing::Values("can wait until the next working day", "for hours", "for a few minutes"));
INSTANTIATE_TEST_SUITE_P(Capabilities, Measured,
                         testing::Values("users cannot log in", "export to PDF fails", "login is down",
                                         "customers can't pay", "people are unable to upload",
                                         "data is lost or exposed", "data loss", "loss of orders",
                                         "a workaround exists", "a breach"));

class Adjectives : public testing::TestWithParam<char const*> {};
TEST_P(Adjectives, CannotBeTold) {
    EXPECT_FALSE(is_measurable(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(All, Adjectives,
                         testing::Values("serious outage", "Serious Outage!", "major impact", "critical problem",
                                         "something is badly broken", "the most serious incidents", "no big deal",
                                         "everything is down", "the service is unavailable", "a critical system failed",
                                         "systems cannot function properly", "degraded performance", "a SEV-1 of old",
                                         "worse than P2", "as bad as in sev1", "p99 is high", "all critical issues", "",
                                         "very very bad; really bad", "—"));

} // namespace
} // namespace cox::bot
