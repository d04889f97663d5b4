#include "adapters/matrix/admission.hpp"

#include <gtest/gtest.h>

namespace cox::matrix {
namespace {

constexpr char const* own_server = "lab.test";

struct Row {
    Admission admission;
    char const* user;
    Standing standing;
};

TEST(MatrixAdmission, S17_TheTableOfWhoMayAct) {
    Row const rows[] = {
        {{}, "@ana:lab.test", Standing::member},
        {{}, "@ana:other.test", Standing::stranger},
        {{}, "@ana:lab.test.evil.test", Standing::stranger},
        {{}, "@ana:sub.lab.test", Standing::stranger},
        {{.allow = {"other.test"}}, "@ana:other.test", Standing::member},
        {{.allow = {"other.test"}}, "@ana:lab.test", Standing::guest},
        {{.allow = {"@ana:other.test"}}, "@ana:other.test", Standing::member},
        {{.allow = {"@ana:other.test"}}, "@bo:other.test", Standing::stranger},
        {{.allow = {"@ana:other.test"}}, "@Ana:other.test", Standing::stranger},
        {{.allow = {"other.test:8448"}}, "@ana:other.test", Standing::stranger},
        {{.allow = {"other.test:8448"}}, "@ana:other.test:8448", Standing::member},
        {{.allow = {"lab.test"}, .deny = {"@ana:lab.test"}}, "@ana:lab.test", Standing::stranger},
        {{.allow = {"@ana:other.test"}, .deny = {"other.test"}}, "@ana:other.test", Standing::stranger},
        {{.allow = {"@ana:other.test"}, .deny = {"@ana:other.test"}}, "@ana:other.test", Standing::stranger},
    };
    for (auto const& [admission, user, standing] : rows)
        EXPECT_EQ(standing_of(admission, user, own_server, nullptr), standing) << user;
}

TEST(MatrixAdmission, S17_DenyWinsAndIsNotHeardAtAll) {
    Admission const admission{
        .allow = {"@ana:lab.test", "lab.test"}, .deny = {"@ana:lab.test"}, .invite = {"@ana:lab.test"}};
    EXPECT_TRUE(is_denied(admission, "@ana:lab.test"));
    EXPECT_FALSE(may_invite_us(admission, "@ana:lab.test", own_server));
    EXPECT_FALSE(is_denied(admission, "@bo:lab.test"));
}

TEST(MatrixAdmission, S14_WhatIsNoUserIdIsNobody) {
    for (auto const* user : {"", "ana", "ana:lab.test", "@ana", "@:", "!room:lab.test"})
        EXPECT_TRUE(is_denied({}, user)) << user;
}

TEST(MatrixAdmission, S17_APowerLevelMayBeAskedForToo) {
    Admission const admission{.power = 50};
    PowerLevels power;
    power.known = true;
    power.users["@ana:lab.test"] = 50;
    power.users["@eve:other.test"] = 100;
    EXPECT_EQ(standing_of(admission, "@ana:lab.test", own_server, &power), Standing::member);
    EXPECT_EQ(standing_of(admission, "@bo:lab.test", own_server, &power), Standing::guest);
    EXPECT_EQ(standing_of(admission, "@eve:other.test", own_server, &power), Standing::stranger)
        << "power alone is not enough";
    EXPECT_EQ(standing_of(admission, "@ana:lab.test", own_server, nullptr), Standing::unverified);
}

TEST(MatrixAdmission, F95_OnlyThoseWhoAreNamedInviteTheBot) {
    EXPECT_TRUE(may_invite_us({}, "@ana:lab.test", own_server));
    EXPECT_FALSE(may_invite_us({}, "@spam:other.test", own_server));
    EXPECT_TRUE(may_invite_us({.allow = {"other.test"}}, "@ana:other.test", own_server));
    EXPECT_FALSE(may_invite_us({.invite = {"@lead:lab.test"}}, "@ana:lab.test", own_server));
    EXPECT_TRUE(may_invite_us({.invite = {"@lead:lab.test"}}, "@lead:lab.test", own_server));
}

} // namespace
} // namespace cox::matrix
