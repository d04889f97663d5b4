// A post whose channel cannot be reached is said in another place.
#include "../../support/fake_store.hpp"
#include "bot/cli/cli.hpp"
#include "bot/loop.hpp"

#include <gtest/gtest.h>

namespace cox::bot {
namespace {

using namespace std::chrono_literals;

constexpr Time start{500'000h};

ConfigFolder const& shipped() {
    static auto const config = load_config(std::nullopt, known_rules(), {});
    return config.value();
}

// Shows posts but in the channels that are out of reach.
class FakeNetwork final : public Network {
public:
    std::string_view name() const override { return "fake"; }
    bool owns(ChannelId const&) const override { return true; }
    std::vector<Person> find_people(ChannelId const&, std::string_view, bool) override { return {}; }
    void deliver(Delivery const& delivery, std::function<void(Delivered)> done) override {
        Delivered answer;
        auto const& channel = channel_of(delivery.effect);
        if (auto const* open = std::get_if<effect::OpenChannel>(&delivery.effect)) {
            answer.opened = Channel{{open->name}, open->name};
            if (makes_no_channels) answer = {Delivered::What::failed, "", "restricted_action", {}, {}, false};
        }
        auto const* post = std::get_if<effect::Post>(&delivery.effect);
        if (post) tried.push_back(channel.value);
        if (auto const* tell = std::get_if<effect::Tell>(&delivery.effect)) {
            told[channel.value].push_back(tell->to.id.value + ": " + marks::plain(tell->text));
        }
        if (post && busy.contains(channel.value)) {
            answer.what = Delivered::What::again;
            answer.wait = 30s;
        } else if (post && out_of_reach.contains(channel.value)) {
            answer.what = Delivered::What::failed;
            answer.reason = "is_archived";
            answer.unreachable = true;
        } else if (post) {
            said[channel.value].push_back(post->text);
        }
        done(std::move(answer));
    }
    void reconcile(Delivery const&, std::function<void(Delivered)> done) override { done({}); }
    std::optional<Channel> room(Channel const& place) const override {
        return place.id.value.starts_with('@') ? std::nullopt : std::optional{place};
    }
    void start(Inbox&) override {}
    void stop() override {}

    std::set<std::string> out_of_reach;
    std::set<std::string> busy;
    bool makes_no_channels = false;
    std::map<std::string, std::vector<std::string>> said;
    std::map<std::string, std::vector<std::string>> told; // one person, by the place
    std::vector<std::string> tried;                       // the channel of every post that was handed out
};

struct House {
    Policy policy = shipped().policy;
    test::FakeStore store;
    FakeNetwork network;
    std::set<std::string> nobodys; // channels that no network has
    Clocks clocks = Clocks::manual(start);
    Loop loop{{policy, shipped().words, store, clocks,
               [this](ChannelId const& channel) { return nobodys.contains(channel.value) ? nullptr : &network; },
               [](std::function<void()> call) { call(); }, [] {}, ChannelId{"last"}}};
    int keys = 0;

    void say(std::string text, std::string const& place) {
        loop.receive(
            {"k" + std::to_string(++keys), {{place}, place}, {{"ana"}, "ana"}, std::move(text), Form::message, {}},
            [](Outcome const&) {});
        store.settle();
    }
    // An incident with a channel of its own, declared in #ops; its channel is then out of reach.
    std::string lose_channel() {
        say("/declare 1 checkout errors", "ops");
        auto const channel = loop.world().find({1})->channel.value().id.value;
        network.out_of_reach.insert(channel);
        network.said.clear();
        network.tried.clear();
        return channel;
    }
};

int rows_with(std::vector<store::Batch> const& batches, std::string_view channel, std::string_view text) {
    int count = 0;
    for (auto const& batch : batches) {
        count += static_cast<int>(std::ranges::count_if(batch.ops, [&](store::Op const& op) {
            return op.channel == channel && op.kind == "post" && op.body.contains(text);
        }));
    }
    return count;
}

TEST(Elsewhere, is_the_fallback_place_of_the_policy_and_says_why) {
    House house;
    house.policy.fallback = ChannelId{"fallback"};
    auto const channel = house.lose_channel();
    house.say("/impact 5% of payments fail", channel);
    auto const& said = house.network.said["fallback"];
    ASSERT_FALSE(said.empty());
    EXPECT_TRUE(marks::plain(said[0]).starts_with(
        "#" + channel + " cannot be reached (is_archived), so this stands here (to go on in another channel, type " +
        "there: `move INC-1 here because …`):\nImpact: 5%"))
        << said[0];
    EXPECT_FALSE(house.network.said.contains("ops"));
    EXPECT_FALSE(house.network.said.contains("last"));
}

TEST(Elsewhere, is_where_it_was_declared_when_the_policy_names_no_place) {
    House house;
    auto const channel = house.lose_channel();
    house.say("/impact 5% of payments fail", channel);
    EXPECT_FALSE(house.network.said["ops"].empty());
    EXPECT_FALSE(house.network.said.contains("last"));
}

TEST(Elsewhere, is_the_last_resort_when_nothing_else_can_be_reached) {
    House house;
    house.policy.fallback = ChannelId{"fallback"};
    auto const channel = house.lose_channel();
    house.network.out_of_reach.insert({"fallback", "ops"});
    house.say("/impact 5% of payments fail", channel);
    auto const& said = house.network.said["last"];
    ASSERT_FALSE(said.empty());
    EXPECT_TRUE(said[0].starts_with("#" + channel + " cannot be reached")) << said[0];
    EXPECT_EQ(said[0].find("cannot be reached"), said[0].rfind("cannot be reached")) << said[0];
}

TEST(Elsewhere, is_asked_once_and_never_in_a_circle) {
    House house;
    house.policy.fallback = ChannelId{"fallback"};
    auto const channel = house.lose_channel();
    house.network.out_of_reach.insert({"fallback", "ops", "last"});
    house.say("/update", channel);
    auto const in = [&](std::string const& place) { return std::ranges::count(house.network.tried, place); };
    ASSERT_GT(in(channel), 0);
    EXPECT_EQ(in("fallback"), in(channel));
    EXPECT_EQ(in("ops"), in(channel));
    EXPECT_EQ(in("last"), in(channel));
    EXPECT_EQ(house.loop.outbox().waiting(), 0u);
}

TEST(Elsewhere, is_not_the_place_that_cannot_be_reached_under_another_title) {
    House house;
    house.policy.fallback = ChannelId{"ops"};
    house.network.out_of_reach.insert("ops");
    house.say("/declare here 1 checkout errors", "ops");
    EXPECT_FALSE(house.network.said["last"].empty());
    EXPECT_EQ(std::ranges::count(house.network.tried, "ops"), std::ranges::count(house.network.tried, "last"));
}

TEST(Elsewhere, is_found_for_a_channel_that_no_network_has_any_more) {
    House house;
    auto const channel = house.lose_channel();
    house.network.out_of_reach.clear();
    house.nobodys.insert(channel);
    house.say("/impact 5% of payments fail", channel);
    ASSERT_FALSE(house.network.said["ops"].empty());
    EXPECT_TRUE(house.network.said["ops"][0].contains("no network has it"));
}

TEST(Elsewhere, is_the_fallback_place_also_for_an_incident_that_is_commanded_where_it_was_declared) {
    House house;
    house.policy.fallback = ChannelId{"fallback"};
    house.network.out_of_reach.insert("ops");
    house.say("/declare here 1 checkout errors", "ops");
    auto const& said = house.network.said["fallback"];
    ASSERT_FALSE(said.empty());
    EXPECT_TRUE(said[0].starts_with("#ops cannot be reached")) << said[0];
    EXPECT_FALSE(house.network.said.contains("last"));
}

TEST(Elsewhere, is_no_place_for_the_pointer_to_a_channel_that_is_well_and_the_declarer_is_told_instead) {
    House house;
    house.policy.fallback = ChannelId{"fallback"};
    house.network.out_of_reach.insert("secret");
    house.say("/declare 1 checkout errors", "secret");
    EXPECT_FALSE(house.network.said.contains("fallback"));
    EXPECT_FALSE(house.network.said.contains("last"));
    EXPECT_EQ(house.network.told["secret"],
              std::vector<std::string>{"ana: Incident #INC-1 is in #inc-1-checkout-errors."});
}

TEST(Moved, F70_goes_on_in_the_channel_where_it_is_typed_and_those_who_have_a_part_in_it_are_told) {
    House house;
    auto const channel = house.lose_channel();
    house.say("/move INC-1 here because it was archived", "payments");
    EXPECT_EQ(house.loop.world().open_in({"payments"})->id, IncidentId{1});
    ASSERT_FALSE(house.network.said["payments"].empty());
    EXPECT_TRUE(house.network.said["payments"][0].contains("goes on here")) << house.network.said["payments"][0];
    auto const pointer =
        std::string{"#INC-1 checkout errors is commanded in #payments from now on (ana): it was archived."};
    EXPECT_EQ(house.network.told[channel], std::vector<std::string>{"ana: " + pointer});
    ASSERT_EQ(house.network.said["ops"].size(), 1u);
    EXPECT_EQ(marks::plain(house.network.said["ops"][0]), pointer);

    house.say("/update", "payments");
    EXPECT_TRUE(house.network.said["payments"].back().contains("Next update")) << house.network.said["payments"].back();
    EXPECT_EQ(house.network.said["ops"].size(), 1u) << "nothing of it is said elsewhere any more";
    EXPECT_EQ(house.loop.outbox().waiting(), 0u);
}

TEST(Moved, F70_what_was_still_to_be_said_in_the_lost_channel_is_said_in_the_new_one) {
    House house;
    house.say("/declare here 1 checkout errors", "ops");
    house.network.busy.insert("ops");
    house.say("/impact 5% of payments fail", "ops");
    house.say("/move INC-1 here because it was archived", "payments");
    auto const before = house.network.said["payments"].size();
    house.network.busy.clear();
    house.network.out_of_reach.insert("ops");
    house.clocks.advance_to(start + 1min);
    house.loop.fire_due(10);
    house.store.settle();
    ASSERT_EQ(house.network.said["payments"].size(), before + 1);
    EXPECT_EQ(house.network.said["payments"].back(),
              "#ops cannot be reached (is_archived), so this stands here:\nImpact: 5% of payments fail (ana)");
    EXPECT_EQ(house.loop.outbox().waiting(), 0u);
}

TEST(Moved, is_no_way_into_a_conversation_with_one_person) {
    House house;
    house.say("/declare here 1 checkout errors", "ops");
    house.say("/move INC-1 here because it was archived", "@ana");
    EXPECT_EQ(house.loop.world().open_in({"ops"})->id, IncidentId{1});
    ASSERT_EQ(house.network.told["@ana"].size(), 1u);
    EXPECT_TRUE(house.network.told["@ana"][0].contains("Type it in a channel: `move INC-1 here because …`"))
        << house.network.told["@ana"][0];
}

TEST(NoChannel, goes_on_in_the_fallback_place_when_it_was_declared_in_a_conversation_with_one_person) {
    House house;
    house.policy.fallback = ChannelId{"fallback"};
    house.network.makes_no_channels = true;
    house.say("/declare 1 checkout errors", "@ana");
    auto const& incident = *house.loop.world().find({1});
    ASSERT_TRUE(incident.channel);
    EXPECT_EQ(incident.channel->id.value, "fallback");
    EXPECT_FALSE(incident.own_channel);
    ASSERT_FALSE(house.network.said["@ana"].empty());
    EXPECT_TRUE(marks::plain(house.network.said["@ana"].back()).contains("it is commanded in #fallback"));
    EXPECT_FALSE(house.network.said["fallback"].empty());
}

TEST(NoChannel, and_no_fallback_place_ends_it_with_a_word_on_what_to_do) {
    House house;
    house.network.makes_no_channels = true;
    house.say("/declare 1 checkout errors", "@ana");
    EXPECT_FALSE(house.loop.world().find({1})->open());
    ASSERT_FALSE(house.network.said["@ana"].empty());
    EXPECT_TRUE(house.network.said["@ana"].back().contains("Declare it in a free channel, with \"here\""));
}

TEST(NoChannel, leaves_it_where_it_was_declared_when_people_can_work_together_there) {
    House house;
    house.policy.fallback = ChannelId{"fallback"};
    house.network.makes_no_channels = true;
    house.say("/declare 1 checkout errors", "ops");
    EXPECT_EQ(house.loop.world().find({1})->channel.value().id.value, "ops");
}

// Killed before this batch is on disk, the bot finds the first post in flight and asks about it; killed after, it finds
// the second one. In neither case are there both, or none.
TEST(Elsewhere, takes_over_in_the_batch_that_gives_the_first_place_up) {
    House house;
    house.policy.fallback = ChannelId{"fallback"};
    auto const channel = house.lose_channel();
    auto const before = house.store.batches.size();
    house.say("/impact 5% of payments fail", channel);
    int given_up = 0;
    for (auto const& batch : std::span{house.store.batches}.subspan(before)) {
        auto const failed =
            std::ranges::count_if(batch.marks, [](auto const& mark) { return mark.state == store::OpState::failed; });
        auto const posts = std::ranges::count_if(
            batch.ops, [](store::Op const& op) { return op.channel == "fallback" && op.kind == "post"; });
        EXPECT_EQ(failed > 0, posts > 0);
        if (posts > 0) ++given_up;
    }
    EXPECT_GT(given_up, 0);
    EXPECT_EQ(rows_with(house.store.batches, "fallback", "5% of payments"), 1);
}

TEST(Elsewhere, is_told_nothing_that_is_not_on_disk) {
    House house;
    house.policy.fallback = ChannelId{"fallback"};
    auto const channel = house.lose_channel();
    house.loop.receive({"k", {{channel}, channel}, {{"ana"}, "ana"}, "/impact 5% of payments fail", Form::message, {}},
                       [](Outcome const&) {});
    while (rows_with(house.store.batches, "fallback", "5% of payments") == 0)
        ASSERT_TRUE(house.store.settle_one());
    EXPECT_FALSE(house.network.said.contains("fallback"));
    house.store.settle();
    EXPECT_FALSE(house.network.said["fallback"].empty());
}

} // namespace
} // namespace cox::bot
