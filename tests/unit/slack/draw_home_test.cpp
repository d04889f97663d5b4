#include "adapters/slack/drawing.hpp"
#include "block_checks.hpp"
#include "golden.hpp"
#include "samples.hpp"

#include <gtest/gtest.h>

using namespace cox;
using namespace cox::slack;

namespace {

Incident incident(std::int64_t number, std::string const& severity, int opened_min) {
    auto one = sample_incident();
    one.id = {number};
    one.severity = severity;
    one.severity_label = "SEV-" + severity;
    one.opened_at = half_past_two + std::chrono::minutes{opened_min};
    return one;
}

std::vector<std::size_t> places(std::string const& view, std::vector<std::string> const& words) {
    std::vector<std::size_t> found;
    for (auto const& word : words)
        found.push_back(view.find(word));
    return found;
}

} // namespace

TEST(SlackHome, shows_the_open_incidents_and_how_to_declare_one) {
    auto const first = sample_incident();
    auto second = incident(41, "2", -90);
    second.title = "slow <search>";
    second.seats.front().acting = false;
    second.status = Status::contained;
    second.next_update.reset();
    second.channel = Channel{ChannelId{"ops"}, "ops"};
    expect_golden("home", home_view({&first, &second}, sample_policy()));
}

TEST(SlackHome, shows_them_in_the_order_in_which_they_are_given) {
    auto const a = incident(1, "2", 0);
    auto const b = incident(2, "1", 1);
    auto const c = incident(3, "gone", 2);
    auto const found = places(home_view({&b, &c, &a}, sample_policy()), {"INC-2", "INC-3", "INC-1"});
    EXPECT_TRUE(std::ranges::is_sorted(found));
    EXPECT_NE(found.back(), std::string::npos);
}

TEST(SlackHome, a_quiet_night_says_how_to_declare) {
    auto const view = home_view({}, sample_policy());
    EXPECT_EQ(look_at_view(view).broken, std::vector<std::string>{});
    EXPECT_NE(view.find("No incident is open."), std::string::npos);
    EXPECT_NE(view.find(action_open_declare), std::string::npos);
}

TEST(SlackHome, what_does_not_fit_is_counted) {
    std::vector<Incident> all;
    for (int i = 0; i < 150; ++i)
        all.push_back(incident(i + 1, "1", i));
    std::vector<Incident const*> open;
    for (auto const& one : all)
        open.push_back(&one);
    auto const view = home_view(open, sample_policy());
    EXPECT_EQ(look_at_view(view).broken, std::vector<std::string>{});
    EXPECT_NE(view.find("… and 130 more"), std::string::npos);
}

TEST(SlackHome, an_incident_whose_channel_is_not_there_yet_has_no_link) {
    auto one = sample_incident();
    one.channel.reset();
    EXPECT_NE(home_view({&one}, sample_policy()).find("its channel is being made"), std::string::npos);
}
