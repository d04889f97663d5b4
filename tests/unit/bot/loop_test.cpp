#include "../../support/fake_store.hpp"
#include "bot/cli/cli.hpp"
#include "bot/loop.hpp"

#include "core/marks.hpp"

#include <gtest/gtest.h>

namespace cox::bot {
namespace {

using namespace std::chrono_literals;

constexpr Time start{500'000h};

ConfigFolder const& shipped() {
    static auto const config = load_config(std::nullopt, known_rules(), {});
    return config.value();
}

// Notes what it delivers. An answer is given at once, or kept where `holds` is set.
class FakeNetwork final : public Network {
public:
    std::string_view name() const override { return "fake"; }
    bool owns(ChannelId const&) const override { return true; }
    std::vector<Person> find_people(ChannelId const&, std::string_view word, bool) override {
        return {Person{{std::string{word}}, std::string{word}}};
    }
    void deliver(Delivery const& delivery, std::function<void(Delivered)> done) override {
        delivered.push_back(delivery);
        Delivered answer;
        if (auto const* open = std::get_if<effect::OpenChannel>(&delivery.effect)) {
            if (refuses_channels) {
                answer.what = Delivered::What::failed;
                answer.reason = "no more channels";
            } else {
                answer.opened = Channel{{open->name}, open->name};
            }
        }
        if (busy) {
            answer.what = Delivered::What::again;
            answer.wait = 30s;
        }
        if (holds) {
            held.push_back([done = std::move(done), answer] { done(answer); });
        } else {
            done(answer);
        }
    }
    void reconcile(Delivery const& delivery, std::function<void(Delivered)> done) override {
        asked.push_back(delivery.op);
        done({});
    }
    void incident_changed(IncidentId id, ChannelId const& channel) override {
        changes.push_back(text(id) + " in " + channel.value);
    }
    void start(Inbox&) override {}
    void stop() override {}

    // Texts that the room and single people were shown, "topic: …" for topics.
    std::vector<std::string> shown(std::string const& channel) const {
        std::vector<std::string> texts;
        for (auto const& delivery : delivered) {
            if (channel_of(delivery.effect).value != channel) continue;
            if (auto const* post = std::get_if<effect::Post>(&delivery.effect))
                texts.push_back(marks::plain(post->text));
            if (auto const* tell = std::get_if<effect::Tell>(&delivery.effect))
                texts.push_back("to " + tell->to.name + ": " + tell->text);
            if (auto const* topic = std::get_if<effect::SetTopic>(&delivery.effect))
                texts.push_back("topic: " + topic->topic);
        }
        return texts;
    }

    std::vector<Delivery> delivered;
    std::vector<std::int64_t> asked;
    std::vector<std::string> changes;
    std::vector<std::function<void()>> held;
    bool holds = false;
    bool busy = false;
    bool refuses_channels = false;
};

int count_of(std::vector<std::string> const& texts, std::string_view part) {
    return static_cast<int>(std::ranges::count_if(texts, [&](std::string const& text) { return text.contains(part); }));
}

// A loop over the shipped policy, a store in memory that is slow until it is told to go on, and a clock by hand.
struct House {
    explicit House(Time now = start) : clocks{Clocks::manual(now)} {}

    test::FakeStore store;
    FakeNetwork network;
    Clocks clocks;
    std::vector<std::string> acknowledged; // key and what came of it, in order
    Loop loop{{shipped().policy, shipped().words, store, clocks, [this](ChannelId const&) { return &network; },
               [](std::function<void()> call) { call(); }, [] {}}};
    int keys = 0;

    void receive(std::string key, std::string who, std::string text, std::string place = "ops") {
        Inbound inbound{key, {{place}, place}, {{who}, who}, std::move(text), Form::message, {}};
        loop.receive(std::move(inbound), [this, key](Outcome const& outcome) {
            constexpr char const* names[] = {"done", "refused", "talk", "duplicate"};
            acknowledged.push_back(key + " " + names[static_cast<int>(outcome.what)]);
        });
    }
    // Says it and lets everything that follows happen.
    void say(std::string who, std::string text, std::string place = "ops") {
        receive("k" + std::to_string(++keys), std::move(who), std::move(text), std::move(place));
        store.settle();
    }
    std::vector<Event> events() const {
        std::vector<Event> all;
        for (auto const& batch : store.batches)
            all.insert(all.end(), batch.events.begin(), batch.events.end());
        return all;
    }
    std::size_t count(std::string_view kind_of_event) const {
        auto const all = events();
        return static_cast<std::size_t>(
            std::ranges::count_if(all, [&](Event const& event) { return kind(event.body) == kind_of_event; }));
    }
};

TEST(Loop, acknowledges_nothing_before_it_is_on_disk) {
    House house;
    house.receive("a", "ana", "/declare here 1 checkout errors");
    EXPECT_TRUE(house.acknowledged.empty());
    EXPECT_TRUE(house.network.delivered.empty());
    house.store.settle_one();
    EXPECT_EQ(house.acknowledged, std::vector<std::string>{"a done"});
    EXPECT_FALSE(house.network.delivered.empty());
}

TEST(Loop, takes_the_same_key_once_and_acknowledges_the_second_behind_the_first) {
    House house;
    house.receive("a", "ana", "/declare here 1 checkout errors");
    house.receive("a", "ana", "/declare here 1 checkout errors");
    EXPECT_TRUE(house.acknowledged.empty());
    house.store.settle();
    EXPECT_EQ(house.acknowledged, (std::vector<std::string>{"a done", "a duplicate"}));
    EXPECT_EQ(house.loop.world().incidents().size(), 1u);
    EXPECT_EQ(house.loop.counters().duplicates, 1u);
}

TEST(Loop, knows_the_keys_of_its_former_life) {
    House house;
    store::Found found;
    found.keys = {"a"};
    house.loop.take_back(found);
    house.receive("a", "ana", "/declare here 1 checkout errors");
    house.store.settle();
    EXPECT_EQ(house.acknowledged, std::vector<std::string>{"a duplicate"});
    EXPECT_TRUE(house.loop.world().incidents().empty());
}

TEST(Loop, writes_key_events_and_effects_in_one_batch) {
    House house;
    house.receive("a", "ana", "/declare here 1 checkout errors");
    ASSERT_EQ(house.store.batches.size(), 1u);
    auto const& batch = house.store.batches.front();
    EXPECT_EQ(batch.keys, std::vector<std::string>{"a"});
    EXPECT_FALSE(batch.events.empty());
    EXPECT_FALSE(batch.ops.empty());
}

TEST(Loop, writes_the_networks_own_rows_in_the_same_batch) {
    House house;
    Inbound inbound{"a", {{"ops"}, "ops"}, {{"ana"}, "ana"}, "hello", Form::message, {}};
    inbound.also.said.push_back({1, "ops", start, "ana", "{}", 0, std::nullopt});
    house.loop.receive(std::move(inbound), [](Outcome const&) {});
    ASSERT_EQ(house.store.batches.size(), 1u);
    EXPECT_EQ(house.store.batches.front().said.size(), 1u);
    EXPECT_EQ(house.store.batches.front().keys.size(), 1u);
}

TEST(Loop, answers_a_text_that_cannot_be_read_in_private) {
    House house;
    house.say("ana", "/declare here 1 checkout errors");
    auto const events = house.events().size();
    house.network.delivered.clear();
    house.say("bo", "/eta A1 soonish");
    EXPECT_EQ(house.acknowledged.back(), "k2 refused");
    ASSERT_EQ(house.network.delivered.size(), 1u);
    auto const* tell = std::get_if<effect::Tell>(&house.network.delivered.front().effect);
    ASSERT_TRUE(tell);
    EXPECT_EQ(tell->to.id.value, "bo");
    EXPECT_EQ(house.events().size(), events);
}

TEST(Loop, makes_no_event_of_talk_but_the_commanders_sign_of_life) {
    House house;
    house.say("ana", "/declare here 1 checkout errors");
    house.clocks.advance_to(start + 90s);
    auto const events = house.events().size();
    house.say("bo", "it is on fire");
    house.say("bo", "!remind me tomorrow");
    EXPECT_EQ(house.acknowledged.back(), "k3 talk");
    EXPECT_EQ(house.events().size(), events);
    house.say("ana", "I see it");
    EXPECT_EQ(house.count("commander_seen"), 1u);
    house.say("ana", "really");
    EXPECT_EQ(house.count("commander_seen"), 1u);
    EXPECT_EQ(house.loop.counters().commands, 1u);
}

TEST(Loop, tells_the_network_of_every_change_of_an_incident_once_it_is_on_disk) {
    House house;
    house.say("ana", "/declare here 1 checkout errors");
    house.network.changes.clear();
    house.network.delivered.clear();
    house.receive("a", "bo", "/started 5m ago");
    house.receive("b", "bo", "the cache is cold");
    EXPECT_TRUE(house.network.changes.empty());
    house.store.settle();
    EXPECT_EQ(house.network.changes, std::vector<std::string>{"INC-1 in ops"});
    EXPECT_TRUE(std::ranges::none_of(house.network.delivered, [](Delivery const& delivery) {
        return std::holds_alternative<effect::ShowCard>(delivery.effect);
    })) << "a change that the card shows proves nothing";

    house.clocks.advance_to(*house.loop.next_due());
    house.loop.fire_due(64);
    house.store.settle();
    EXPECT_EQ(house.network.changes.size(), 2u) << "the clock changes it too";
}

TEST(Loop, tells_of_a_change_where_it_was_declared_until_the_incident_has_a_channel) {
    House house;
    house.say("ana", "/declare 1 checkout errors");
    EXPECT_EQ(house.network.changes, (std::vector<std::string>{"INC-1 in ops", "INC-1 in inc-1-checkout-errors"}));
}

TEST(Loop, opens_the_channel_that_the_network_made) {
    House house;
    house.say("ana", "/declare 1 checkout errors");
    auto const* incident = house.loop.world().open_in({"inc-1-checkout-errors"});
    ASSERT_TRUE(incident);
    EXPECT_EQ(count_of(house.network.shown("ops"), "is in #inc-1-checkout-errors"), 1);
    EXPECT_EQ(count_of(house.network.shown("inc-1-checkout-errors"), "declared by ana"), 1);
    EXPECT_TRUE(house.loop.outbox().idle());
    EXPECT_EQ(house.loop.outbox().waiting(), 0u);
}

TEST(Loop, commands_where_it_was_declared_when_the_network_makes_no_channel) {
    House house;
    house.network.refuses_channels = true;
    house.say("ana", "/declare 1 checkout errors");
    ASSERT_TRUE(house.loop.world().open_in({"ops"}));
    EXPECT_EQ(count_of(house.network.shown("ops"), "no more channels"), 1);
    EXPECT_EQ(house.loop.outbox().failed(), 1u);
}

TEST(Loop, waits_for_the_networks_answer_before_it_says_where_the_incident_is) {
    House house;
    house.network.holds = true;
    house.say("ana", "/declare 1 checkout errors");
    ASSERT_EQ(house.network.held.size(), 1u);
    EXPECT_TRUE(house.network.shown("ops").empty());
    EXPECT_EQ(house.loop.next_due(), std::nullopt);
    house.network.holds = false;
    house.network.held.front()();
    house.store.settle();
    EXPECT_EQ(house.count("channel_opened"), 1u);
    EXPECT_EQ(count_of(house.network.shown("ops"), "is in #inc-1-checkout-errors"), 1);
    EXPECT_TRUE(house.loop.next_due());
}

TEST(Loop, fires_a_timer_at_its_time_and_not_before) {
    House house;
    house.say("ana", "/declare here 1 checkout errors");
    auto const draft = house.loop.next_due();
    ASSERT_TRUE(draft);
    EXPECT_GT(*draft, start);
    EXPECT_FALSE(house.loop.fire_due(64));
    EXPECT_EQ(house.loop.counters().timers, 0u);
    while (house.loop.next_due() && *house.loop.next_due() <= start + 10min) {
        house.clocks.advance_to(*house.loop.next_due());
        house.loop.fire_due(64);
        house.store.settle();
    }
    ASSERT_EQ(house.count("update_posted"), 1u);
    auto const all = house.events();
    auto const update = std::ranges::find(all, "update_posted", [](Event const& e) { return kind(e.body); });
    EXPECT_EQ(update->at, start + 10min);
}

TEST(Loop, fires_the_most_severe_first_and_a_slice_at_a_time) {
    House house;
    for (std::string const severity : {"3", "1", "2"})
        house.say("ana", "/declare here " + severity + " trouble", "room" + severity);
    house.clocks.advance_to(start + 2h);
    auto const before = house.events().size();
    EXPECT_TRUE(house.loop.fire_due(1));
    auto all = house.events();
    ASSERT_GT(all.size(), before);
    EXPECT_EQ(house.loop.world().find(all[before].incident)->severity, "1");
    EXPECT_EQ(house.loop.counters().timers, 1u);
    house.loop.fire_due(64);
    EXPECT_EQ(house.loop.counters().timers, 3u);
    house.store.settle();
}

TEST(Loop, catches_up_with_one_update_after_a_long_stop) {
    House first;
    first.say("ana", "/declare here 1 checkout errors");
    House second{start + 6h};
    for (auto const& batch : first.store.batches) {
        for (auto event : batch.events)
            ASSERT_TRUE(second.loop.replay(std::move(event)));
    }
    EXPECT_EQ(second.loop.latest_event(), start);
    store::Found found;
    found.highest_op = 100;
    found.highest_incident = {1};
    second.loop.take_back(found);
    for (int turn = 0; second.loop.fire_due(64); ++turn) {
        ASSERT_LT(turn, 100);
        second.store.settle();
    }
    second.store.settle();
    EXPECT_EQ(second.count("update_posted"), 1u);
    EXPECT_GT(*second.loop.next_due(), start + 6h);
    EXPECT_GT(second.network.delivered.front().op, 100);
}

TEST(Loop, asks_at_once_about_what_was_on_its_way_when_it_ended) {
    House house;
    store::Found found;
    store::Op op;
    op.id = 5;
    op.state = store::OpState::in_flight;
    op.at = start;
    op.body = to_json(effect::Post{{"ops"}, effect::PostKind::word, "hello", {}});
    found.ops = {op};
    found.highest_op = 5;
    house.loop.take_back(found);
    EXPECT_EQ(house.network.asked, std::vector<std::int64_t>{5});
    EXPECT_TRUE(house.network.delivered.empty());
    house.store.settle();
    EXPECT_TRUE(house.loop.outbox().idle());
}

TEST(Loop, calls_back_once_nothing_is_on_its_way) {
    House house;
    int calls = 0;
    house.loop.when_idle([&] { ++calls; });
    EXPECT_EQ(calls, 1);

    house.network.holds = true;
    house.receive("a", "ana", "/declare here 1 checkout errors");
    house.loop.when_idle([&] { ++calls; });
    house.store.settle();
    EXPECT_EQ(calls, 1);
    while (!house.network.held.empty()) {
        auto const answer = house.network.held.back();
        house.network.held.pop_back();
        EXPECT_EQ(calls, 1);
        answer();
        house.store.settle();
    }
    EXPECT_EQ(calls, 2);
}

TEST(Loop, is_idle_while_it_waits_for_the_time_to_try_again) {
    House house;
    house.network.busy = true;
    house.say("bo", "/status");
    EXPECT_EQ(house.loop.outbox().waiting(), 1u);
    int calls = 0;
    house.loop.when_idle([&] { ++calls; });
    EXPECT_EQ(calls, 1);
    ASSERT_EQ(house.loop.next_due(), start + 30s);

    house.network.busy = false;
    house.clocks.advance_to(start + 30s);
    house.loop.fire_due(64);
    house.store.settle();
    EXPECT_EQ(house.loop.outbox().waiting(), 0u);
    EXPECT_EQ(house.network.delivered.size(), 2u);
}

TEST(Loop, answers_the_timeline_from_the_log_behind_what_was_said_before) {
    House house;
    house.receive("a", "ana", "/declare here 1 checkout errors");
    house.receive("b", "ana", "/note the cache is cold");
    house.receive("c", "ana", "/timeline");
    house.store.settle();
    EXPECT_EQ(house.acknowledged, (std::vector<std::string>{"a done", "b done", "c done"}));
    EXPECT_EQ(count_of(house.network.shown("ops"), "the cache is cold"), 1);
    EXPECT_TRUE(house.network.shown("ops").back().starts_with("to ana: "));
}

// A house whose log has an incident that was closed long ago, and that was started anew since then.
struct OldHouse : House {
    OldHouse() : House{start + 24h * 20} {
        House before;
        before.say("ana", "/declare here 1 checkout errors");
        before.say("ana", "/note the cache is cold");
        before.say("ana", "/cancel because the probe was broken");
        store.batches = before.store.batches;
        store::Found found;
        found.highest_op = 100;
        found.highest_incident = {1};
        found.closed = {{"ops", {1}}};
        loop.take_back(found);
    }
    std::string last_shown() const { return network.shown("ops").back(); }
};

TEST(Loop, tells_of_a_move_in_both_channels) {
    House house;
    house.say("ana", "/declare here 1 checkout errors");
    house.network.changes.clear();
    house.say("ana", "/move INC-1 here because #ops is needed", "payments");
    EXPECT_EQ(house.network.changes, (std::vector<std::string>{"INC-1 in ops", "INC-1 in payments"}));
    house.network.changes.clear();
    house.say("ana", "/impact 5% of payments fail", "payments");
    EXPECT_EQ(house.network.changes, std::vector<std::string>{"INC-1 in payments"});
}

TEST(Loop, tells_the_timeline_of_an_incident_that_was_closed_long_before_it_was_started) {
    OldHouse house;
    EXPECT_TRUE(house.loop.world().incidents().empty()) << "nothing of it is loaded at the start";
    house.say("bo", "/timeline");
    EXPECT_TRUE(house.last_shown().contains("the cache is cold"));
}

TEST(Loop, opens_an_incident_again_that_was_closed_long_before_it_was_started) {
    OldHouse house;
    house.say("bo", "/reopen because errors are back");
    ASSERT_TRUE(house.loop.world().open_in({"ops"}));
    EXPECT_EQ(house.loop.world().open_in({"ops"})->id, IncidentId{1});
    EXPECT_EQ(house.count("reopened"), 1u);
    EXPECT_TRUE(house.loop.next_due());
}

TEST(Loop, says_of_a_channel_what_was_closed_there_and_on_which_day) {
    OldHouse house;
    house.say("bo", "/impact 5% of payments fail");
    EXPECT_TRUE(house.last_shown().contains("INC-1 checkout errors was cancelled at 2027-01-15 08:00 UTC"))
        << house.last_shown();
}

TEST(Loop, tells_of_an_incident_whose_severity_the_policy_has_forgotten_but_does_not_open_it_again) {
    OldHouse house;
    std::get<event::Declared>(house.store.batches.front().events.front().body).severity = "gone";
    house.say("bo", "/timeline");
    EXPECT_TRUE(house.last_shown().contains("the cache is cold"));
    house.say("bo", "/reopen because errors are back");
    EXPECT_EQ(house.acknowledged.back(), "k2 refused");
    EXPECT_TRUE(house.last_shown().contains("no longer names"));
}

TEST(Loop, keeps_the_order_of_what_is_said_while_an_old_incident_is_read) {
    OldHouse house;
    house.receive("a", "bo", "/reopen because errors are back");
    house.receive("b", "bo", "/note the cache is cold again");
    house.receive("a", "bo", "/reopen because errors are back");
    house.receive("c", "bo", "/declare here 2 another thing");
    EXPECT_TRUE(house.acknowledged.empty());
    house.store.settle();
    EXPECT_EQ(house.acknowledged, (std::vector<std::string>{"a done", "b done", "a duplicate", "c refused"}));
}

TEST(Loop, is_not_idle_while_an_old_incident_is_read) {
    OldHouse house;
    house.receive("a", "bo", "/timeline");
    bool idle = false;
    house.loop.when_idle([&] { idle = true; });
    EXPECT_FALSE(idle);
    house.store.settle();
    EXPECT_TRUE(idle);
}

TEST(Loop, goes_on_without_an_old_incident_whose_log_cannot_be_right) {
    OldHouse house;
    house.store.batches.front().events.front().seq = 2;
    house.say("bo", "/timeline");
    house.say("bo", "/declare here 2 another thing");
    EXPECT_EQ(house.acknowledged, (std::vector<std::string>{"k1 refused", "k2 done"}));
}

} // namespace
} // namespace cox::bot
