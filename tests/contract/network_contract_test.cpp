// What every chat network keeps to, whatever it speaks. A network joins by a house of its own; what it cannot promise
// is named there.
#include "matrix_contract_house.hpp"
#include "slack_contract_house.hpp"
#include "web_house.hpp"

#include <gtest/gtest.h>

using namespace cox;
using namespace cox::contract;

namespace {

struct Maker {
    std::string name;
    std::function<std::unique_ptr<House>()> make;
};

struct NetworkContract : testing::TestWithParam<Maker> {
    std::unique_ptr<House> house = GetParam().make();
    ChannelId const ops = house->ops();
    Person const ana = house->ana();

    static Delivery delivery(std::int64_t op, Effect effect) {
        return {op, {1}, std::move(effect), std::chrono::floor<Duration>(std::chrono::system_clock::now())};
    }
    Delivered deliver(std::int64_t op, Effect effect) {
        std::optional<Delivered> got;
        house->deliver(delivery(op, std::move(effect)), [&](Delivered it) { got = std::move(it); });
        house->settle();
        return got.value();
    }
    Delivered reconcile(std::int64_t op, Effect effect) {
        std::optional<Delivered> got;
        house->reconcile(delivery(op, std::move(effect)), [&](Delivered it) { got = std::move(it); });
        house->settle();
        return got.value();
    }
    Effect post(std::string text) const { return effect::Post{ops, effect::PostKind::update, std::move(text), {}}; }
    Effect open(std::string name) const { return effect::OpenChannel{ops, std::move(name), "an incident", ana}; }
};

using What = Delivered::What;

} // namespace

TEST_P(NetworkContract, a_post_is_visible_once_it_is_reported_as_sent) {
    auto const sent = deliver(1, post("hello"));
    EXPECT_EQ(sent.what, What::sent);
    auto const list = house->messages(ops);
    ASSERT_EQ(list.size(), 1u);
    EXPECT_EQ(list[0].text, "hello");
    EXPECT_EQ(list[0].id, sent.remote);
    EXPECT_TRUE(house->whispers(ana).empty());
}

TEST_P(NetworkContract, nothing_is_reported_before_it_is_so) {
    bool reported = false;
    house->deliver(delivery(1, post("hello")), [&](Delivered const&) { reported = true; });
    EXPECT_FALSE(reported);
    house->settle();
    EXPECT_TRUE(reported);
}

TEST_P(NetworkContract, posts_of_a_channel_keep_their_order) {
    int reported = 0;
    for (int op = 1; op <= 5; ++op)
        house->deliver(delivery(op, post(std::to_string(op))), [&](Delivered const&) { ++reported; });
    house->settle();
    EXPECT_EQ(reported, 5);
    auto const list = house->messages(ops);
    ASSERT_EQ(list.size(), 5u);
    for (std::size_t i = 0; i < list.size(); ++i)
        EXPECT_EQ(list[i].text, std::to_string(i + 1));
}

TEST_P(NetworkContract, a_post_of_unknown_fate_is_found_when_it_was_sent) {
    auto const sent = deliver(1, post("hello"));
    house->restart();
    auto const found = reconcile(1, post("hello"));
    EXPECT_EQ(found.what, What::sent);
    EXPECT_EQ(found.remote, sent.remote);
}

TEST_P(NetworkContract, a_post_of_unknown_fate_is_absent_when_it_never_was) {
    deliver(1, post("another"));
    house->restart();
    EXPECT_EQ(reconcile(2, post("hello")).what, What::absent);
    deliver(2, post("hello"));
    EXPECT_EQ(house->messages(ops).size(), 2u);
}

TEST_P(NetworkContract, a_post_that_was_on_its_way_when_the_bot_died_stands_once) {
    house->deliver(delivery(1, post("hello")), [](Delivered const&) {});
    house->restart();
    if (reconcile(1, post("hello")).what == What::absent) deliver(1, post("hello"));
    EXPECT_EQ(house->messages(ops).size(), 1u);
}

TEST_P(NetworkContract, private_text_goes_to_one_person) {
    EXPECT_EQ(deliver(1, effect::Tell{ops, ana, "only you", {}}).what, What::sent);
    EXPECT_EQ(deliver(2, effect::PagePerson{ops, ana, "come"}).what, What::sent);
    auto const list = house->whispers(ana);
    ASSERT_EQ(list.size(), 2u);
    EXPECT_EQ(list[0].text, "only you");
    EXPECT_EQ(list[1].text, "come");
    EXPECT_TRUE(house->messages(ops).empty());
    EXPECT_TRUE(house->whispers(house->bo()).empty());
}

TEST_P(NetworkContract, private_text_of_unknown_fate_is_found_or_said_once_more) {
    auto const text = effect::Tell{ops, ana, "only you", {}};
    deliver(1, text);
    auto const found = reconcile(1, text);
    EXPECT_EQ(found.what, house->promises().knows_private_words ? What::sent : What::absent);
}

TEST_P(NetworkContract, who_is_there_may_be_invited_as_often_as_one_likes) {
    effect::Invite const invite{ops, {ana, house->bo()}};
    EXPECT_EQ(deliver(1, invite).what, What::sent);
    EXPECT_EQ(reconcile(1, invite).what, What::absent);
    EXPECT_EQ(deliver(1, invite).what, What::sent);
    EXPECT_TRUE(house->messages(ops).empty());
}

TEST_P(NetworkContract, a_card_stands_once_and_shows_its_newest_text) {
    Card card;
    card.incident = {1};
    card.title = card.text = "old";
    auto const first = deliver(1, effect::ShowCard{ops, card});
    card.title = card.text = "new";
    house->restart();
    auto const second = deliver(2, effect::ShowCard{ops, card});
    EXPECT_EQ(first.remote, second.remote);
    auto const list = house->messages(ops);
    ASSERT_EQ(list.size(), 1u);
    EXPECT_TRUE(list[0].text.contains("new")) << list[0].text;
    EXPECT_FALSE(list[0].text.contains("old")) << list[0].text;
}

TEST_P(NetworkContract, the_topic_is_set_and_put_back) {
    auto const before = house->topic(ops);
    deliver(1, effect::SetTopic{ops, "SEV-1 checkout"});
    EXPECT_EQ(house->topic(ops), "SEV-1 checkout");
    deliver(2, effect::SetTopic{ops, "SEV-2 checkout"});
    house->restart();
    deliver(3, effect::RestoreTopic{ops});
    EXPECT_EQ(house->topic(ops), before);
}

TEST_P(NetworkContract, a_channel_is_opened_once_however_often_it_is_asked_for) {
    auto const had = house->channel_count();
    auto const opened = deliver(1, open("inc-1-checkout"));
    ASSERT_TRUE(opened.opened);
    EXPECT_TRUE(house->network().owns(opened.opened->id));
    house->restart();
    auto const found = reconcile(1, open("inc-1-checkout"));
    EXPECT_EQ(found.what, What::sent);
    EXPECT_EQ(found.opened, opened.opened);
    EXPECT_EQ(deliver(1, open("inc-1-checkout")).opened, opened.opened);
    EXPECT_EQ(house->channel_count(), had + 1);
    EXPECT_EQ(reconcile(2, open("inc-1-checkout")).what, What::absent);
    EXPECT_NE(deliver(2, open("inc-1-checkout")).opened, opened.opened);
    EXPECT_EQ(house->channel_count(), had + 2);
}

TEST_P(NetworkContract, a_channel_that_was_opened_can_be_posted_to) {
    auto const channel = deliver(1, open("inc-1-checkout")).opened.value().id;
    EXPECT_EQ(deliver(2, effect::Post{channel, effect::PostKind::alert, "alert", {}}).what, What::sent);
    EXPECT_EQ(house->messages(channel).size(), 1u);
    EXPECT_TRUE(house->messages(ops).empty());
}

INSTANTIATE_TEST_SUITE_P(Networks, NetworkContract,
                         testing::Values(Maker{"web", [] { return std::make_unique<WebHouse>(); }},
                                         Maker{"slack", [] { return std::make_unique<SlackContractHouse>(); }},
                                         Maker{"matrix", [] { return std::make_unique<FakeMatrixContractHouse>(); }}),
                         [](auto const& each) { return each.param.name; });

// One of these for all its tests: ctest runs them together.
INSTANTIATE_TEST_SUITE_P(RealOnes, NetworkContract,
                         testing::Values(Maker{"synapse", [] { return std::make_unique<SynapseContractHouse>(); }}),
                         [](auto const& each) { return each.param.name; });
