// What can go wrong between the bot and the homeserver: the whole way from the outbox and back, and from /sync into the
// engine.
#include "bot/outbox.hpp"
#include "house_test.hpp"

#include <algorithm>

namespace cox::test {
namespace {

// The network behind the bot's own outbox.
class MatrixCarrier : public MatrixHouse {
public:
    MatrixCarrier()
        : clocks_{bot::Clocks::manual(std::chrono::floor<Duration>(std::chrono::system_clock::now()))},
          outbox_{{store, clocks_, [this](ChannelId const&) { return &network->network(); },
                   [](IncidentId) { return 0; },
                   [this](IncidentId, std::optional<Channel> channel, std::string const&) {
                       if (channel) opened.push_back(*channel);
                   },
                   [](bot::OutboxMachine::Job const&, std::string const&) {}, [] {}}} {
        if (!connect()) throw std::runtime_error{"no connection to the fake homeserver"};
    }
    void decide(std::vector<Effect> effects) {
        store::Batch batch;
        auto ops = outbox_.admit({1}, effects, clocks_.now(), batch);
        store.commit(std::move(batch), [this, ops = std::move(ops)] { outbox_.stored(ops); });
    }
    // Until the outbox is empty. Its clock jumps to whatever it waits for.
    [[nodiscard]] bool carried() {
        return run_until([this] {
            if (auto const wake = outbox_.wake(); wake && outbox_.idle()) {
                clocks_.advance_to(*wake);
                outbox_.pump();
            }
            return outbox_.waiting() == 0;
        });
    }
    Effect post(std::string text) { return effect::Post{ops(), effect::PostKind::word, std::move(text), {}}; }
    Effect card(std::string title) {
        Card card;
        card.incident = {1};
        card.title = std::move(title);
        return effect::ShowCard{ops(), std::move(card)};
    }
    std::vector<Channel> opened;

private:
    bot::Clocks clocks_;
    bot::Outbox outbox_;
};

struct Loss {
    char const* name;
    json fault;
};

struct MatrixLostAnswer : testing::TestWithParam<std::tuple<Loss, bool>> {
    // The fault for one call of the endpoint, after which the deed is done or not.
    static json to(std::string endpoint) {
        auto fault = std::get<Loss>(GetParam()).fault;
        fault["where"] = std::move(endpoint);
        fault["done"] = std::get<bool>(GetParam());
        return fault;
    }
    void TearDown() override { EXPECT_EQ(house.server.violations(), Texts{}); }

    MatrixCarrier house;
};

TEST_P(MatrixLostAnswer, F84_LeavesThePostStandingOnceAndInItsPlace) {
    house.server.fault(to("send"));
    house.decide({house.post("hello"), house.post("next")});
    ASSERT_TRUE(house.carried());
    EXPECT_EQ(house.said(), (Texts{"hello", "next"}));
}

TEST_P(MatrixLostAnswer, F84_LeavesOneCardThatCanBeEdited) {
    house.server.fault(to("send"));
    house.decide({house.card("old")});
    ASSERT_TRUE(house.carried());
    house.decide({house.card("new")});
    ASSERT_TRUE(house.carried());
    auto const said = house.said();
    ASSERT_EQ(said.size(), 1u);
    EXPECT_TRUE(said[0].contains("new")) << said[0];
    EXPECT_TRUE(house.run_until([&] { return house.server.room("ops").at("pinned").size() == 1; }));
}

TEST_P(MatrixLostAnswer, F84_LeavesOneRoom) {
    auto const had = house.server.room_count();
    house.server.fault(to("createRoom"));
    house.decide({effect::OpenChannel{house.ops(), "inc-1-checkout", "checkout errors", MatrixHouse::person("alice")}});
    ASSERT_TRUE(house.carried());
    EXPECT_EQ(house.server.room_count(), had + 1);
    ASSERT_EQ(house.opened.size(), 1u);
    EXPECT_EQ(house.opened[0].id, house.channel("inc-1-checkout"));
}

TEST_P(MatrixLostAnswer, F84_LeavesTheTopicSet) {
    house.server.fault(to("state"));
    house.decide({effect::SetTopic{house.ops(), "SEV-1 checkout"}});
    ASSERT_TRUE(house.carried());
    EXPECT_EQ(house.server.room("ops").at("topic"), "SEV-1 checkout");
}

INSTANTIATE_TEST_SUITE_P(Matrix, MatrixLostAnswer,
                         testing::Combine(testing::Values(Loss{"html_502", {{"kind", "status"}, {"status", 502}}},
                                                          Loss{"html_504", {{"kind", "status"}, {"status", 504}}},
                                                          Loss{"json_500", {{"kind", "error"}, {"status", 500}}},
                                                          Loss{"html_200", {{"kind", "status"}, {"status", 200}}},
                                                          Loss{"error_200", {{"kind", "error"}, {"status", 200}}},
                                                          Loss{"no_answer", {{"kind", "hold"}}},
                                                          Loss{"reset", {{"kind", "reset"}}}),
                                          testing::Bool()),
                         [](auto const& each) {
                             return std::string{std::get<0>(each.param).name} +
                                    (std::get<1>(each.param) ? "_done" : "_not_done");
                         });

TEST(MatrixWire, F84_HalfAnAnswerToAPostLeavesItStandingOnce) {
    MatrixCarrier house;
    house.server.fault({{"kind", "truncated"}, {"where", "send"}});
    house.decide({house.post("hello"), house.post("next")});
    ASSERT_TRUE(house.carried());
    EXPECT_EQ(house.said(), (Texts{"hello", "next"}));
}

// 429 in each of its ways to say when.
class MatrixLimited : public testing::TestWithParam<char const*> {};

TEST_P(MatrixLimited, F87_APostWaitsAsLongAsItIsAskedToAndStandsOnce) {
    MatrixCarrier house;
    house.server.fault({{"kind", "limited"}, {"where", "send"}, {"by", GetParam()}, {"retry_after_ms", 1200}});
    house.decide({house.post("hello"), house.post("next")});
    ASSERT_TRUE(house.carried());
    EXPECT_EQ(house.said(), (Texts{"hello", "next"}));
    auto const sent = house.server.calls("send");
    ASSERT_EQ(sent.size(), 3u);
    EXPECT_EQ(sent[0].at("status"), 429);
    EXPECT_EQ(sent[0].at("in_path"), sent[1].at("in_path"));
    auto const waited = sent[1].at("at_ms").get<std::int64_t>() - sent[0].at("at_ms").get<std::int64_t>();
    // A date has no fractions of a second, and rounds up or down.
    EXPECT_GE(waited, std::string_view{GetParam()} == "date" ? 500 : 1200);
}

INSTANTIATE_TEST_SUITE_P(Matrix, MatrixLimited, testing::Values("both", "header", "body", "date", "none"),
                         [](auto const& each) { return std::string{each.param}; });

TEST(MatrixWire, F87_AUserWhoMaySayLittleIsObeyedForAWholeIncident) {
    MatrixCarrier house;
    house.server.set({{"messages_per_second", 20.0}, {"messages_burst", 3}});
    std::vector<Effect> effects;
    Texts expected;
    for (int i = 0; i < 20; ++i) {
        effects.push_back(house.post(std::to_string(i)));
        expected.push_back(std::to_string(i));
    }
    house.decide(std::move(effects));
    ASSERT_TRUE(house.carried());
    EXPECT_EQ(house.said(), expected);
    EXPECT_EQ(house.server.violations(), Texts{});
}

// What becomes of /sync.
class MatrixSyncFault : public MatrixHouseTest, public testing::WithParamInterface<Loss> {};

TEST_P(MatrixSyncFault, WhateverBecomesOfAnAnswerNothingIsLostAndNothingRunsTwice) {
    auto fault = GetParam().fault;
    fault["where"] = "sync";
    if (!fault.contains("count")) fault["count"] = 2;
    house.server.fault(fault);
    say("!inc note one");
    ASSERT_TRUE(house.caught_up());
    say("!inc note two");
    ASSERT_TRUE(house.caught_up());
    EXPECT_EQ(house.heard(), (Texts{"!inc note one", "!inc note two"}));
    house.server.act("clear_faults");
    ASSERT_TRUE(house.connect());
}

INSTANTIATE_TEST_SUITE_P(
    Matrix, MatrixSyncFault,
    testing::Values(Loss{"html_502", {{"kind", "status"}, {"status", 502}}},
                    Loss{"html_200", {{"kind", "status"}, {"status", 200}}}, Loss{"reset", {{"kind", "reset"}}},
                    Loss{"truncated", {{"kind", "truncated"}}}, Loss{"slow", {{"kind", "slow"}, {"ms", 300}}},
                    Loss{"nine_megabytes", {{"kind", "huge"}, {"bytes", 9 << 20}}},
                    Loss{"limited", {{"kind", "limited"}, {"retry_after_ms", 200}}},
                    Loss{"limited_without_a_word", {{"kind", "error"}, {"status", 429}, {"count", 1}}}),
    [](auto const& each) { return std::string{each.param.name}; });

TEST(MatrixWire, AConnectionThatTheServerClosesWhileItIsIdleCostsNothing) {
    MatrixCarrier house;
    house.server.act("close_idle", {{"ms", 20}});
    for (int i = 0; i < 5; ++i) {
        auto const connections = house.server.see("summary").at("connections_ever").get<int>();
        house.decide({house.post(std::to_string(i))});
        ASSERT_TRUE(house.carried());
        // The next one finds its connection closed, or is in the middle of that.
        house.server.act("say", {{"user", "alice"}, {"room", "ops"}, {"text", "!inc note " + std::to_string(i)}});
        ASSERT_TRUE(house.caught_up());
        EXPECT_GE(house.server.see("summary").at("connections_ever").get<int>(), connections);
    }
    EXPECT_EQ(house.said(), (Texts{"0", "1", "2", "3", "4"}));
    EXPECT_EQ(house.heard().size(), 5u);
    EXPECT_EQ(house.server.violations(), Texts{});
}

TEST(MatrixWire, TextOfAnyBytesAndAnyLengthStandsInTheRoom) {
    MatrixCarrier house;
    auto const many = std::string(70'000, 'x');
    std::string wide;
    for (int i = 0; i < 30'000; ++i)
        wide += "\u20ac";
    auto const words = {std::string{"half a character: \xe2\x82"},
                        std::string{"a surrogate: \xed\xa0\x80"},
                        std::string{"nothing:\0here", 13},
                        many,
                        wide,
                        "quotes " + std::string(30'000, '"')};
    std::size_t count = 0;
    for (auto const& each : words) {
        house.decide({house.post(each)});
        ASSERT_TRUE(house.carried());
        ASSERT_EQ(house.said().size(), ++count) << each.substr(0, 20);
    }
    EXPECT_EQ(house.server.violations(), Texts{});
}

TEST(MatrixWire, EverythingInARoomOfVersionTwelveIsAsInAnother) {
    MatrixCarrier house;
    house.server.set({{"default_room_version", "12"}});
    house.decide({effect::OpenChannel{house.ops(), "inc-1-checkout", "checkout errors", MatrixHouse::person("alice")}});
    ASSERT_TRUE(house.carried());
    ASSERT_EQ(house.opened.size(), 1u);
    auto const room = house.opened[0].id;
    EXPECT_FALSE(std::string{matrix::raw(room)}.contains(':'));
    house.server.act("join", {{"user", "alice"}, {"room", "inc-1-checkout"}});
    house.decide({effect::Post{room, effect::PostKind::word, "hello", {}}, effect::SetTopic{room, "SEV-1 checkout"}});
    ASSERT_TRUE(house.carried());
    EXPECT_TRUE(house.has_said("hello", "inc-1-checkout"));
    EXPECT_EQ(house.server.room("inc-1-checkout").at("topic"), "SEV-1 checkout");
    house.happen("say", {{"user", "alice"}, {"room", "inc-1-checkout"}, {"text", "!inc status"}});
    ASSERT_EQ(house.heard(), Texts{"!inc status"});
    EXPECT_EQ(house.inbox.received.back().place.id, room);
    EXPECT_EQ(house.server.violations(), Texts{});
}

} // namespace
} // namespace cox::test
