#include "core/policy.hpp"

#include "room.hpp"

#include <gtest/gtest.h>

namespace cox {
namespace {

using namespace std::chrono_literals;

TEST(PolicyLookup, FindsASeverityByKeyLabelAndAliasWhateverTheCase) {
    auto const policy = test::small_policy();
    for (auto const* const word : {"1", "SEV-1", "sev-1", "P1", "Sev1"}) {
        ASSERT_NE(policy.severity(word), nullptr) << word;
        EXPECT_EQ(policy.severity(word)->key, "1");
    }
    EXPECT_EQ(policy.severity("9"), nullptr);
    EXPECT_EQ(policy.severity(""), nullptr);
}

TEST(PolicyLookup, FindsARoleByKeyTagTitleAndAlias) {
    auto const policy = test::small_policy();
    for (auto const* const word : {"commander", "IC", "ic", "incident commander"}) {
        ASSERT_NE(policy.role(word), nullptr) << word;
        EXPECT_EQ(policy.role(word)->key, "commander");
    }
    EXPECT_EQ(policy.role("captain"), nullptr);
    EXPECT_EQ(policy.role(""), nullptr);
}

TEST(PolicyLookup, RanksTheMostSevereFirst) {
    auto const policy = test::small_policy();
    EXPECT_EQ(policy.rank("1"), 0u);
    EXPECT_EQ(policy.rank("3"), 2u);
}

} // namespace
} // namespace cox
