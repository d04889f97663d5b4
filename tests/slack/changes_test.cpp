// Channels and tokens that change under an incident.
#include "coming_in.hpp"

#include <algorithm>

namespace cox::test {
namespace {

class SlackChanges : public SlackHouseTest {
protected:
    SlackChanges() : SlackHouseTest{impatient()} {}
    void SetUp() override { ASSERT_TRUE(house.connect()); }

    Delivered post(std::string_view text = "Still working on it.") {
        effect::Post post;
        post.channel = SlackHouse::channel("C0OPS0001");
        post.text = text;
        return house.deliver(++op_, post);
    }
    std::size_t posts() { return house.slack.calls("chat.postMessage").size(); }

private:
    std::int64_t op_ = 0;
};

TEST_F(SlackChanges, F70_AnArchivedChannelIsNotPostedToUntilItIsBack) {
    open_incident();
    happen("archive", {{"channel", "ops"}});
    EXPECT_TRUE(house.desk.was_told("is_archived"));
    auto const refused = post();
    EXPECT_EQ(refused.what, Delivered::What::failed);
    EXPECT_TRUE(refused.unreachable);
    EXPECT_EQ(posts(), 0u) << "Slack was not even asked";
    EXPECT_TRUE(house.desk.shown_again.empty());
    happen("unarchive", {{"channel", "ops"}});
    EXPECT_EQ(house.desk.shown_again, std::vector{SlackHouse::channel("C0OPS0001")});
    EXPECT_EQ(post().what, Delivered::What::sent);
}

TEST_F(SlackChanges, F72_OneThatTheBotWasPutOutOfIsTakenUpAgainWhenItIsInvited) {
    open_incident();
    happen("kick_bot", {{"channel", "ops"}});
    EXPECT_TRUE(house.desk.was_told("not_in_channel"));
    auto const refused = post();
    EXPECT_EQ(refused.what, Delivered::What::failed);
    EXPECT_TRUE(refused.unreachable);
    EXPECT_EQ(posts(), 0u);
    happen("invite_bot", {{"channel", "ops"}, {"user", "alice"}});
    EXPECT_EQ(house.desk.shown_again, std::vector{SlackHouse::channel("C0OPS0001")});
    EXPECT_EQ(post().what, Delivered::What::sent);
}

TEST_F(SlackChanges, F70_ADeletedChannelIsNotPostedTo) {
    open_incident();
    happen("delete_channel", {{"channel", "ops"}});
    auto const refused = post();
    EXPECT_EQ(refused.what, Delivered::What::failed);
    EXPECT_TRUE(refused.unreachable);
    EXPECT_EQ(posts(), 0u);
}

TEST_F(SlackChanges, ChannelsWithoutAnIncidentComeAndGoUnnoticed) {
    open_incident("C0GENERAL");
    auto const told = house.desk.told.size();
    auto const commits = house.store.commits;
    happen("archive", {{"channel", "ops"}});
    happen("unarchive", {{"channel", "ops"}});
    happen("rename", {{"channel", "ops"}, {"name", "operations"}});
    happen("kick_bot", {{"channel", "operations"}});
    happen("delete_channel", {{"channel", "operations"}});
    EXPECT_EQ(house.desk.told.size(), told);
    EXPECT_EQ(house.store.commits, commits);
    EXPECT_TRUE(house.desk.shown_again.empty());
}

TEST_F(SlackChanges, F70_AChannelWithANewIdStaysTheSameInTheLogAndIsReached) {
    open_incident();
    auto const id = happen("change_channel_id", {{"channel", "ops"}, {"id", "C0OPS0002"}})["channel"];
    EXPECT_EQ(post().what, Delivered::What::sent);
    EXPECT_EQ(house.slack.calls("chat.postMessage").back()["args"]["channel"], id);
    auto const* inbound = heard("say", {{"user", "alice"}, {"channel", "ops"}, {"text", "!status"}});
    ASSERT_TRUE(inbound);
    EXPECT_EQ(inbound->place.id, SlackHouse::channel("C0OPS0001"));
    // It is remembered.
    house.restart();
    ASSERT_TRUE(house.connect());
    EXPECT_EQ(post().what, Delivered::What::sent);
    EXPECT_EQ(house.slack.calls("chat.postMessage").back()["args"]["channel"], id);
    inbound = heard("say", {{"user", "alice"}, {"channel", "ops"}, {"text", "!status"}});
    ASSERT_TRUE(inbound);
    EXPECT_EQ(inbound->place.id, SlackHouse::channel("C0OPS0001"));
}

TEST_F(SlackChanges, F71_ARenamedChannelGoesByItsNewNameAndItsOldId) {
    EXPECT_EQ(heard("say", {{"user", "alice"}, {"channel", "ops"}, {"text", "!status"}})->place.name, "ops");
    happen("rename", {{"channel", "ops"}, {"name", "operations"}});
    auto const* inbound = heard("say", {{"user", "alice"}, {"channel", "operations"}, {"text", "!status"}});
    ASSERT_TRUE(inbound);
    EXPECT_EQ(inbound->place.name, "operations");
    EXPECT_EQ(inbound->place.id, SlackHouse::channel("C0OPS0001"));
    house.restart();
    ASSERT_TRUE(house.connect());
    inbound = heard("command", {{"user", "alice"}, {"channel", "operations"}, {"text", "status"}});
    ASSERT_TRUE(inbound);
    EXPECT_EQ(inbound->place.name, "operations");
}

TEST_F(SlackChanges, S16_ThatPeopleOfOtherOrganisationsReadAlongIsSaidOnceAtTheAlert) {
    house.slack.act("add_channel",
                    {{"name", "with-them"}, {"id", "C0SHARED1"}, {"is_ext_shared", true}, {"members", {"alice"}}});
    ASSERT_TRUE(heard("say", {{"user", "alice"}, {"channel", "with-them"}, {"text", "!declare here checkout"}}));
    effect::Post alert;
    alert.channel = SlackHouse::channel("C0SHARED1");
    alert.kind = effect::PostKind::alert;
    alert.text = "SEV-1 checkout";
    ASSERT_EQ(house.deliver(1, alert).what, Delivered::What::sent);
    ASSERT_TRUE(called("chat.postMessage", 2));
    ASSERT_EQ(house.deliver(2, alert).what, Delivered::What::sent);
    EXPECT_EQ(posts(), 3u) << "two alerts and one warning";
}

TEST_F(SlackChanges, S16_ASlashCommandFindsOutWhoReadsTheChannel) {
    house.slack.act("add_channel",
                    {{"name", "with-them"}, {"id", "C0SHARED1"}, {"is_ext_shared", true}, {"members", {"alice"}}});
    ASSERT_TRUE(heard("command", {{"user", "alice"}, {"channel", "with-them"}, {"text", "declare here checkout"}}));
    effect::Post alert;
    alert.channel = SlackHouse::channel("C0SHARED1");
    alert.kind = effect::PostKind::alert;
    alert.text = "SEV-1 checkout";
    ASSERT_EQ(house.deliver(1, alert).what, Delivered::What::sent);
    EXPECT_TRUE(called("chat.postMessage", 2)) << "the alert and the warning";
}

class SlackTokens : public SlackChanges {
protected:
    void replace_bot_token(std::string token) {
        house.slack.set({{"bot_token", token}});
        house.tokens.bot = std::move(token);
    }
};

TEST_F(SlackTokens, F68_ARevokedTokenStopsPostingAndANewOneIsTakenWithoutARestart) {
    happen("revoke_tokens", {});
    ASSERT_TRUE(house.run_until([&] { return house.desk.was_told("the bot token is refused (token_revoked)"); }));
    auto const refused = post();
    EXPECT_EQ(refused.what, Delivered::What::failed);
    EXPECT_TRUE(refused.unreachable) << "the fallback place takes what people must read";
    EXPECT_EQ(posts(), 0u);
    EXPECT_FALSE(house.network->troubles().empty());
    replace_bot_token("xoxb-2-fake");
    ASSERT_TRUE(house.run_until([&] { return house.network->troubles().empty(); }));
    EXPECT_EQ(post().what, Delivered::What::sent);
}

TEST_F(SlackTokens, F68_ATokenOfADeactivatedAccountIsFoundOutByThePostItself) {
    house.slack.set({{"bot_token", "account_inactive:xoxb-1-fake"}});
    EXPECT_EQ(post().what, Delivered::What::failed);
    EXPECT_TRUE(house.desk.was_told("account_inactive"));
    EXPECT_EQ(posts(), 1u);
    EXPECT_EQ(post().what, Delivered::What::failed);
    EXPECT_EQ(posts(), 1u) << "nothing more is tried with it";
    replace_bot_token("xoxb-2-fake");
    ASSERT_TRUE(house.run_until([&] { return house.network->troubles().empty(); }));
    EXPECT_EQ(post().what, Delivered::What::sent);
}

TEST_F(SlackTokens, S10_TheOldTokenOfARotationMayGoWithoutAnAlarm) {
    // The new one is in use when the old one is revoked.
    json const event = {{"type", "tokens_revoked"}, {"tokens", {{"oauth", json::array()}, {"bot", {"U0COXBOT1"}}}}};
    auto const asked = house.slack.calls("auth.test").size();
    happen("event", {{"event", event}});
    ASSERT_TRUE(called("auth.test", asked + 1));
    EXPECT_EQ(post().what, Delivered::What::sent);
    EXPECT_FALSE(house.desk.was_told("refused"));
}

TEST_F(SlackTokens, F68_ANewAppTokenOpensTheNextConnection) {
    house.slack.set({{"app_token", "xapp-2-fake"}});
    house.slack.act("reset_socket", {});
    ASSERT_TRUE(house.run_until([&] { return house.desk.was_told("Slack gives no address to connect to"); }));
    EXPECT_FALSE(house.network->troubles().empty());
    house.tokens.app = "xapp-2-fake";
    ASSERT_TRUE(house.connect());
    EXPECT_TRUE(heard("command", {{"user", "alice"}, {"channel", "ops"}, {"text", "status"}}));
}

TEST_F(SlackTokens, ARefusedTokenAtTheStartIsTakenLaterWithoutARestart) {
    house.slack.set({{"bot_token", "xoxb-2-fake"}});
    house.restart();
    ASSERT_TRUE(house.run_until([&] { return house.desk.was_told("the bot token is refused"); }));
    house.tokens.bot = "xoxb-2-fake";
    ASSERT_TRUE(house.connect());
    EXPECT_TRUE(heard("command", {{"user", "alice"}, {"channel", "ops"}, {"text", "status"}}));
}

} // namespace
} // namespace cox::test
