#include "../../support/fake_store.hpp"
#include "bot/outbox.hpp"

#include <gtest/gtest.h>

namespace cox::bot {
namespace {

// Takes everything at once and says that it is there.
class FakeNetwork final : public Network {
public:
    std::string_view name() const override { return "fake"; }
    bool owns(ChannelId const&) const override { return true; }
    std::vector<Person> find_people(ChannelId const&, std::string_view, bool) override { return {}; }
    void deliver(Delivery const& delivery, std::function<void(Delivered)> done) override {
        Delivered delivered;
        if (auto const* open = std::get_if<effect::OpenChannel>(&delivery.effect)) {
            delivered.opened = Channel{{open->name}, open->name};
        } else if (auto const* post = std::get_if<effect::Post>(&delivery.effect)) {
            posts.push_back(post->text);
        } else if (std::holds_alternative<effect::Tell>(delivery.effect)) {
            told.push_back(std::move(done));
            return;
        }
        done(std::move(delivered));
    }
    void reconcile(Delivery const&, std::function<void(Delivered)>) override {}
    void start(Inbox&) override {}
    void stop() override {}

    std::vector<std::string> posts;
    std::vector<std::function<void(Delivered)>> told; // answers that are still out
};

Effect channel(std::string name) {
    return effect::OpenChannel{{"ops"}, std::move(name), "", {}};
}
Effect post(std::string text) {
    return effect::Post{{"ops"}, effect::PostKind::word, std::move(text), {}};
}

TEST(Outbox, sends_what_waits_behind_a_channel_that_was_asked_for) {
    test::FakeStore store;
    FakeNetwork network;
    auto clocks = Clocks::manual(Time{std::chrono::hours{1000}});
    std::function<void(std::vector<Effect> const&)> send;
    Outbox outbox{{store, clocks, [&](ChannelId const&) { return &network; }, [](IncidentId) { return 0; },
                   // As the loop does: the answer leads to a post where the channel was asked for.
                   [&](IncidentId, std::optional<Channel> opened, std::string const&) {
                       send({post("it is in #" + opened->name)});
                   },
                   [](OutboxMachine::Job const&, std::string const&) {}, [] {}}};
    send = [&](std::vector<Effect> const& effects) {
        store::Batch batch;
        auto const ops = outbox.admit({1}, effects, clocks.now(), batch);
        store.commit(std::move(batch), [&outbox, ops] { outbox.stored(ops); });
    };
    send({channel("one")});
    send({channel("two")});
    send({post("talk")});
    store.settle();
    EXPECT_EQ(network.posts, (std::vector<std::string>{"talk", "it is in #one", "it is in #two"}));
    EXPECT_TRUE(outbox.idle());
}

TEST(Outbox, writes_what_is_done_with_in_a_quiet_moment) {
    test::FakeStore store;
    FakeNetwork network;
    auto clocks = Clocks::manual(Time{std::chrono::hours{1000}});
    Outbox outbox{{store, clocks, [&](ChannelId const&) { return &network; }, [](IncidentId) { return 0; },
                   [](IncidentId, std::optional<Channel>, std::string const&) {},
                   [](OutboxMachine::Job const&, std::string const&) {}, [] {}}};
    store::Batch batch;
    auto const tell = [](std::string who) { return effect::Tell{{"ops"}, {{who}, who}, "yours", {}}; };
    auto const ops = outbox.admit({1}, {tell("ana"), tell("bo")}, clocks.now(), batch);
    store.commit(std::move(batch), [&outbox, ops] { outbox.stored(ops); });
    store.settle();
    ASSERT_EQ(network.told.size(), 2u);
    auto const before = store.commits;
    network.told[0]({});
    EXPECT_EQ(store.commits, before) << "another answer is still out";
    network.told[1]({});
    EXPECT_EQ(store.commits, before + 1);
    EXPECT_EQ(store.batches.back().marks.size(), 2u);
    EXPECT_TRUE(store.batches.back().patient);
    EXPECT_TRUE(outbox.idle()) << "nobody has to wait for it";
}

} // namespace
} // namespace cox::bot
