#include "core/views.hpp"

#include "core/characters.hpp"
#include "room.hpp"

#include <gtest/gtest.h>

namespace cox {
namespace {

class Topic : public testing::Test {
protected:
    Topic() {
        policy.severities[0].roles = {"commander", "comms", "ops"};
        incident.id = {42};
        incident.title = "checkout errors";
        incident.severity = "1";
        incident.severity_label = "SEV-1";
        sit("commander", "Ana");
    }
    void sit(std::string role, std::string name) {
        Seat seat;
        seat.role = std::move(role);
        seat.holder = Person{UserId{name}, name};
        incident.seats.push_back(std::move(seat));
    }
    std::string topic() const { return topic_text(incident, policy); }

    Policy policy = test::small_policy();
    Incident incident;
};

std::string times(std::string_view text, int count) {
    std::string out;
    for (int i = 0; i < count; ++i)
        out += text;
    return out;
}

TEST_F(Topic, names_severity_title_status_roles_and_number) {
    EXPECT_EQ(topic(), "SEV-1 checkout errors · investigating | IC Ana · Comms — · Ops — | #INC-42");
    incident.seats.front().acting = true;
    Seat asked;
    asked.role = "comms";
    asked.offer = Offer{{UserId{"sara"}, "Sara"}, {}, {}, 0};
    incident.seats.push_back(asked);
    EXPECT_EQ(topic(), "SEV-1 checkout errors · investigating | IC Ana (acting) · Comms Sara? · Ops — | #INC-42");
}

TEST_F(Topic, shows_a_role_beyond_those_of_the_severity_once_somebody_has_it) {
    sit("tech", "Dana");
    EXPECT_EQ(topic(), "SEV-1 checkout errors · investigating | IC Ana · Comms — · Ops — · Tech Dana | #INC-42");
}

TEST_F(Topic, gives_up_the_title_first) {
    incident.title = times("word ", 60);
    auto const text = topic();
    EXPECT_LE(length(text), longest_topic);
    EXPECT_GT(length(text), longest_topic - 6);
    EXPECT_TRUE(text.ends_with("… · investigating | IC Ana · Comms — · Ops — | #INC-42")) << text;
}

TEST_F(Topic, gives_up_title_and_status_before_a_role) {
    sit("comms", times("n", 100));
    sit("ops", times("m", 100));
    incident.title = times("word ", 60);
    EXPECT_EQ(topic(), "SEV-1 | IC Ana · Comms " + times("n", 100) + " · Ops " + times("m", 100) + " | #INC-42");
}

TEST_F(Topic, gives_up_the_last_role_before_the_commander) {
    sit("comms", times("n", 120));
    sit("ops", times("m", 120));
    EXPECT_EQ(topic(), "SEV-1 | IC Ana · Comms " + times("n", 120) + " | #INC-42");
}

TEST_F(Topic, keeps_severity_and_number_with_a_name_that_fills_it_alone) {
    incident.seats.front().holder->name = times("👩‍🚒", 200);
    auto const text = topic();
    EXPECT_LE(length(text), longest_topic);
    EXPECT_TRUE(text.starts_with("SEV-1 | IC 👩‍🚒")) << text;
    EXPECT_TRUE(text.ends_with("👩‍🚒… | #INC-42")) << text;
}

} // namespace
} // namespace cox
