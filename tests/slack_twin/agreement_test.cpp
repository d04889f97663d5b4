// The twin and our own fake of Slack are told the same, and must say the same.
#include "caller.hpp"
#include "fake_slack/fake_slack.hpp"
#include "twin.hpp"

#include <gtest/gtest.h>

#include <map>

namespace cox::test {
namespace {

using slack::at;
using slack::text_at;

// A Slack in which the same things stand, by the names that calls mention.
struct World {
    World(std::string const& api_url, std::string token, std::string person, std::string outside)
        : api{api_url, std::move(token)} {
        auto const made = [&](std::string name) {
            return text_at(at(api.ask("conversations.create", {{"name", std::move(name)}}), "channel"), "id");
        };
        known = {{"<person>", std::move(person)}, {"<outside>", std::move(outside)}};
        known["<ours>"] = made("inc-1");
        known["<archived>"] = made("inc-2");
        known["<bot>"] = text_at(api.ask("auth.test", {}), "user_id");
        known["<ts>"] = post("<ours>", "card");
        known["<old ts>"] = post("<archived>", "card");
        api.ask("pins.add", resolved({{"channel", "<ours>"}, {"timestamp", "<ts>"}}));
        auto const added = api.ask(
            "bookmarks.add",
            resolved({{"channel_id", "<ours>"}, {"title", "Call"}, {"link", "https://meet.test/"}, {"type", "link"}}));
        known["<bookmark>"] = text_at(at(added, "bookmark"), "id");
        api.ask("conversations.archive", resolved({{"channel", "<archived>"}}));
    }

    std::string post(std::string const& channel, std::string text) {
        return text_at(api.ask("chat.postMessage", resolved({{"channel", channel}, {"text", std::move(text)}})), "ts");
    }
    slack::Fields resolved(slack::Fields fields) const {
        for (auto& [name, value] : fields)
            if (auto const found = known.find(value); found != known.end()) value = found->second;
        return fields;
    }

    Caller api;
    std::map<std::string, std::string> known;
};

struct Agreement : testing::Test {
    Twin others;
    fake_slack::FakeSlack own;
    World twin{others.api(), "xoxb-twin", "U000000001", "C000000001"};
    World fake{own.api(), "xoxb-1-fake", "U0ALICE01", "C0GENERAL"};
};

TEST_F(Agreement, BothRefuseTheSameCallsInTheSameWord) {
    struct Refused {
        std::string method;
        slack::Fields fields;
        std::string error;
    };
    std::string const long_line(251, 'x');
    Refused const calls[] = {
        {"users.info", {{"user", "U0NOBODY"}}, "user_not_found"},
        {"conversations.info", {{"channel", "C0NOWHERE"}}, "channel_not_found"},
        {"conversations.members", {{"channel", "C0NOWHERE"}}, "channel_not_found"},
        {"conversations.history", {{"channel", "C0NOWHERE"}}, "channel_not_found"},
        {"conversations.join", {{"channel", "C0NOWHERE"}}, "channel_not_found"},
        {"conversations.join", {{"channel", "<archived>"}}, "is_archived"},
        {"conversations.create", {{"name", "inc-1"}}, "name_taken"},
        {"conversations.create", {{"name", "inc-2"}}, "name_taken"},
        {"conversations.create", {{"name", "a.b"}}, "invalid_name_specials"},
        {"conversations.create", {{"name", std::string(81, 'x')}}, "invalid_name_maxlength"},
        {"conversations.invite", {{"channel", "<ours>"}, {"users", "<bot>"}}, "cant_invite_self"},
        {"conversations.invite", {{"channel", "<ours>"}, {"users", "U0NOBODY"}}, "user_not_found"},
        {"conversations.invite", {{"channel", "<archived>"}, {"users", "<person>"}}, "is_archived"},
        {"conversations.invite", {{"channel", "<outside>"}, {"users", "<person>"}}, "not_in_channel"},
        {"conversations.setTopic", {{"channel", "<ours>"}, {"topic", long_line}}, "too_long"},
        {"conversations.setTopic", {{"channel", "<outside>"}, {"topic", "x"}}, "not_in_channel"},
        {"conversations.setTopic", {{"channel", "<archived>"}, {"topic", "x"}}, "is_archived"},
        {"conversations.setTopic", {{"channel", "<ours>"}}, "invalid_arguments"},
        {"conversations.setPurpose", {{"channel", "<ours>"}, {"purpose", long_line}}, "too_long"},
        {"conversations.setPurpose", {{"channel", "<archived>"}, {"purpose", "x"}}, "is_archived"},
        {"chat.postMessage", {{"channel", "C0NOWHERE"}, {"text", "x"}}, "channel_not_found"},
        {"chat.postMessage", {{"channel", "<archived>"}, {"text", "x"}}, "is_archived"},
        {"chat.postMessage", {{"channel", "<ours>"}}, "no_text"},
        {"chat.postMessage", {{"channel", "<ours>"}, {"text", ""}}, "no_text"},
        {"chat.postMessage", {{"channel", "<ours>"}, {"text", "x"}, {"metadata", "{"}}, "invalid_metadata_format"},
        {"chat.postEphemeral", {{"channel", "<ours>"}, {"user", "<person>"}, {"text", "x"}}, "user_not_in_channel"},
        {"chat.postEphemeral", {{"channel", "<archived>"}, {"user", "<bot>"}, {"text", "x"}}, "is_archived"},
        {"chat.update", {{"channel", "<ours>"}, {"ts", "1.2"}, {"text", "x"}}, "message_not_found"},
        {"pins.add", {{"channel", "<ours>"}, {"timestamp", "<ts>"}}, "already_pinned"},
        {"pins.add", {{"channel", "<ours>"}, {"timestamp", "1795565905.999999"}}, "message_not_found"},
        {"pins.add", {{"channel", "<archived>"}, {"timestamp", "<old ts>"}}, "is_archived"},
        {"bookmarks.add", {{"channel_id", "<ours>"}, {"title", "x"}, {"type", "link"}, {"link", "x"}}, "invalid_link"},
        {"bookmarks.add",
         {{"channel_id", "<ours>"}, {"title", "x"}, {"type", "doc"}, {"link", "https://x.test/"}},
         "invalid_bookmark_type"},
        {"bookmarks.edit", {{"channel_id", "<ours>"}, {"bookmark_id", "Bk0"}, {"title", "x"}}, "not_found"},
        {"bookmarks.edit", {{"channel_id", "<ours>"}, {"bookmark_id", "<bookmark>"}, {"link", "x"}}, "invalid_link"},
        {"views.open",
         {{"trigger_id", "1.2.3"},
          {"view", R"({"type":"modal","title":{"type":"plain_text","text":"x"},)"
                   R"("blocks":[]})"}},
         "invalid_trigger_id"},
    };
    for (auto const& [method, fields, error] : calls) {
        SCOPED_TRACE(method + "?" + slack::form_encoded(fields).substr(0, 100) + ": " + error);
        auto const theirs = twin.api.call(method, twin.resolved(fields));
        auto const ours = fake.api.call(method, fake.resolved(fields));
        EXPECT_EQ(theirs.error, error) << "the twin";
        EXPECT_EQ(ours.error, error) << "the fake";
        EXPECT_EQ(theirs.verdict, ours.verdict);
    }
}

TEST_F(Agreement, BothAnswerWithWhatWeRead) {
    struct Answered {
        std::string method;
        slack::Fields fields;
        std::vector<std::string> read; // where what we read stands
    };
    Answered const calls[] = {
        {"auth.test", {}, {"/team_id", "/team", "/user_id", "/user", "/bot_id", "/app_id"}},
        {"users.info",
         {{"user", "<person>"}},
         {"/user/id", "/user/name", "/user/team_id", "/user/is_bot", "/user/deleted", "/user/real_name",
          "/user/profile/display_name", "/user/profile/real_name"}},
        {"conversations.create", {{"name", "inc-3"}}, {"/channel/id", "/channel/name"}},
        {"conversations.info", {{"channel", "<ours>"}}, {"/channel/name", "/channel/topic/value"}},
        {"conversations.list",
         {{"limit", "1"}},
         {"/channels/0/id", "/channels/0/name", "/channels/0/creator", "/channels/0/created",
          "/response_metadata/next_cursor"}},
        {"conversations.members", {{"channel", "<ours>"}}, {"/members/0", "/response_metadata/next_cursor"}},
        {"conversations.invite", {{"channel", "<ours>"}, {"users", "<person>"}}, {"/channel/id"}},
        {"conversations.join", {{"channel", "<outside>"}}, {"/channel/id"}},
        {"conversations.setTopic", {{"channel", "<ours>"}, {"topic", "x"}}, {"/ok"}},
        {"conversations.setPurpose", {{"channel", "<ours>"}, {"purpose", "x"}}, {"/ok"}},
        {"chat.postMessage", {{"channel", "<person>"}, {"text", "x"}}, {"/ts", "/channel"}},
        {"chat.postEphemeral", {{"channel", "<ours>"}, {"user", "<bot>"}, {"text", "x"}}, {"/message_ts"}},
        {"chat.update", {{"channel", "<ours>"}, {"ts", "<ts>"}, {"text", "y"}}, {"/ts", "/channel", "/text"}},
        {"conversations.history",
         {{"channel", "<ours>"}, {"limit", "1"}},
         {"/messages/0/ts", "/messages/0/user", "/messages/0/text", "/has_more", "/response_metadata/next_cursor"}},
        {"bookmarks.edit",
         {{"channel_id", "<ours>"}, {"bookmark_id", "<bookmark>"}, {"link", "https://meet.test/2"}},
         {"/bookmark/id", "/bookmark/link"}},
        {"views.publish",
         {{"user_id", "<person>"}, {"view", R"({"type":"home","blocks":[{"type":"divider"}]})"}},
         {"/view/id"}},
    };
    for (auto const& [method, fields, read] : calls) {
        auto const theirs = twin.api.ask(method, twin.resolved(fields));
        auto const ours = fake.api.ask(method, fake.resolved(fields));
        for (auto const& each : read) {
            nlohmann::json::json_pointer const place{each};
            ASSERT_TRUE(theirs.contains(place)) << method << ": the twin has no " << each << ": " << theirs;
            ASSERT_TRUE(ours.contains(place)) << method << ": the fake has no " << each << ": " << ours;
            EXPECT_STREQ(theirs.at(place).type_name(), ours.at(place).type_name()) << method << " " << each;
        }
    }
}

} // namespace
} // namespace cox::test
