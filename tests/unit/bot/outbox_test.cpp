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
        }
        done(std::move(delivered));
    }
    void reconcile(Delivery const&, std::function<void(Delivered)>) override {}
    void start(Inbox&) override {}
    void stop() override {}

    std::vector<std::string> posts;
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

} // namespace
} // namespace cox::bot
