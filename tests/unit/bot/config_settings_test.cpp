#include "bot/config/settings.hpp"

#include "config_support.hpp"

#include <gtest/gtest.h>

namespace cox::bot {
namespace {

std::string problems_in(std::string_view text, bool has_web_token = false) {
    return test::problems_of(load_settings("coxswain.yaml", text, {has_web_token, true, true, true, true, true}));
}

TEST(SettingsFile, AnEmptyOneListensOnLoopbackOnly) {
    auto const settings = load_settings("coxswain.yaml", "", {});
    ASSERT_TRUE(settings) << test::problems_of(settings);
    EXPECT_EQ(settings->web.address, "127.0.0.1");
    EXPECT_EQ(settings->web.port, 8080);
    EXPECT_TRUE(settings->web.hosts.empty());
    EXPECT_EQ(settings->storage.sqlite, "coxswain.db");
    EXPECT_EQ(settings->log.form, Settings::LogForm::text);
    EXPECT_EQ(settings->log.level, Settings::LogLevel::info);
}

TEST(SettingsFile, ReadsEveryField) {
    auto const settings = load_settings("coxswain.yaml", R"(data: /var/lib/coxswain
storage: {sqlite: incidents.db}
web: {address: "::", port: 0, hosts: [coxswain.example.org]}
log: {form: json, level: warn}
)",
                                        {.web = true});
    ASSERT_TRUE(settings) << test::problems_of(settings);
    EXPECT_EQ(settings->data, "/var/lib/coxswain");
    EXPECT_EQ(settings->storage.sqlite, "incidents.db");
    EXPECT_EQ(settings->web.address, "::");
    EXPECT_EQ(settings->web.port, 0);
    EXPECT_EQ(settings->web.hosts, std::vector<std::string>{"coxswain.example.org"});
    EXPECT_EQ(settings->log.form, Settings::LogForm::json);
    EXPECT_EQ(settings->log.level, Settings::LogLevel::warn);
}

TEST(SettingsFile, AnAddressBeyondLoopbackNeedsTheToken) {
    for (auto const* address : {"0.0.0.0", "::", "192.0.2.7", "::ffff:127.0.0.1"}) {
        auto const text = "web:\n  address: \"" + std::string{address} + "\"\n";
        EXPECT_EQ(problems_in(text),
                  "coxswain.yaml:2:12: beyond this machine the web channel needs a token and there is "
                  "none; set COXSWAIN_WEB_TOKEN, or write address: 127.0.0.1\n");
        EXPECT_EQ(problems_in(text, true), "");
    }
    for (auto const* address : {"127.0.0.1", "127.8.8.8", "::1", "localhost"}) {
        EXPECT_EQ(problems_in("web:\n  address: \"" + std::string{address} + "\"\n"), "");
    }
}

TEST(SettingsFile, SaysWhichSectionsAreNotInThisRelease) {
    EXPECT_EQ(
        problems_in("web: {port: 1}\nintegrations:\n"),
        "coxswain.yaml:2:1: \"integrations\" is not in this release; remove this section, it has the web channel, "
        "Slack and Matrix\n");
    EXPECT_EQ(problems_in("storage:\n  postgres: x\n"),
              "coxswain.yaml:2:3: PostgreSQL is not in this release; remove this line, SQLite is what it has\n");
}

TEST(SettingsFile, SlackIsOnWhereItsTokensAre) {
    auto const without = load_settings("coxswain.yaml", "", {});
    ASSERT_TRUE(without);
    EXPECT_FALSE(without->slack);
    auto const with = load_settings("coxswain.yaml", "", {.slack_app = true, .slack_bot = true});
    ASSERT_TRUE(with);
    ASSERT_TRUE(with->slack);
    EXPECT_EQ(with->slack->api_url, "https://slack.com/api/");
    EXPECT_EQ(with->slack->connections, 1);
}

TEST(SettingsFile, SaysWhichOfSlacksTokensIsMissing) {
    auto const problems = [](std::string_view text, TokensThere there) {
        return test::problems_of(load_settings("coxswain.yaml", text, there));
    };
    EXPECT_EQ(problems("", {.slack_bot = true}),
              "coxswain.yaml:1:1: Slack needs the app-level token (xapp-…) and there is none; set "
              "COXSWAIN_SLACK_APP_TOKEN, or COXSWAIN_SLACK_APP_TOKEN_FILE to a file that holds it\n");
    EXPECT_EQ(problems("web: {port: 1}\nslack: {connections: 2}\n", {.slack_app = true}),
              "coxswain.yaml:2:8: Slack needs the bot token (xoxb-…) and there is none; set COXSWAIN_SLACK_BOT_TOKEN, "
              "or COXSWAIN_SLACK_BOT_TOKEN_FILE to a file that holds it; without Slack, remove this section\n");
}

TEST(SettingsFile, S03_PlainHttpToSlackIsForThisMachineOnly) {
    EXPECT_EQ(problems_in("slack:\n  api_url: http://127.0.0.1:4013/api/\n"), "");
    EXPECT_EQ(problems_in("slack:\n  api_url: http://slack.example/api/\n"),
              "coxswain.yaml:2:12: \"api_url\" is plain http, which is for this machine only; write https://\n");
    EXPECT_NE(problems_in("slack:\n  api_url: https://slack.com@evil.test/\n"), "");
}

TEST(SettingsFile, AProxysPasswordDoesNotStandInIt) {
    EXPECT_EQ(problems_in("slack:\n  proxy: http://ana@proxy.example:3128\n"), "");
    EXPECT_EQ(problems_in("slack:\n  proxy: http://ana:s3cret@proxy.example:3128\n"),
              "coxswain.yaml:2:10: \"proxy\" holds a password, and no secret stands in this file; leave the user there "
              "and put the password into COXSWAIN_SLACK_PROXY_PASSWORD, or into a file that "
              "COXSWAIN_SLACK_PROXY_PASSWORD_FILE names\n");
}

TEST(SettingsFile, MatrixIsOnWhereItIsNamed) {
    auto const without = load_settings("coxswain.yaml", "", {.matrix_token = true});
    ASSERT_TRUE(without) << "a token alone does not say of which homeserver";
    EXPECT_FALSE(without->matrix);
    auto const with = load_settings("coxswain.yaml", R"(matrix:
  homeserver: example.org
  user: coxswain
  allow: [example.org, "@ana:other.example"]
  deny: ["@eve:example.org"]
  power: 50
  federate: yes
)",
                                    {.matrix_password = true});
    ASSERT_TRUE(with) << test::problems_of(with);
    ASSERT_TRUE(with->matrix);
    EXPECT_EQ(with->matrix->homeserver, "example.org");
    EXPECT_EQ(with->matrix->device, "COXSWAIN");
    EXPECT_EQ(with->matrix->allow, (std::vector<std::string>{"example.org", "@ana:other.example"}));
    EXPECT_EQ(with->matrix->deny, std::vector<std::string>{"@eve:example.org"});
    EXPECT_EQ(with->matrix->power, 50);
    EXPECT_TRUE(with->matrix->federate);
    EXPECT_FALSE(with->matrix->public_rooms);
}

TEST(SettingsFile, SaysWhatMatrixLacks) {
    auto const problems = [](std::string_view text, TokensThere there) {
        return test::problems_of(load_settings("coxswain.yaml", text, there));
    };
    EXPECT_EQ(problems("matrix:\n  homeserver: https://hs.example\n", {}),
              "coxswain.yaml:2:3: Matrix needs a password, an access token or an application service's token and "
              "there is none; set COXSWAIN_MATRIX_PASSWORD, COXSWAIN_MATRIX_TOKEN or COXSWAIN_MATRIX_AS_TOKEN, or the "
              "same name with _FILE to a file that holds it; without Matrix, remove this section\n");
    EXPECT_EQ(problems("matrix:\n  homeserver: https://hs.example\n", {.matrix_password = true}),
              "coxswain.yaml:2:3: the secret of Matrix is there, and whose it is is not; add \"user: coxswain\"\n");
    EXPECT_NE(problems("matrix:\n  user: coxswain\n", {.matrix_token = true}).find("homeserver"), std::string::npos);
}

TEST(SettingsFile, S03_PlainHttpToAHomeserverIsForThisMachineOnly) {
    EXPECT_EQ(problems_in("matrix:\n  homeserver: http://127.0.0.1:8008\n"), "");
    EXPECT_EQ(problems_in("matrix:\n  homeserver: http://hs.example\n"),
              "coxswain.yaml:2:15: \"homeserver\" is plain http, which is for this machine only; write https://\n");
    EXPECT_NE(problems_in("matrix:\n  homeserver: \"not a name\"\n"), "");
}

TEST(SettingsFile, AnApplicationServicesProxyNeedsItsTokenAndAnEncryptedWay) {
    std::string const start = "matrix:\n  homeserver: https://hs.example\n  user: coxswain\n  websocket: ";
    EXPECT_EQ(problems_in(start + "wss://wsproxy.example\n"), "");
    EXPECT_EQ(problems_in(start + "ws://127.0.0.1:29331\n"), "");
    for (auto const* address : {"ws://wsproxy.example", "https://wsproxy.example", "wsproxy.example"})
        EXPECT_NE(problems_in(start + address + "\n").find("is no address of an application service's proxy"),
                  std::string::npos)
            << address;
    auto const without = load_settings("coxswain.yaml", start + "wss://wsproxy.example\n", {.matrix_password = true});
    EXPECT_NE(test::problems_of(without).find("COXSWAIN_MATRIX_AS_TOKEN"), std::string::npos);
}

TEST(SettingsFile, S17_AnAccountIsAUserOrAServerAndNoPattern) {
    for (auto const* entry : {"@ana", "*.example.org", "https://example.org", "#ops:example.org", "example.org/x"}) {
        auto const text = "matrix:\n  homeserver: https://hs.example\n  deny: [\"" + std::string{entry} + "\"]\n";
        auto const said = problems_in(text);
        EXPECT_NE(said.find("is neither a user nor a server"), std::string::npos) << entry;
    }
}

TEST(SettingsFile, NamesEveryMistake) {
    EXPECT_EQ(problems_in("web:\n  adress: 127.0.0.1\n  port: 99999\n  hosts: [\"https://x.org/\"]\nlog:\n  form: "
                          "xml\n  level: inof\n"),
              "coxswain.yaml:2:3: \"adress\" is not known in web; did you mean \"address\"?\n"
              "coxswain.yaml:3:9: \"port\" is \"99999\"; it must be a whole number between 0 and 65535\n"
              "coxswain.yaml:4:11: \"https://x.org/\" is more than a host's name; write the name alone, such as "
              "coxswain.example.org\n"
              "coxswain.yaml:6:9: \"form\" cannot be \"xml\"; known are \"text\", \"json\"\n"
              "coxswain.yaml:7:10: \"level\" cannot be \"inof\"; did you mean \"info\"?\n");
    EXPECT_EQ(problems_in("web:\n  address: example.org\n"),
              "coxswain.yaml:2:12: \"example.org\" is no IP address; write 127.0.0.1 for this machine only, 0.0.0.0 or "
              ":: for all networks\n");
    EXPECT_EQ(problems_in("web: 8080\n"),
              "coxswain.yaml:1:6: web is a map; write lines of key: value, such as address: …\n");
}

TEST(SettingsFile, TheShippedOneSaysTheDefaults) {
    auto const text = test::content_of(std::filesystem::path(COXSWAIN_SOURCE_DIR) / "config/coxswain.yaml");
    auto const settings = load_settings("coxswain.yaml", text, {});
    ASSERT_TRUE(settings) << test::problems_of(settings);
    EXPECT_EQ(settings->web.port, Settings{}.web.port);
    EXPECT_EQ(settings->storage.sqlite, Settings{}.storage.sqlite);
    EXPECT_EQ(settings->web.address, Settings{}.web.address);
}

} // namespace
} // namespace cox::bot
