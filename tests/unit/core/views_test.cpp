#include "core/views.hpp"

#include "core/characters.hpp"
#include "core/event_words.hpp"
#include "room.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>

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

Words shipped_words() {
    std::vector<TemplateFile> files;
    auto const folder = std::filesystem::path{COXSWAIN_SOURCE_DIR} / "config/templates";
    for (auto const& entry : std::filesystem::directory_iterator{folder}) {
        std::ifstream file{entry.path(), std::ios::binary};
        files.push_back({entry.path().string(), {std::istreambuf_iterator<char>{file}, {}}});
    }
    return Words::load(files, {}).value();
}

// The times of day in a text that a network can show in its reader's own zone, and those that it cannot.
struct Times final : marks::Visitor {
    explicit Times(std::string_view marked) { marks::visit(marked, *this); }

    void plain(std::string_view text) override {
        std::string const words{text};
        std::regex const digits{"[0-9][0-9]:[0-9][0-9]"};
        for (std::sregex_iterator found{words.begin(), words.end(), digits}, end; found != end; ++found)
            fixed.push_back(found->str());
    }
    void mention(UserId const&, std::string_view) override {}
    void code(std::string_view) override {}
    void place(ChannelId const&, std::string_view) override {}
    void moment(Time, std::string_view shown) override { moments.emplace_back(shown); }

    std::vector<std::string> moments;
    std::vector<std::string> fixed;
};

using Texts = std::vector<std::string>;

class ShownTimes : public testing::Test {
protected:
    ShownTimes() {
        incident.id = {42};
        incident.title = "checkout errors";
        incident.severity = "1";
        incident.severity_label = "SEV-1";
        incident.opened_at = test::at("2026-11-23T14:05:00.000Z");
        incident.started = test::at("2026-11-23T13:50:00.000Z");
        incident.need = Fact{"fail over", incident.opened_at};
        incident.need_by = test::at("2026-11-23T14:40:00.000Z");
        incident.last_update = test::at("2026-11-23T14:15:00.000Z");
        incident.next_update = test::at("2026-11-23T14:30:00.000Z");
        Seat seat;
        seat.role = "commander";
        seat.holder = test::person("ana", "Ana");
        seat.since = test::at("2026-11-23T14:06:00.000Z");
        incident.seats = {seat};
        Item item;
        item.id = "A1";
        item.what = "roll back 4.12";
        item.owner = test::person("ameer", "Ameer");
        item.eta = test::at("2026-11-23T14:25:00.000Z");
        item.state = ItemState::open;
        incident.items = {item};
    }

    Policy policy = test::small_policy();
    Words words = shipped_words();
    Incident incident;
};

TEST_F(ShownTimes, of_an_update_are_all_of_one_kind) {
    auto const silent_since = test::at("2026-11-23T14:16:00.000Z");
    Times const times{update_text(incident, test::at("2026-11-23T14:29:00.000Z"), true, silent_since, policy, words)};
    EXPECT_EQ(times.moments, (Texts{"14:29 UTC", "14:25", "14:40 UTC", "14:30 UTC", "14:16 UTC"}));
    EXPECT_EQ(times.fixed, Texts{});
}

TEST_F(ShownTimes, of_a_card_are_all_of_one_kind) {
    auto const card = card_of(incident, policy, words);
    Times const times{card.text};
    EXPECT_EQ(times.moments, (Texts{"14:40 UTC", "14:25", "14:15 UTC", "14:30 UTC"}));
    EXPECT_EQ(times.fixed, Texts{});
    EXPECT_EQ(Times{card.need}.moments, Texts{"14:40 UTC"});
    EXPECT_EQ(Times{card.items.front().eta}.moments, Texts{"14:25 UTC"});
    EXPECT_EQ(Times{card.last_update}.moments, Texts{"14:15 UTC"});
}

TEST_F(ShownTimes, of_the_alert_and_of_answers_are_all_of_one_kind) {
    Event event;
    event.at = incident.opened_at;
    event.actor = incident.commander();
    event.body =
        event::ItemOpened{"A1", "roll back 4.12", true, incident.commander(), incident.items.front().eta, true, false};
    Times const alert{outcome_text("alert", event, incident, policy, words)};
    EXPECT_EQ(alert.moments, (Texts{"14:05 UTC", "13:50 UTC", "14:30 UTC"}));
    EXPECT_EQ(alert.fixed, Texts{});
    Times const opened{words.say("said.item_opened", words_of(event, incident, policy))};
    EXPECT_EQ(opened.moments, Texts{"14:25"});
    EXPECT_EQ(opened.fixed, Texts{});
    Times const role{role_text(incident, "commander", policy, words)};
    EXPECT_EQ(role.moments, Texts{"14:06 UTC"});
    EXPECT_EQ(role.fixed, Texts{});
    Times const actions{items_text(incident, policy, words)};
    EXPECT_EQ(actions.moments, Texts{"14:25 UTC"});
    EXPECT_EQ(actions.fixed, Texts{});
}

} // namespace
} // namespace cox
