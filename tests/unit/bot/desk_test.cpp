#include "../../support/fake_store.hpp"
#include "bot/cli/cli.hpp"
#include "bot/desk.hpp"
#include "core/event_json.hpp"

#include <date/tz.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace cox::bot {
namespace {

using namespace std::chrono_literals;

constexpr Time start{500'000h};

// A desk before a loop that holds no incident; the log is what the store has.
struct Office {
    ConfigFolder config = load_config(std::nullopt, known_rules(), {}).value();
    test::FakeStore store;
    Clocks clocks = Clocks::manual(start);
    boost::asio::io_context io;
    Loop loop{{config.policy, config.words, store, clocks, [](ChannelId const&) { return nullptr; },
               [](std::function<void()> call) { call(); }, [] {}}};
    Timetable timetable{io, clocks, [this](std::function<void()> call) { loop.when_idle(std::move(call)); }};
    Desk desk{{config.policy, clocks, store, loop, timetable}};

    nlohmann::json incident(std::int64_t number) {
        std::string text = "null";
        desk.incident({number}, [&](std::optional<std::string> json) { text = json.value_or("null"); });
        store.settle();
        return nlohmann::json::parse(text);
    }
    void declared(std::int64_t number, std::string const& severity) {
        store::Batch batch;
        Channel const ops{{"ops"}, "ops"};
        batch.events.push_back(
            {{number},
             1,
             start,
             {{"ana"}, "Ana"},
             event::Declared{"checkout errors", severity, "Level " + severity, "", {}, ops, ops, "", {}},
             1});
        store.commit(std::move(batch), [] {});
    }
};

TEST(Desk, tells_of_an_incident_that_is_no_longer_held_from_its_log) {
    Office office;
    office.declared(3, "1");
    EXPECT_EQ(office.incident(3)["title"], "checkout errors");
    EXPECT_TRUE(office.incident(4).is_null());
}

TEST(Desk, tells_of_an_old_incident_whose_severity_the_policy_has_dropped) {
    Office office;
    office.declared(3, "catastrophe");
    EXPECT_EQ(office.incident(3)["severity"], "Level catastrophe");
}

TEST(Desk, keeps_where_a_clock_by_hand_stands) {
    Office office;
    std::optional<Time> now;
    office.desk.advance(10min, [&](Time at) { now = at; });
    EXPECT_FALSE(now);
    office.store.settle();
    EXPECT_EQ(now, start + 10min);
    EXPECT_EQ(Desk::clock_left_at(office.store.found()), start + 10min);
    EXPECT_EQ(Desk::clock_left_at({}), std::nullopt);
}

TEST(Desk, tells_in_which_zone_people_are_shown_the_time) {
    Office office;
    EXPECT_EQ(office.desk.clock({"ops"}).zone, "UTC");
    office.config.policy.zone = Zone{date::locate_zone("Europe/Berlin")};
    EXPECT_EQ(office.desk.clock({"ops"}).zone, "CET");
    EXPECT_EQ(office.desk.clock({"ops"}).ahead_of_utc, 1h);
}

TEST(Desk, is_ready_once_it_is_told_so) {
    Office office;
    EXPECT_FALSE(office.desk.readiness().ready);
    EXPECT_FALSE(office.desk.readiness().reasons.empty());
    office.desk.set_ready(true);
    EXPECT_TRUE(office.desk.readiness().ready);
    EXPECT_TRUE(office.desk.readiness().reasons.empty());
}

} // namespace
} // namespace cox::bot
