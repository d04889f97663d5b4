#include "core/authorize.hpp"

#include <gtest/gtest.h>

namespace cox {
namespace {

Person const ana{{"ana"}, "Ana"};
Person const gus{{"gus"}, "Gus"};

Request request_of(Person const& actor, Standing standing, Command command = command::SetImpact{"huge"}) {
    Request request{std::move(command), actor, {{"ops"}, "ops"}, {}, "", false, "impact huge"};
    request.standing = standing;
    return request;
}

// "" when it is let through.
std::string answer(Policy const& policy, Request const& request, Incident const* incident = nullptr) {
    auto const refusal = authorize(policy, request, incident);
    return refusal ? std::string{refusal->why.key} : "";
}

TEST(Authorize, S15_guests_look_but_do_not_act) {
    Policy const policy;
    EXPECT_EQ(answer(policy, request_of(gus, Standing::guest)), "refused.guest");
    EXPECT_EQ(answer(policy, request_of(gus, Standing::guest, command::Status{})), "");
    EXPECT_EQ(answer(policy, request_of(gus, Standing::guest, command::Timeline{})), "");
}

TEST(Authorize, S16_accounts_of_other_organisations_look_but_do_not_act) {
    Policy const policy;
    EXPECT_EQ(answer(policy, request_of(gus, Standing::stranger)), "refused.stranger");
    EXPECT_EQ(answer(policy, request_of(gus, Standing::stranger, command::Help{})), "");
}

TEST(Authorize, lets_guests_and_strangers_act_where_the_policy_says_so) {
    Policy policy;
    policy.permissions.guests_may_act = true;
    EXPECT_EQ(answer(policy, request_of(gus, Standing::guest)), "");
    EXPECT_EQ(answer(policy, request_of(gus, Standing::stranger)), "refused.stranger");
    policy.permissions.strangers_may_act = true;
    EXPECT_EQ(answer(policy, request_of(gus, Standing::stranger)), "");
}

TEST(Authorize, lets_a_guest_act_whom_the_policy_names) {
    Policy policy;
    policy.permissions.may_act = {ana.id, gus.id};
    EXPECT_EQ(answer(policy, request_of(gus, Standing::guest)), "");
    policy.permissions.may_not_act = {gus.id};
    EXPECT_EQ(answer(policy, request_of(gus, Standing::guest)), "refused.not-permitted") << "a denial wins";
}

TEST(Authorize, lets_those_who_hold_a_part_go_on_while_nobody_can_be_checked) {
    Policy const policy;
    Incident incident;
    incident.declared_by = ana;
    incident.seats.push_back({"commander", ana, true, {}, {}});
    EXPECT_EQ(answer(policy, request_of(ana, Standing::unverified), &incident), "");
    EXPECT_EQ(answer(policy, request_of(gus, Standing::unverified), &incident), "refused.unverified");
    EXPECT_EQ(answer(policy, request_of(gus, Standing::unverified)), "refused.unverified");
}

TEST(Authorize, asks_nothing_of_the_clock_and_the_network) {
    Policy policy;
    policy.permissions.may_act = {ana.id};
    EXPECT_EQ(answer(policy, request_of({}, Standing::member, command::Tick{})), "");
}

} // namespace
} // namespace cox
