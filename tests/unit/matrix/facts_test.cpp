#include "adapters/matrix/facts.hpp"

#include "adapters/matrix/power.hpp"

#include <gtest/gtest.h>

namespace cox::matrix {
namespace {

using nlohmann::json;

constexpr char const* bot = "@bot:s";

Event member(std::string_view user, std::string_view membership, std::string_view before = "") {
    json event{
        {"type", "m.room.member"}, {"sender", "@a:s"}, {"state_key", user}, {"content", {{"membership", membership}}}};
    if (!before.empty()) event["unsigned"] = {{"prev_content", {{"membership", before}}}};
    return *read_event(event);
}

Event said() {
    return *read_event({{"type", "m.room.message"}, {"sender", "@a:s"}, {"event_id", "$1"}});
}

TEST(MatrixEntry, F82_WhatStandsBeforeTheBotsOwnEntryIsOld) {
    std::vector const timeline{said(), member(bot, "invite"), said(), member(bot, "join", "invite"), said()};
    EXPECT_EQ(behind_own_entry(timeline, bot), 4u);
}

TEST(MatrixEntry, F82_TheLastEntryCountsAfterAKickAndAnotherInvitation) {
    std::vector const timeline{member(bot, "join", "invite"),  said(),
                               member(bot, "leave", "join"),   said(),
                               member(bot, "invite", "leave"), member(bot, "join", "invite")};
    EXPECT_EQ(behind_own_entry(timeline, bot), 6u);
}

TEST(MatrixEntry, AChangeOfTheBotsNameIsNoEntry) {
    std::vector const timeline{said(), member(bot, "join", "join"), said()};
    EXPECT_EQ(behind_own_entry(timeline, bot), 0u);
}

TEST(MatrixEntry, SomebodyElsesEntryIsNotOurs) {
    std::vector const timeline{said(), member("@b:s", "join", "invite"), said()};
    EXPECT_EQ(behind_own_entry(timeline, bot), 0u);
}

TEST(MatrixEntry, AnEntryThatDoesNotSayWhatWasBeforeIsOne) {
    std::vector const timeline{said(), member(bot, "join")};
    EXPECT_EQ(behind_own_entry(timeline, bot), 2u);
}

TEST(MatrixPower, TheDefaultsAreThoseOfTheSpecification) {
    PowerLevels power;
    read_power_levels({{"users", {{"@a:s", 100}}}}, power);
    EXPECT_EQ(power.of("@a:s"), 100);
    EXPECT_EQ(power.of("@b:s"), 0);
    EXPECT_EQ(power.for_state("m.room.topic"), 50);
    EXPECT_EQ(power.for_message("m.room.message"), 0);
    EXPECT_FALSE(power.may_set("@b:s", "m.room.topic"));
}

TEST(MatrixPower, WithoutTheEventTheCreatorHoldsIt) {
    PowerLevels power;
    read_creation({{"room_version", "10"}}, "@a:s", power);
    EXPECT_EQ(power.of("@a:s"), 100);
    EXPECT_EQ(power.of("@b:s"), 0);
    read_power_levels({{"users", {{"@b:s", 100}}}}, power);
    EXPECT_EQ(power.of("@a:s"), 0) << "in old rooms the creator has what the event gives";
}

TEST(MatrixPower, InNewRoomsCreatorsStandAboveAllLevels) {
    PowerLevels power;
    read_creation({{"room_version", "12"}, {"additional_creators", {"@b:s", 7}}}, "@a:s", power);
    read_power_levels({{"events", {{"m.room.tombstone", 150}}}}, power);
    EXPECT_TRUE(power.may_set("@a:s", "m.room.tombstone"));
    EXPECT_TRUE(power.may_set("@b:s", "m.room.tombstone"));
    EXPECT_FALSE(power.may_set("@c:s", "m.room.tombstone"));
}

TEST(MatrixPower, LevelsOfOldRoomsAreReadLenientlyAndRubbishIsTheDefault) {
    PowerLevels power;
    read_power_levels({{"users", {{"@a:s", "75"}, {"@b:s", 50.0}, {"@c:s", "all"}, {"@d:s", nullptr}, {"@e:s", 1e300}}},
                       {"state_default", "60"},
                       {"events", 7}},
                      power);
    EXPECT_EQ(power.of("@a:s"), 75);
    EXPECT_EQ(power.of("@b:s"), 50);
    for (auto const* user : {"@c:s", "@d:s", "@e:s"})
        EXPECT_EQ(power.of(user), 0) << user;
    EXPECT_EQ(power.state_default, 60);
}

TEST(MatrixRooms, WhatIsKeptOfARoomComesBackAsItWas) {
    Room room;
    room.id = "!old:s";
    room.moved_to = "!new";
    room.joined = room.known = true;
    room.name = "ops";
    room.encrypted = true;
    read_creation({{"room_version", "12"}}, "@a:s", room.power);
    read_power_levels({{"users", {{"@b:s", 50}}}, {"state_default", 60}}, room.power);
    room.pinned = {"$1", "$2"};
    room.topic_before = "";
    room.set_card(IncidentId{7}, "$card");
    store::Found found;
    found.cursors.push_back(to_row(room));
    Rooms rooms;
    rooms.load(found);
    auto const& again = rooms.by_address("!new");
    EXPECT_EQ(again.id, "!old:s");
    EXPECT_TRUE(again.joined && again.known && again.encrypted);
    EXPECT_EQ(again.name, "ops");
    EXPECT_EQ(again.power.of("@b:s"), 50);
    EXPECT_TRUE(again.power.may_set("@a:s", "m.room.tombstone"));
    EXPECT_EQ(again.power.state_default, 60);
    EXPECT_EQ(again.pinned, room.pinned);
    EXPECT_EQ(again.topic_before, "");
    EXPECT_EQ(again.cards, room.cards);
}

TEST(MatrixRooms, F89_ARoomThatTookAnothersPlaceIsThatRoomFromThenOn) {
    Rooms rooms;
    auto& old = rooms.at("!old:s");
    old.name = "ops";
    old.set_card(IncidentId{7}, "$card");
    rooms.at("!new").name = "ops again";
    auto const& moved = rooms.move("!old:s", "!new");
    EXPECT_EQ(&moved, &rooms.by_address("!new"));
    EXPECT_EQ(moved.id, "!old:s");
    EXPECT_EQ(moved.address(), "!new");
    EXPECT_EQ(moved.name, "ops again");
    EXPECT_TRUE(moved.cards.empty()) << "the card stands in the old room";
    auto const& twice = rooms.move("!new", "!newest");
    EXPECT_EQ(twice.id, "!old:s");
    EXPECT_EQ(&rooms.by_address("!newest"), &twice);
}

} // namespace
} // namespace cox::matrix
