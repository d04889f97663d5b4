#include "envelopes.hpp"

namespace cox::slack {
namespace {

using nlohmann::json;
using What = happening::ChannelChanged::What;

TEST(SlackMessage, is_what_a_person_said_where_and_when) {
    auto const envelope = envelope_of(event(with(message(), {{"thread_ts", "1790000000.000100"}})));
    auto const& said = std::get<happening::Said>(envelope.happening);
    EXPECT_EQ(said.author.team, "T1");
    EXPECT_EQ(said.author.user, "U1");
    EXPECT_EQ(said.author.home_team, "");
    EXPECT_EQ(said.channel, "C1");
    EXPECT_EQ(said.text, "impact ~38% of payments fail");
    EXPECT_EQ(said.ts, "1790000002.000300");
    EXPECT_EQ(said.thread_ts, "1790000000.000100");
    EXPECT_FALSE(said.shared_channel);
    EXPECT_EQ(envelope.key, "slack:msg:T1:C1:1790000002.000300");
    EXPECT_EQ(envelope.happened_s, 1790000002);
}

TEST(SlackMessage, F66_a_mention_and_its_message_have_one_key) {
    auto const words = with(message(), {{"text", "<@U0BOT> status"}});
    auto const as_message = envelope_of(event(words));
    auto outer = outer_event(with(words, {{"type", "app_mention"}}));
    outer["event_id"] = "Ev2";
    auto const as_mention = envelope_of(enveloped("events_api", outer));
    EXPECT_EQ(as_message.key, as_mention.key);
    EXPECT_TRUE(std::holds_alternative<happening::Said>(as_mention.happening));
}

TEST(SlackMessage, words_shown_from_a_thread_or_beside_a_file_are_said_too) {
    for (auto const* subtype : {"thread_broadcast", "file_share"})
        EXPECT_EQ(happened<happening::Said>(event(with(message(), {{"subtype", subtype}}))).channel, "C1") << subtype;
}

TEST(SlackMessage, F67_an_edit_an_unfurl_and_a_deletion_never_execute) {
    auto const changed = with(message(), {{"subtype", "message_changed"}, {"hidden", true}, {"message", message()}});
    EXPECT_EQ(why_passed(event(changed)), "edited");
    EXPECT_EQ(why_passed(event(with(message(), {{"subtype", "message_deleted"}}))), "deleted");
    auto const mention_by_edit =
        with(message(), {{"type", "app_mention"}, {"edited", {{"user", "U1"}, {"ts", "1790000009.0"}}}});
    EXPECT_EQ(why_passed(event(mention_by_edit)), "edited");
}

TEST(SlackMessage, F67_new_words_of_a_person_are_told_of_and_a_preview_is_not) {
    auto const new_words = with(message(), {{"text", "!status"}, {"edited", {{"user", "U1"}, {"ts", "1790000009.0"}}}});
    auto const change = with(
        message(),
        {{"subtype", "message_changed"}, {"hidden", true}, {"message", new_words}, {"previous_message", message()}});
    auto const edited = happened<happening::Edited>(event(change));
    EXPECT_EQ(edited.author.user, "U1");
    EXPECT_EQ(edited.channel, "C1");
    EXPECT_EQ(edited.text, "!status");
    EXPECT_EQ(why_passed(event(with(change, {{"previous_message", new_words}}))), "edited");
    EXPECT_EQ(why_passed(event(with(change, {{"message", with(new_words, {{"bot_id", "B1"}})}}))), "edited");
}

TEST(SlackMessage, F67_our_own_words_and_those_of_other_bots_are_passed_over) {
    EXPECT_EQ(why_passed(event(with(message(), {{"user", "U0BOT"}}))), "own");
    EXPECT_EQ(why_passed(event(with(message(), {{"bot_id", "B0BOT"}}))), "own");
    EXPECT_EQ(why_passed(event(with(message(), {{"app_id", "A0BOT"}}))), "own");
    EXPECT_EQ(why_passed(event(with(message(), {{"bot_id", "B9"}}))), "bot");
    EXPECT_EQ(why_passed(event(with(message(), {{"bot_profile", {{"id", "B9"}}}}))), "bot");
    EXPECT_EQ(why_passed(event(with(message(), {{"app_id", "A9"}}))), "bot");
    EXPECT_EQ(why_passed(event(with(message(), {{"subtype", "bot_message"}}))), "bot");
    EXPECT_EQ(why_passed(event(with(message(), {{"user", "USLACKBOT"}}))), "slackbot");
    EXPECT_EQ(why_passed(event(with(message(), {{"bot_id", nullptr}}))), "");
}

TEST(SlackMessage, what_slack_writes_itself_and_what_is_hidden_is_passed_over) {
    for (std::string const subtype :
         {"channel_join", "channel_leave", "channel_purpose", "channel_name", "channel_archive", "me_message",
          "reminder_add", "pinned_item", "message_replied", "ekm_access_denied", "of_tomorrow"})
        EXPECT_EQ(why_passed(event(with(message(), {{"subtype", subtype}}))), "subtype " + subtype);
    EXPECT_EQ(why_passed(event(with(message(), {{"hidden", true}}))), "hidden");
}

TEST(SlackMessage, a_message_that_lacks_what_its_key_needs_is_malformed) {
    for (auto const* needed : {"channel", "user", "ts"}) {
        for (json const& wrong : {json(), json(7), json(""), json("C1:C2"), json(std::string(200, 'C'))})
            EXPECT_EQ(why_passed(event(with(message(), {{needed, wrong}}))), "malformed message") << needed << wrong;
    }
}

TEST(SlackMessage, a_stranger_in_a_shared_channel_is_known_by_the_home_team) {
    auto outer = outer_event(with(message(), {{"user_team", "T9"}, {"source_team", "T8"}}));
    outer["is_ext_shared_channel"] = true;
    auto const said = happened<happening::Said>(enveloped("events_api", outer));
    EXPECT_TRUE(said.shared_channel);
    EXPECT_EQ(said.author.team, "T1");
    EXPECT_EQ(said.author.home_team, "T9");
    EXPECT_EQ(happened<happening::Said>(event(with(message(), {{"source_team", "T8"}}))).author.home_team, "T8");
}

TEST(SlackMessage, on_a_grid_without_a_workspace_the_enterprise_stands_for_the_team) {
    auto outer = outer_event(message());
    outer["team_id"] = nullptr;
    EXPECT_EQ(happened<happening::Said>(enveloped("events_api", outer)).author.team, "T1"); // as authorised
    outer["context_team_id"] = "T2";
    outer["enterprise_id"] = "E1";
    EXPECT_EQ(envelope_of(enveloped("events_api", outer)).key, "slack:msg:E1:C1:1790000002.000300");
    outer.erase("enterprise_id");
    outer.erase("context_team_id");
    outer["authorizations"] = json::array();
    EXPECT_EQ(why_passed(enveloped("events_api", outer)), "malformed event: no team");
}

TEST(SlackTopic, F74_a_topic_that_somebody_else_sets_is_told_and_ours_is_not) {
    auto const topic = with(message(), {{"subtype", "channel_topic"}, {"topic", "lunch at one"}});
    auto const envelope = envelope_of(event(topic));
    auto const& changed = std::get<happening::TopicChanged>(envelope.happening);
    EXPECT_EQ(changed.topic, "lunch at one");
    EXPECT_EQ(changed.author.user, "U1");
    EXPECT_EQ(envelope.key, "slack:topic:T1:C1:1790000002.000300");
    EXPECT_EQ(why_passed(event(with(topic, {{"user", "U0BOT"}}))), "own");
    EXPECT_EQ(happened<happening::TopicChanged>(event(with(topic, {{"subtype", "group_topic"}}))).channel, "C1");
    EXPECT_EQ(happened<happening::TopicChanged>(event(with(topic, {{"bot_id", "B9"}}))).channel, "C1");
}

TEST(SlackReaction, is_known_by_its_message_its_author_and_its_emoji) {
    auto const envelope = envelope_of(event(reaction()));
    EXPECT_EQ(std::get<happening::Reacted>(envelope.happening).emoji, "pushpin");
    EXPECT_EQ(envelope.key, "slack:react:T1:C1:1790000001.000200:U1:pushpin");
    EXPECT_EQ(why_passed(event(with(reaction(), {{"user", "U0BOT"}}))), "own");
    EXPECT_EQ(why_passed(event(with(reaction(), {{"item", {{"type", "file"}, {"file", "F1"}}}}))),
              "reaction to something else than a message");
    EXPECT_EQ(why_passed(event(with(reaction(), {{"type", "reaction_removed"}}))), "unknown type reaction_removed");
}

TEST(SlackPin, is_known_by_its_message_and_its_author) {
    auto const envelope = envelope_of(event(pin()));
    EXPECT_EQ(std::get<happening::Pinned>(envelope.happening).message_text, "rolled back");
    EXPECT_EQ(envelope.key, "slack:pin:T1:C1:1790000001.000200:U1");
    EXPECT_EQ(why_passed(event(with(pin(), {{"user", "U0BOT"}}))), "own");
    EXPECT_EQ(why_passed(event(with(pin(), {{"item", {{"type", "file"}}}}))), "pin of something else than a message");
}

TEST(SlackChannel, F70_archived_unarchived_and_deleted_is_told_for_public_and_private_channels) {
    std::vector<std::pair<std::string, What>> const kinds{
        {"archive", What::archived}, {"unarchive", What::unarchived}, {"deleted", What::deleted}};
    for (auto const& [word, what] : kinds) {
        for (std::string const prefix : {"channel_", "group_"}) {
            auto const changed = happened<happening::ChannelChanged>(
                event({{"type", prefix + word}, {"channel", "C1"}, {"user", "U1"}}));
            EXPECT_EQ(changed.what, what) << prefix << word;
            EXPECT_EQ(changed.channel, "C1");
            EXPECT_EQ(changed.team, "T1");
        }
    }
}

TEST(SlackChannel, F70_a_new_id_names_the_old_and_the_new_one) {
    auto const changed = happened<happening::ChannelChanged>(
        event({{"type", "channel_id_changed"}, {"old_channel_id", "G1"}, {"new_channel_id", "C2"}}));
    EXPECT_EQ(changed.what, What::id_changed);
    EXPECT_EQ(changed.channel, "G1");
    EXPECT_EQ(changed.new_channel, "C2");
    EXPECT_EQ(why_passed(event({{"type", "channel_id_changed"}, {"old_channel_id", "G1"}})), "malformed channel event");
}

TEST(SlackChannel, F71_a_rename_brings_the_new_name) {
    auto const changed = happened<happening::ChannelChanged>(
        event({{"type", "group_rename"}, {"channel", {{"id", "C1"}, {"name", "checkout"}}}}));
    EXPECT_EQ(changed.what, What::renamed);
    EXPECT_EQ(changed.name, "checkout");
}

TEST(SlackChannel, F72_that_we_were_put_out_or_let_in_is_told_apart_from_others) {
    auto const member = [](char const* type, char const* user) {
        return event({{"type", type}, {"user", user}, {"channel", "C1"}, {"channel_type", "C"}, {"team", "T1"}});
    };
    EXPECT_EQ(happened<happening::ChannelChanged>(member("member_left_channel", "U0BOT")).what, What::left_by_us);
    EXPECT_EQ(happened<happening::ChannelChanged>(member("member_joined_channel", "U0BOT")).what, What::joined_by_us);
    EXPECT_FALSE(happened<happening::MemberChanged>(member("member_left_channel", "U1")).joined);
    EXPECT_TRUE(happened<happening::MemberChanged>(member("member_joined_channel", "U1")).joined);
    EXPECT_EQ(happened<happening::ChannelChanged>(event({{"type", "channel_left"}, {"channel", "C1"}})).what,
              What::left_by_us);
}

TEST(SlackEvents, F71_a_changed_profile_is_told_with_the_home_team) {
    auto const changed = happened<happening::UserChanged>(
        event({{"type", "user_change"}, {"user", {{"id", "U1"}, {"team_id", "T9"}, {"deleted", true}}}}));
    EXPECT_EQ(changed.author.user, "U1");
    EXPECT_EQ(changed.author.home_team, "T9");
}

TEST(SlackEvents, the_home_tab_counts_and_the_messages_tab_does_not) {
    auto const opened = [](char const* tab) {
        return event({{"type", "app_home_opened"}, {"user", "U1"}, {"channel", "D1"}, {"tab", tab}});
    };
    EXPECT_EQ(happened<happening::HomeOpened>(opened("home")).author.user, "U1");
    EXPECT_EQ(why_passed(opened("messages")), "another tab than home");
}

TEST(SlackEvents, F68_a_revoked_bot_token_and_an_uninstalled_app_are_told) {
    auto const revoked = [](json const& tokens) { return event({{"type", "tokens_revoked"}, {"tokens", tokens}}); };
    EXPECT_EQ(happened<happening::TokensRevoked>(revoked({{"oauth", {"U1"}}, {"bot", {"U0BOT"}}})).team, "T1");
    EXPECT_EQ(happened<happening::TokensRevoked>(revoked(nullptr)).team, "T1");
    EXPECT_EQ(why_passed(revoked({{"oauth", {"U1"}}, {"bot", json::array()}})), "a person's token");
    EXPECT_EQ(happened<happening::TokensRevoked>(event({{"type", "app_uninstalled"}})).team, "T1");
}

TEST(SlackEvents, F75_app_rate_limited_has_no_inner_event_and_is_read) {
    auto const envelope = envelope_of(enveloped("events_api", {{"type", "app_rate_limited"},
                                                               {"token", "x"},
                                                               {"team_id", "T1"},
                                                               {"minute_rate_limited", 1790000040},
                                                               {"api_app_id", "A0BOT"}}));
    EXPECT_EQ(std::get<happening::RateLimited>(envelope.happening).team, "T1");
    EXPECT_EQ(envelope.key, "slack:rate:T1:1790000040");
    EXPECT_EQ(why_passed(enveloped("events_api", {{"type", "app_rate_limited"}, {"team_id", "T1"}})),
              "malformed app_rate_limited");
}

TEST(SlackEvents, other_events_are_known_by_their_event_id_and_malformed_without_one) {
    auto outer = outer_event({{"type", "channel_archive"}, {"channel", "C1"}});
    EXPECT_EQ(envelope_of(enveloped("events_api", outer)).key, "slack:event:Ev1");
    outer.erase("event_id");
    EXPECT_EQ(why_passed(enveloped("events_api", outer)), "malformed event: no event_id");
}

TEST(SlackEvents, unknown_types_say_which) {
    EXPECT_EQ(why_passed(event({{"type", "emoji_changed"}})), "unknown type emoji_changed");
    EXPECT_EQ(why_passed(event({{"type", 7}})), "malformed event");
    EXPECT_EQ(why_passed(event(nullptr)), "malformed event");
    EXPECT_EQ(why_passed(enveloped("events_api", {{"type", "url_verification"}})), "unknown type url_verification");
}

} // namespace
} // namespace cox::slack
