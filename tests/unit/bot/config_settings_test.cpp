#include "bot/config/settings.hpp"

#include "config_support.hpp"

#include <gtest/gtest.h>

namespace cox::bot {
namespace {

std::string problems_in(std::string_view text, bool has_web_token = false) {
    return test::problems_of(load_settings("coxswain.yaml", text, has_web_token));
}

TEST(SettingsFile, AnEmptyOneListensOnLoopbackOnly) {
    auto const settings = load_settings("coxswain.yaml", "", false);
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
                                        true);
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
    EXPECT_EQ(problems_in("slack:\n  api_url: x\nweb: {port: 1}\nmatrix: {}\nintegrations:\n"),
              "coxswain.yaml:1:1: \"slack\" is not in this release; remove this section, the web channel is the one "
              "network it has\n"
              "coxswain.yaml:4:1: \"matrix\" is not in this release; remove this section, the web channel is the one "
              "network it has\n"
              "coxswain.yaml:5:1: \"integrations\" is not in this release; remove this section, the web channel is the "
              "one network it has\n");
    EXPECT_EQ(problems_in("storage:\n  postgres: x\n"),
              "coxswain.yaml:2:3: PostgreSQL is not in this release; remove this line, SQLite is what it has\n");
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
    auto const settings = load_settings("coxswain.yaml", text, false);
    ASSERT_TRUE(settings) << test::problems_of(settings);
    EXPECT_EQ(settings->web.port, Settings{}.web.port);
    EXPECT_EQ(settings->storage.sqlite, Settings{}.storage.sqlite);
    EXPECT_EQ(settings->web.address, Settings{}.web.address);
}

} // namespace
} // namespace cox::bot
