// The Slack network, from an effect to what then stands in the twin.
#include "adapters/slack/drawing.hpp"
#include "caller.hpp"
#include "core/marks.hpp"
#include "slack_house.hpp"
#include "twin.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace cox::test {
namespace {

using nlohmann::json;
using slack::at;
using slack::text_at;
using What = Delivered::What;

constexpr auto general = "C000000001";
constexpr auto random_channel = "C000000002";
constexpr auto admin = "U000000001";
constexpr auto bot = "U0TWINBOT";
constexpr auto reads = false;

ChannelId channel(std::string const& id) {
    return ChannelId{"slack:T000000001:" + id};
}

Person person(std::string const& id) {
    return {UserId{"slack:T000000001:" + id}, "somebody"};
}

slack::SlackOptions options_for(Twin const& twin) {
    slack::SlackOptions options;
    options.api_url = twin.api();
    options.topic_spacing = Duration::zero();
    return options;
}

struct TwinDeliveries : testing::Test {
    TwinDeliveries() { come_up(); }

    void come_up() {
        if (!house.run_until([this] { return house.desk.was_told("slack: here as coxswain in Twin"); }))
            throw std::runtime_error{"the network does not learn who it is"};
    }
    std::string opened(std::int64_t op, std::string name) {
        auto const delivered =
            house.deliver(op, effect::OpenChannel{channel(general), std::move(name), "checkout fails", person(admin)});
        EXPECT_EQ(delivered.what, What::sent) << delivered.reason;
        return delivered.remote;
    }
    json messages(std::string const& id, Caller& by) {
        return at(by.ask("conversations.history", {{"channel", id}, {"limit", "200"}}, reads), "messages");
    }
    // What was posted there, without what Slack says itself.
    json posts(std::string const& id) {
        auto posted = json::array();
        for (auto const& message : messages(id, us))
            if (text_at(message, "subtype").empty()) posted.push_back(message);
        return posted;
    }
    json direct_messages() {
        auto const list = at(eyes.ask("conversations.list", {{"types", "im"}}, reads), "channels");
        return list.empty() ? json::array() : messages(text_at(list.at(0), "id"), eyes);
    }
    json described(std::string const& id) {
        return at(us.ask("conversations.info", {{"channel", id}}, reads), "channel");
    }
    std::string topic(std::string const& id) { return text_at(at(described(id), "topic"), "value"); }
    json bookmarks(std::string const& id) {
        return at(eyes.ask("bookmarks.list", {{"channel_id", id}}, reads), "bookmarks");
    }
    json members(std::string const& id) {
        return at(us.ask("conversations.members", {{"channel", id}}, reads), "members");
    }
    // Another one archives it.
    void archive(std::string const& id) {
        others.ask("conversations.join", {{"channel", id}});
        others.ask("conversations.archive", {{"channel", id}});
    }

    Twin twin;
    SlackHouse house{options_for(twin), {"xapp-twin", "xoxb-twin"}};
    Caller us{twin.api(), "xoxb-twin"};
    Caller eyes{twin.api(), "xoxb-twin-eyes"};
    Caller others{twin.api(), "xoxp-twin-admin"};
};

Card card(std::string status) {
    Card shown;
    shown.incident = IncidentId{1};
    shown.severity = "SEV-1";
    shown.title = "checkout & <pay>";
    shown.status = std::move(status);
    shown.roles = {{"IC", "Incident commander", "Ana"}};
    shown.text = "SEV-1 checkout, " + shown.status;
    shown.buttons = {{"update", "Update"}};
    return shown;
}

TEST_F(TwinDeliveries, APostStandsThereAsDrawnAndIsFoundAgain) {
    effect::Post const what{
        channel(general), effect::PostKind::update, marks::mention(person(admin)) + " a & b <fail>", {{"ack", "Ack"}}};
    auto const sent = house.deliver(7, what);
    ASSERT_EQ(sent.what, What::sent) << sent.reason;
    auto const posted = posts(general);
    ASSERT_EQ(posted.size(), 1U);
    EXPECT_EQ(text_at(posted[0], "ts"), sent.remote);
    EXPECT_EQ(text_at(posted[0], "text"), slack::draw(what).text);
    EXPECT_EQ(at(posted[0], "blocks"), json::parse(slack::draw(what).blocks));

    auto const found = house.reconcile(7, what);
    EXPECT_EQ(found.what, What::sent) << found.reason;
    EXPECT_EQ(found.remote, sent.remote);
    EXPECT_EQ(house.reconcile(8, what).what, What::absent);
    house.desk.told.clear();
    house.restart();
    come_up();
    EXPECT_EQ(house.reconcile(7, what).remote, sent.remote) << "in its next life too";
}

TEST_F(TwinDeliveries, APostToAnArchivedChannelFailsAndMayGoElsewhere) {
    auto const id = opened(1, "inc-1-gone");
    archive(id);
    auto const failed = house.deliver(2, effect::Post{channel(id), effect::PostKind::word, "anybody?", {}});
    EXPECT_EQ(failed.what, What::failed);
    EXPECT_EQ(failed.reason, "it is archived");
    EXPECT_TRUE(failed.unreachable);
    EXPECT_TRUE(house.desk.was_told("#inc-1-gone cannot be reached (is_archived)"));
}

TEST_F(TwinDeliveries, PrivateWordsGoToTheChannelOrElseToDirectMessages) {
    auto const here = house.deliver(1, effect::Tell{channel(general), person(admin), "only for you", {}});
    EXPECT_EQ(here.what, What::sent) << here.reason;
    EXPECT_NE(here.remote, "");
    EXPECT_TRUE(posts(general).empty());
    EXPECT_TRUE(direct_messages().empty());

    auto const without_them = us.ask("conversations.create", {{"name", "inc-2"}});
    auto const id = text_at(at(without_them, "channel"), "id");
    auto const there = house.deliver(2, effect::Tell{channel(id), person(admin), "come in", {}});
    EXPECT_EQ(there.what, What::sent) << there.reason;
    ASSERT_EQ(direct_messages().size(), 1U);
    EXPECT_EQ(text_at(direct_messages()[0], "ts"), there.remote);
    EXPECT_EQ(text_at(direct_messages()[0], "text"), "come in");
}

TEST_F(TwinDeliveries, APagedPersonHasItInTheirDirectMessages) {
    auto const sent = house.deliver(1, effect::PagePerson{channel(general), person(admin), "SEV-1: you are needed"});
    EXPECT_EQ(sent.what, What::sent) << sent.reason;
    ASSERT_EQ(direct_messages().size(), 1U);
    EXPECT_EQ(text_at(direct_messages()[0], "ts"), sent.remote);
    auto const nobody = house.deliver(2, effect::PagePerson{channel(general), person("U0NOBODY"), "SEV-1"});
    EXPECT_EQ(nobody.what, What::failed);
    EXPECT_EQ(nobody.reason, "it is gone, or I am not in it");
}

TEST_F(TwinDeliveries, ACardIsPinnedOnceAndThenEdited) {
    auto const id = opened(1, "inc-1");
    auto const first = house.deliver(2, effect::ShowCard{channel(id), card("investigating")});
    ASSERT_EQ(first.what, What::sent) << first.reason;
    auto const second = house.deliver(3, effect::ShowCard{channel(id), card("mitigating")});
    ASSERT_EQ(second.what, What::sent) << second.reason;
    EXPECT_EQ(first.remote, second.remote);
    auto const posted = posts(id);
    ASSERT_EQ(posted.size(), 1U);
    EXPECT_EQ(at(posted[0], "blocks"), json::parse(slack::draw(card("mitigating")).blocks));
    EXPECT_TRUE(at(posted[0], "edited").is_object());
    ASSERT_TRUE(house.run_until([&] { return !at(us.ask("pins.list", {{"channel", id}}, reads), "items").empty(); }));
    auto const pins = at(us.ask("pins.list", {{"channel", id}}, reads), "items");
    ASSERT_EQ(pins.size(), 1U);
    EXPECT_EQ(text_at(at(pins[0], "message"), "ts"), first.remote);
}

TEST_F(TwinDeliveries, ACardWhoseAnswerWasLostIsFoundAndEdited) {
    auto const id = opened(1, "inc-1");
    house.deliver(2, effect::Post{channel(id), effect::PostKind::alert, "declared", {}});
    auto metadata = at(posts(id).at(0), "metadata");
    auto const op = text_at(at(metadata, "event_payload"), "op");
    metadata["event_payload"] = {{"op", op.substr(0, op.find(':')) + ":3"}, {"card", text(IncidentId{1})}};
    auto const lost = us.ask("chat.postMessage", {{"channel", id}, {"text", "card"}, {"metadata", metadata.dump()}});

    effect::ShowCard const shown{channel(id), card("investigating")};
    EXPECT_EQ(house.reconcile(3, shown).what, What::absent) << "it is to be shown again: as an edit of what is there";
    auto const again = house.deliver(3, shown);
    EXPECT_EQ(again.what, What::sent) << again.reason;
    EXPECT_EQ(again.remote, text_at(lost, "ts"));
    EXPECT_EQ(posts(id).size(), 2U);
}

TEST_F(TwinDeliveries, ATopicOfAnyLengthIsSetAndWhatStoodThereComesBack) {
    us.ask("conversations.join", {{"channel", random_channel}});
    auto const longest = std::string(250, 'x');
    EXPECT_EQ(house.deliver(1, effect::SetTopic{channel(random_channel), longest}).what, What::sent);
    EXPECT_EQ(topic(random_channel), longest);
    auto const longer = "SEV-1 & <b> 🔥 " + std::string(400, 'y');
    EXPECT_EQ(house.deliver(2, effect::SetTopic{channel(random_channel), longer}).what, What::sent);
    EXPECT_EQ(topic(random_channel), slack::topic_text(longer));
    auto const signs = house.deliver(3, effect::SetTopic{channel(random_channel), longer + "🔥"});
    EXPECT_EQ(signs.what, What::sent) << signs.reason;
    EXPECT_EQ(house.deliver(4, effect::RestoreTopic{channel(random_channel)}).what, What::sent);
    EXPECT_EQ(topic(random_channel), "Random stuff");
}

TEST_F(TwinDeliveries, ATopicOfAChannelThatWeWereRemovedFromIsNotSet) {
    auto const id = opened(1, "inc-1");
    others.ask("conversations.kick", {{"channel", id}, {"user", bot}});
    auto const failed = house.deliver(2, effect::SetTopic{channel(id), "SEV-1"});
    EXPECT_EQ(failed.what, What::failed);
    EXPECT_EQ(failed.reason, "I was removed from it");
    EXPECT_TRUE(failed.unreachable);
}

TEST_F(TwinDeliveries, AChannelIsOpenedWithItsPurposeAndWhoeverDeclared) {
    auto const sent =
        house.deliver(1, effect::OpenChannel{channel(general), "inc-1-checkout",
                                             "SEV-1: " + marks::code("checkout") + " fails", person(admin)});
    ASSERT_EQ(sent.what, What::sent) << sent.reason;
    ASSERT_TRUE(sent.opened);
    EXPECT_EQ(sent.opened->id, channel(sent.remote));
    EXPECT_EQ(sent.opened->name, "inc-1-checkout");
    EXPECT_EQ(members(sent.remote), (json{bot, admin}));
    auto const purpose = [&] { return text_at(at(described(sent.remote), "purpose"), "value"); };
    EXPECT_TRUE(house.run_until([&] { return purpose() == "SEV-1: `checkout` fails"; })) << purpose();
    auto const again =
        house.deliver(1, effect::OpenChannel{channel(general), "inc-1-checkout",
                                             "SEV-1: " + marks::code("checkout") + " fails", person(admin)});
    EXPECT_EQ(again.remote, sent.remote) << "asked twice, it is made once";
}

TEST_F(TwinDeliveries, ANameThatIsTakenGetsANumber) {
    archive(opened(1, "inc-1-checkout"));
    auto const sent = house.deliver(2, effect::OpenChannel{channel(general), "inc-1-checkout", "again", person(admin)});
    ASSERT_EQ(sent.what, What::sent) << sent.reason;
    EXPECT_EQ(sent.opened->name, "inc-1-checkout-2");
    EXPECT_EQ(text_at(described(sent.remote), "name"), "inc-1-checkout-2");
}

TEST_F(TwinDeliveries, AChannelWhoseAnswerWasLostIsFoundByItsNameAndMaker) {
    effect::OpenChannel const wanted{channel(general), "inc-9", "payments", person(admin)};
    EXPECT_EQ(house.reconcile(9, wanted).what, What::absent);
    others.ask("conversations.create", {{"name", "inc-9-of-others"}});
    EXPECT_EQ(house.reconcile(9, wanted).what, What::absent) << "made by somebody else";
    auto const made = at(us.ask("conversations.create", {{"name", "inc-9"}}), "channel");
    auto const found = house.reconcile(9, wanted);
    ASSERT_EQ(found.what, What::sent) << found.reason;
    EXPECT_EQ(found.remote, text_at(made, "id"));
    EXPECT_EQ(members(found.remote), (json{bot, admin}));
}

TEST_F(TwinDeliveries, TheLinkOfTheCallIsOneBookmark) {
    auto const id = opened(1, "inc-1");
    auto const link = [&](std::int64_t op, std::string url) {
        return house.deliver(op, effect::SetLink{channel(id), "Call", std::move(url)});
    };
    EXPECT_EQ(link(2, "https://meet.test/a?b=c&d=e").what, What::sent);
    EXPECT_EQ(link(3, "https://meet.test/other").what, What::sent);
    auto const kept = bookmarks(id);
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(text_at(kept[0], "link"), "https://meet.test/other");
    EXPECT_EQ(text_at(kept[0], "title"), "Call");
    us.ask("bookmarks.remove", {{"channel_id", id}, {"bookmark_id", text_at(kept[0], "id")}});
    link(4, "https://meet.test/third");
    EXPECT_EQ(link(5, "https://meet.test/fourth").what, What::sent) << "somebody had removed it";
    EXPECT_EQ(bookmarks(id).size(), 1U);
}

} // namespace
} // namespace cox::test
