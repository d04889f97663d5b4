#include "core/world.hpp"

#include <gtest/gtest.h>

namespace cox {
namespace {

using namespace std::chrono_literals;

Person const ana{UserId{"ana"}, "Ana"};
Channel const ops{ChannelId{"ops"}, "ops"};
Channel const search{ChannelId{"search"}, "search"};
Time const start = std::chrono::sys_days{std::chrono::year{2026} / 3 / 2} + 14h;

Event event_of(std::int64_t incident, std::int64_t seq, EventBody body) {
    return {IncidentId{incident}, seq, start + std::chrono::minutes{seq}, ana, std::move(body)};
}

event::Declared declared_in(std::optional<Channel> channel) {
    event::Declared declared;
    declared.title = "checkout errors";
    declared.severity = "1";
    declared.severity_label = "SEV-1";
    declared.origin = ops;
    declared.channel = std::move(channel);
    return declared;
}

class WorldTest : public testing::Test {
protected:
    // The reason why the event is refused; "" when it is applied.
    std::string refusal_of(Event const& event) {
        auto const applied = world.apply(event);
        return applied ? "" : applied.error();
    }
    World world;
};

TEST_F(WorldTest, names_the_incident_and_the_number_at_which_a_log_has_a_gap) {
    ASSERT_EQ(refusal_of(event_of(7, 1, declared_in(ops))), "");
    EXPECT_EQ(refusal_of(event_of(7, 3, event::Noted{"x"})), "INC-7, event 3 (noted): expected event 2");
    EXPECT_EQ(refusal_of(event_of(7, 1, declared_in(ops))), "INC-7, event 1 (declared): expected event 2");
    EXPECT_EQ(world.find(IncidentId{7})->seq, 1);
}

TEST_F(WorldTest, refuses_a_log_that_does_not_begin_with_its_declaration) {
    EXPECT_NE(refusal_of(event_of(7, 1, event::Noted{"x"})), "");
    ASSERT_EQ(refusal_of(event_of(7, 1, declared_in(ops))), "");
    EXPECT_NE(refusal_of(event_of(7, 2, declared_in(ops))), "");
}

TEST_F(WorldTest, refuses_an_event_about_an_action_that_was_never_opened) {
    ASSERT_EQ(refusal_of(event_of(1, 1, declared_in(ops))), "");
    EXPECT_NE(refusal_of(event_of(1, 2, event::ItemAccepted{"A1", ana})), "");
    EXPECT_NE(refusal_of(event_of(1, 2, event::Reminded{"A1", 1, ana})), "");
    event::ItemOpened opened;
    opened.item = "A1";
    ASSERT_EQ(refusal_of(event_of(1, 2, opened)), "");
    EXPECT_NE(refusal_of(event_of(1, 3, opened)), "") << "the same action twice";
    opened.item = "";
    EXPECT_NE(refusal_of(event_of(1, 3, opened)), "") << "an action without an id";
    EXPECT_EQ(refusal_of(event_of(1, 3, event::ItemAccepted{"A1", ana})), "");
}

TEST_F(WorldTest, refuses_to_leave_an_incident_without_a_commander) {
    ASSERT_EQ(refusal_of(event_of(1, 1, declared_in(ops))), "");
    EXPECT_NE(refusal_of(event_of(1, 2, event::RoleReleased{"commander", ana})), "");
    EXPECT_EQ(world.find(IncidentId{1})->commander().id, ana.id);
}

TEST_F(WorldTest, keeps_one_open_incident_in_a_channel_and_is_unchanged_by_what_it_refuses) {
    ASSERT_EQ(refusal_of(event_of(1, 1, declared_in(ops))), "");
    EXPECT_EQ(refusal_of(event_of(2, 1, declared_in(ops))), "INC-2, event 1 (declared): #ops already has INC-1");
    EXPECT_EQ(world.find(IncidentId{2}), nullptr);
    ASSERT_EQ(refusal_of(event_of(2, 1, declared_in(std::nullopt))), "");
    EXPECT_NE(refusal_of(event_of(2, 2, event::ChannelOpened{ops, true, ""})), "");
    EXPECT_EQ(world.find(IncidentId{2})->channel, std::nullopt);
    EXPECT_EQ(world.open_in(ops.id)->id, IncidentId{1});
}

TEST_F(WorldTest, knows_the_incident_last_closed_in_a_channel_until_it_is_reopened) {
    ASSERT_EQ(refusal_of(event_of(1, 1, declared_in(ops))), "");
    EXPECT_EQ(world.last_closed_in(ops.id), nullptr);
    ASSERT_EQ(refusal_of(event_of(1, 2, event::Resolved{""})), "");
    EXPECT_EQ(world.open_in(ops.id), nullptr);
    ASSERT_NE(world.last_closed_in(ops.id), nullptr);
    ASSERT_EQ(refusal_of(event_of(1, 3, event::Reopened{"back", std::nullopt})), "");
    EXPECT_EQ(world.last_closed_in(ops.id), nullptr);
    EXPECT_EQ(world.open_in(ops.id)->id, IncidentId{1});
}

TEST_F(WorldTest, does_not_reopen_an_incident_whose_channel_has_another) {
    ASSERT_EQ(refusal_of(event_of(1, 1, declared_in(ops))), "");
    ASSERT_EQ(refusal_of(event_of(1, 2, event::Cancelled{"probe"})), "");
    ASSERT_EQ(refusal_of(event_of(2, 1, declared_in(ops))), "");
    EXPECT_NE(refusal_of(event_of(1, 3, event::Reopened{"back", std::nullopt})), "");
}

TEST_F(WorldTest, gives_each_declaration_a_number_that_was_never_used) {
    EXPECT_EQ(world.next_id(), IncidentId{1});
    world.reserve_ids(IncidentId{41});
    EXPECT_EQ(world.next_id(), IncidentId{42});
    world.reserve_ids(IncidentId{3});
    ASSERT_EQ(refusal_of(event_of(42, 1, declared_in(ops))), "");
    EXPECT_EQ(world.next_id(), IncidentId{43});
}

TEST_F(WorldTest, keeps_an_offer_to_one_person_when_another_gives_the_role_back) {
    Person const bo{UserId{"bo"}, "Bo"};
    ASSERT_EQ(refusal_of(event_of(1, 1, declared_in(ops))), "");
    ASSERT_EQ(refusal_of(event_of(1, 2, event::RoleTaken{"ops", ana, false, "", {}})), "");
    ASSERT_EQ(refusal_of(event_of(1, 3, event::RoleOffered{"ops", bo})), "");
    ASSERT_EQ(refusal_of(event_of(1, 4, event::RoleReleased{"ops", ana})), "");
    auto const* seat = world.find(IncidentId{1})->seat("ops");
    EXPECT_FALSE(seat->holder);
    ASSERT_TRUE(seat->offer);
    EXPECT_EQ(seat->offer->person, bo);
}

TEST_F(WorldTest, what_was_closed_long_ago_is_known_before_it_is_held) {
    world.remember_closed(ops.id, {7});
    EXPECT_EQ(world.last_closed_in(ops.id), nullptr);
    EXPECT_EQ(world.not_held_in(ops.id), IncidentId{7});

    Incident closed;
    for (auto const& event : {event_of(7, 1, declared_in(ops)), event_of(7, 2, event::Resolved{"done"})})
        cox::apply(closed, event);
    world.hold(closed);
    EXPECT_EQ(world.not_held_in(ops.id), std::nullopt);
    ASSERT_TRUE(world.last_closed_in(ops.id));
    EXPECT_EQ(refusal_of(event_of(7, 3, event::Reopened{"back", {}})), "");
    EXPECT_EQ(world.open_in(ops.id)->id, IncidentId{7});
}

TEST_F(WorldTest, an_open_incident_stands_before_what_was_closed_long_ago) {
    ASSERT_EQ(refusal_of(event_of(8, 1, declared_in(ops))), "");
    world.remember_closed(ops.id, {7});
    EXPECT_EQ(world.not_held_in(ops.id), std::nullopt);
    ASSERT_EQ(refusal_of(event_of(8, 2, event::Resolved{"done"})), "");
    EXPECT_EQ(world.last_closed_in(ops.id)->id, IncidentId{8});
}

TEST_F(WorldTest, knows_an_incident_that_moved_by_its_new_channel_alone) {
    ASSERT_EQ(refusal_of(event_of(1, 1, declared_in(ops))), "");
    ASSERT_EQ(refusal_of(event_of(1, 2, event::ChannelMoved{search, ops, "too loud"})), "");
    EXPECT_EQ(world.open_in(ops.id), nullptr);
    EXPECT_EQ(world.open_in(search.id)->id, IncidentId{1});
    EXPECT_EQ(refusal_of(event_of(2, 1, declared_in(ops))), "") << "the old channel is free";
    ASSERT_EQ(refusal_of(event_of(1, 3, event::Resolved{""})), "");
    EXPECT_EQ(world.last_closed_in(search.id)->id, IncidentId{1});
    EXPECT_EQ(world.open_in(ops.id)->id, IncidentId{2});
}

TEST_F(WorldTest, moves_no_incident_to_a_channel_that_has_another_nor_one_that_is_closed) {
    ASSERT_EQ(refusal_of(event_of(1, 1, declared_in(ops))), "");
    ASSERT_EQ(refusal_of(event_of(2, 1, declared_in(search))), "");
    EXPECT_EQ(refusal_of(event_of(1, 2, event::ChannelMoved{search, ops, ""})),
              "INC-1, event 2 (channel_moved): #search already has INC-2");
    EXPECT_EQ(world.open_in(ops.id)->id, IncidentId{1});
    ASSERT_EQ(refusal_of(event_of(2, 2, event::Resolved{""})), "");
    EXPECT_NE(refusal_of(event_of(2, 3, event::ChannelMoved{ops, search, ""})), "");
    EXPECT_EQ(world.last_closed_in(search.id)->id, IncidentId{2});
}

TEST_F(WorldTest, what_was_closed_in_a_channel_before_comes_to_light_again_when_the_open_one_moves_away) {
    ASSERT_EQ(refusal_of(event_of(1, 1, declared_in(ops))), "");
    ASSERT_EQ(refusal_of(event_of(1, 2, event::Resolved{""})), "");
    ASSERT_EQ(refusal_of(event_of(2, 1, declared_in(search))), "");
    ASSERT_EQ(refusal_of(event_of(2, 2, event::ChannelMoved{ops, search, ""})), "");
    EXPECT_EQ(world.last_closed_in(ops.id), nullptr);
    EXPECT_EQ(world.not_held_in(ops.id), std::nullopt);
    ASSERT_EQ(refusal_of(event_of(2, 3, event::ChannelMoved{search, ops, ""})), "");
    EXPECT_EQ(world.last_closed_in(ops.id)->id, IncidentId{1});
}

TEST_F(WorldTest, knows_the_channel_that_was_made_for_an_incident_when_it_comes_back_to_it) {
    Channel const own{ChannelId{"inc-1"}, "inc-1"};
    ASSERT_EQ(refusal_of(event_of(1, 1, declared_in(std::nullopt))), "");
    ASSERT_EQ(refusal_of(event_of(1, 2, event::ChannelOpened{own, false, ""})), "");
    ASSERT_EQ(refusal_of(event_of(1, 3, event::ChannelMoved{ops, own, ""})), "");
    EXPECT_FALSE(world.find(IncidentId{1})->own_channel);
    ASSERT_EQ(refusal_of(event_of(1, 4, event::ChannelMoved{own, ops, ""})), "");
    EXPECT_TRUE(world.find(IncidentId{1})->own_channel);
}

TEST_F(WorldTest, moves_an_incident_whose_channel_is_still_being_made) {
    ASSERT_EQ(refusal_of(event_of(1, 1, declared_in(std::nullopt))), "");
    ASSERT_EQ(refusal_of(event_of(1, 2, event::ChannelMoved{ops, std::nullopt, "it takes too long"})), "");
    EXPECT_EQ(world.open_in(ops.id)->id, IncidentId{1});
}

TEST_F(WorldTest, lists_incidents_by_number_in_whatever_order_they_came) {
    for (auto const id : {3, 1, 2})
        ASSERT_EQ(refusal_of(event_of(id, 1, declared_in(std::nullopt))), "");
    std::vector<std::int64_t> numbers;
    for (auto const& [id, incident] : world.incidents()) {
        EXPECT_EQ(incident.id, id);
        numbers.push_back(id.number);
    }
    EXPECT_EQ(numbers, (std::vector<std::int64_t>{1, 2, 3}));
    auto const copy = world;
    world = World{};
    EXPECT_EQ(copy.incidents().size(), 3u);
}

} // namespace
} // namespace cox
