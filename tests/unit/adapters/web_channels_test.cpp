#include "adapters/web/channels.hpp"

#include "../../support/fake_house.hpp"
#include "core/marks.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace cox;
using namespace cox::web;

namespace {

struct WebChannelsTest : testing::Test {
    test::FakeStore store;
    test::FakeInbox inbox{store};
    Time now{std::chrono::hours{14}};
    std::unique_ptr<WebChannels> web;

    void SetUp() override {
        start();
        web->ensure("ops", {});
        store.settle();
    }
    void start() {
        web = std::make_unique<WebChannels>(store, [this](ChannelId const&) { return now; });
        web->load(store.found());
        web->start(inbox);
    }

    std::string say(std::string user, std::string text, std::string key, std::string channel = "ops") {
        return answer_of([&](WebChannels::Answer answer) { web->say({channel, user, text, key}, std::move(answer)); });
    }
    std::string press(std::string user, std::string message, std::string button, std::string key) {
        return answer_of([&](WebChannels::Answer answer) {
            web->press({"ops", user, message, button, key}, std::move(answer));
        });
    }
    template <class F>
    std::string answer_of(F ask) {
        std::string got = "no answer";
        ask([&](std::expected<std::string, Fault> const& id) { got = id ? *id : std::string{id.error().code}; });
        store.settle();
        return got;
    }
    Delivered deliver(std::int64_t op, Effect effect) {
        std::optional<Delivered> got;
        web->deliver({op, {1}, std::move(effect)}, [&](Delivered delivered) { got = std::move(delivered); });
        store.settle();
        return got.value();
    }
    std::vector<Message> messages(std::string const& channel = "ops") {
        std::vector<Message> got;
        web->read(ChannelId{channel}, std::nullopt, 500, [&](std::vector<Message> found) { got = std::move(found); });
        store.settle();
        return got;
    }
    static ChannelId ops() { return ChannelId{"ops"}; }
};

} // namespace

TEST_F(WebChannelsTest, what_is_said_reaches_the_engine_with_its_key_and_becomes_a_message) {
    EXPECT_EQ(say("Ana", "  hello @sara  ", "k1"), "m2");
    ASSERT_EQ(inbox.received.size(), 1u);
    EXPECT_EQ(inbox.received[0].key, "web:ops:k1");
    EXPECT_EQ(inbox.received[0].actor.id.value, "ana");
    EXPECT_EQ(inbox.received[0].actor.name, "Ana");
    EXPECT_EQ(inbox.received[0].text, "hello @sara");
    EXPECT_EQ(inbox.received[0].form, Form::message);
    auto const list = messages();
    ASSERT_EQ(list.size(), 1u);
    EXPECT_EQ(list[0].text, "hello @sara");
    EXPECT_EQ(list[0].author.value, "ana");
    EXPECT_NE(web->people().find(UserId{"sara"}), nullptr);
}

TEST_F(WebChannelsTest, the_answer_waits_until_it_is_durable) {
    bool answered = false;
    web->say({"ops", "ana", "hi", "k1"}, [&](auto const&) { answered = true; });
    EXPECT_FALSE(answered);
    store.settle();
    EXPECT_TRUE(answered);
}

TEST_F(WebChannelsTest, the_same_key_twice_is_one_message_and_both_get_its_id_when_it_is_durable) {
    std::vector<std::string> answers;
    auto const note = [&](std::expected<std::string, Fault> const& id) { answers.push_back(id.value()); };
    web->say({"ops", "ana", "hi", "k1"}, note);
    web->say({"ops", "ana", "hi", "k1"}, note);
    EXPECT_TRUE(answers.empty());
    store.settle();
    web->say({"ops", "ana", "hi", "k1"}, note);
    EXPECT_EQ(answers, (std::vector<std::string>{"m2", "m2", "m2"}));
    EXPECT_EQ(messages().size(), 1u);
    EXPECT_EQ(inbox.received.size(), 1u);
}

TEST_F(WebChannelsTest, a_key_of_a_former_run_gets_the_id_of_the_message_it_made) {
    ASSERT_EQ(say("ana", "hi", "k1"), "m2");
    start();
    EXPECT_EQ(say("bo", "other", "k2"), "m3");
    EXPECT_EQ(say("ana", "hi", "k1"), "m2");
    EXPECT_EQ(messages().size(), 2u);
}

TEST_F(WebChannelsTest, people_and_ids_survive_a_restart) {
    say("ana", "hi @sara", "k1");
    web->find_people(ops(), "Li", true);
    store.settle();
    start();
    EXPECT_EQ(web->people().all().size(), 3u);
    EXPECT_EQ(web->find_people(ops(), "sara", false).size(), 1u);
    EXPECT_EQ(say("ana", "again", "k2"), "m3");
}

TEST_F(WebChannelsTest, a_person_who_came_with_a_message_that_was_taken_before_is_kept) {
    ASSERT_EQ(say("ana", "hi", "k1"), "m2");
    start();
    ASSERT_EQ(say("zoe", "hi", "k1"), "m2");
    start();
    EXPECT_NE(web->people().find(UserId{"zoe"}), nullptr);
}

TEST_F(WebChannelsTest, what_cannot_be_taken_is_refused_by_name) {
    EXPECT_EQ(say("ana", "hi", "k", "nowhere"), "no-such-channel");
    EXPECT_EQ(say("", "hi", "k"), "bad-user");
    EXPECT_EQ(say("coxswain", "hi", "k"), "bad-user");
    EXPECT_EQ(say("a b", "hi", "k"), "bad-user");
    EXPECT_EQ(say("ana", "  \n ", "k"), "no-text");
    EXPECT_EQ(say("ana", "hi", ""), "bad-key");
    EXPECT_EQ(say("ana", "hi", std::string(129, 'k')), "bad-key");
    EXPECT_EQ(say("ana", std::string(16 * 1024 + 1, 'x'), "k"), "text-too-long");
    web->stop();
    EXPECT_EQ(say("ana", "hi", "k"), "not-running");
    EXPECT_TRUE(inbox.received.empty());
}

TEST_F(WebChannelsTest, a_button_is_a_command_that_adds_no_line) {
    auto const remote =
        deliver(1, effect::Post{ops(), effect::PostKind::alert, "who takes it?", {{"accept A1", "Accept"}}}).remote;
    EXPECT_EQ(press("ana", remote, "accept A1", "k1"), remote);
    EXPECT_EQ(press("ana", remote, "accept A1", "k1"), remote);
    ASSERT_EQ(inbox.received.size(), 1u);
    EXPECT_EQ(inbox.received[0].key, "web:press:ops:k1");
    EXPECT_EQ(inbox.received[0].text, "accept A1");
    EXPECT_EQ(inbox.received[0].form, Form::command);
    EXPECT_EQ(messages().size(), 1u);
}

TEST_F(WebChannelsTest, only_a_button_that_is_there_can_be_pressed) {
    auto const remote =
        deliver(1, effect::Post{ops(), effect::PostKind::word, "text", {{"accept A1", "Accept"}}}).remote;
    EXPECT_EQ(press("ana", "m99", "accept A1", "k1"), "no-such-message");
    EXPECT_EQ(press("ana", "m1", "accept A1", "k1"), "no-such-message");
    EXPECT_EQ(press("ana", "junk", "accept A1", "k1"), "no-such-message");
    EXPECT_EQ(press("ana", remote, "resolve", "k1"), "no-such-button");
    EXPECT_EQ(press("no body", remote, "accept A1", "k1"), "bad-user");
    EXPECT_TRUE(inbox.received.empty());
}

TEST_F(WebChannelsTest, nobody_presses_a_button_that_was_shown_to_somebody_else) {
    auto const remote =
        deliver(1, effect::Tell{ops(), {UserId{"ana"}, "Ana"}, "yours?", {{"accept A1", "Accept"}}}).remote;
    EXPECT_EQ(press("bo", remote, "accept A1", "k1"), "no-such-message");
    EXPECT_EQ(press("ana", remote, "accept A1", "k2"), remote);
}

TEST_F(WebChannelsTest, a_press_sent_again_is_answered_though_its_button_is_gone) {
    Card card;
    card.incident = {1};
    card.text = "card";
    card.buttons = {{"accept A1", "Accept"}};
    auto const remote = deliver(1, effect::ShowCard{ops(), card}).remote;
    ASSERT_EQ(press("ana", remote, "accept A1", "k1"), remote);
    card.buttons.clear();
    deliver(2, effect::ShowCard{ops(), card});
    EXPECT_EQ(press("ana", remote, "accept A1", "k1"), remote);
    EXPECT_EQ(press("ana", remote, "accept A1", "k2"), "no-such-button");
    start();
    EXPECT_EQ(press("ana", remote, "accept A1", "k1"), remote);
    EXPECT_EQ(inbox.received.size(), 1u);
}

TEST_F(WebChannelsTest, the_card_is_one_message_that_is_edited_in_place_also_after_a_restart) {
    Card card;
    card.incident = {1};
    card.text = "first";
    auto const remote = deliver(1, effect::ShowCard{ops(), card}).remote;
    now += std::chrono::minutes{5};
    card.text = "second";
    EXPECT_EQ(deliver(2, effect::ShowCard{ops(), card}).remote, remote);
    start();
    card.text = "third";
    EXPECT_EQ(deliver(3, effect::ShowCard{ops(), card}).remote, remote);
    auto const list = messages();
    ASSERT_EQ(list.size(), 1u);
    EXPECT_EQ(list[0].text, "third");
    EXPECT_EQ(list[0].kind, "card");
    EXPECT_EQ(list[0].at, Time{std::chrono::hours{14}});
    EXPECT_EQ(list[0].edited_at, now);
}

TEST_F(WebChannelsTest, what_else_holds_comes_with_the_card_also_after_a_restart) {
    Card card;
    card.incident = {1};
    card.text = "card";
    card.more = {{"Strategy", "rollback, because " + marks::code("4.12") + " went out last"}};
    deliver(1, effect::ShowCard{ops(), card});
    start();
    auto const list = messages();
    ASSERT_EQ(list.size(), 1u);
    EXPECT_EQ(list[0].more, card.more);
    auto const row = shown(list[0], People{}).at("more").at(0);
    EXPECT_EQ(row.at("name"), "Strategy");
    EXPECT_EQ(row.at("text"), "rollback, because `4.12` went out last");
    EXPECT_EQ(row.at("html"), "rollback, because <code>4.12</code> went out last");
}

TEST_F(WebChannelsTest, a_post_handed_over_again_after_a_restart_is_not_shown_twice) {
    effect::Post const post{ops(), effect::PostKind::update, "the update", {}};
    auto const remote = deliver(7, post).remote;
    EXPECT_EQ(deliver(7, post).remote, remote);
    start();
    EXPECT_EQ(deliver(7, post).remote, remote);
    EXPECT_EQ(messages().size(), 1u);
    deliver(8, post);
    EXPECT_EQ(messages().size(), 2u);
}

TEST_F(WebChannelsTest, channel_names_are_tidied_and_made_unique) {
    auto const open = [&](std::int64_t op, std::string name) {
        return deliver(op, effect::OpenChannel{ops(), std::move(name), "why", {UserId{"ana"}, "Ana"}}).opened->name;
    };
    EXPECT_EQ(open(1, "INC 1: Checkout (500s)!"), "inc-1-checkout-500s");
    EXPECT_EQ(open(2, "inc-1-checkout-500s"), "inc-1-checkout-500s-2");
    EXPECT_EQ(open(3, "inc-1-checkout-500s"), "inc-1-checkout-500s-3");
    EXPECT_EQ(open(2, "inc-1-checkout-500s"), "inc-1-checkout-500s-2");
    EXPECT_EQ(open(4, "ops"), "ops-2");
    EXPECT_EQ(open(5, "…"), "incident");
    EXPECT_EQ(open(6, std::string(100, 'x')).size(), 80u);
    EXPECT_EQ(open(7, std::string(100, 'x')), std::string(78, 'x') + "-2");
}

TEST_F(WebChannelsTest, a_channel_is_not_there_before_it_is_durable) {
    bool answered = false;
    web->ensure("later", [&](ChannelId const&) { answered = true; });
    EXPECT_EQ(web->channel(ChannelId{"later"}), nullptr);
    EXPECT_FALSE(answered);
    store.settle();
    EXPECT_NE(web->channel(ChannelId{"later"}), nullptr);
    EXPECT_TRUE(answered);
}

TEST_F(WebChannelsTest, the_topic_from_before_survives_changes_and_a_restart) {
    deliver(1, effect::SetTopic{ops(), "SEV-1 a"});
    deliver(2, effect::SetTopic{ops(), "SEV-2 a"});
    start();
    EXPECT_EQ(web->channel(ops())->topic, "SEV-2 a");
    deliver(3, effect::SetTopic{ops(), "SEV-3 a"});
    deliver(4, effect::RestoreTopic{ops()});
    EXPECT_EQ(web->channel(ops())->topic, "");
    deliver(5, effect::RestoreTopic{ops()});
    EXPECT_EQ(web->channel(ops())->topic, "");
}

TEST_F(WebChannelsTest, an_effect_for_a_channel_that_is_not_there_fails_and_says_so) {
    auto const failed = deliver(1, effect::Post{ChannelId{"gone"}, effect::PostKind::word, "text", {}});
    EXPECT_EQ(failed.what, Delivered::What::failed);
    EXPECT_EQ(failed.reason, "there is no channel #gone");
}

TEST_F(WebChannelsTest, reading_goes_on_after_the_last_message_seen) {
    for (auto const* key : {"a", "b", "c"})
        say("ana", key, key);
    std::string texts;
    web->read(ops(), 2, 10, [&](std::vector<Message> const& found) {
        for (auto const& message : found)
            texts += message.text;
    });
    store.settle();
    EXPECT_EQ(texts, "bc");
}
