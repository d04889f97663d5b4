#include "bot/config/config_folder.hpp"

#include "bot/config/yaml_tree.hpp"
#include "config_support.hpp"

#include <gtest/gtest.h>

namespace cox::bot {
namespace {

SecretSources no_secrets() {
    return {};
}

std::string problems_in(std::filesystem::path const& folder) {
    return test::problems_of(load_config(folder, test::known_rules, no_secrets()));
}

TEST(ConfigFolder, ATokenOfSlackThatIsMissingIsMissedOnlyWhereSlackIsUsed) {
    SecretSources sources;
    sources.variable = [](char const* name) {
        return std::string_view{name} == "COXSWAIN_SLACK_BOT_TOKEN" ? "xoxb-1" : nullptr;
    };
    EXPECT_NE(test::problems_of(load_config({}, test::known_rules, sources)).find("COXSWAIN_SLACK_APP_TOKEN"),
              std::string::npos);
    EXPECT_EQ(test::problems_of(load_config({}, test::known_rules, sources, Networks::unused)), "");
}

TEST(ConfigFolder, TheShippedFilesAreWhole) {
    auto const config = load_config({}, test::known_rules, no_secrets());
    ASSERT_TRUE(config) << test::problems_of(config);
    EXPECT_EQ(config->policy.severities.size(), 4u);
    EXPECT_TRUE(config->drill("checkout-47"));
    EXPECT_FALSE(config->drill("nobody-wrote-this"));
    EXPECT_FALSE(config->secrets.web_token);
}

TEST(ConfigFolder, AnEmptyFolderIsTheShippedConfiguration) {
    test::Folder const folder;
    auto const config = load_config(folder.path(), test::known_rules, no_secrets());
    ASSERT_TRUE(config) << test::problems_of(config);
    EXPECT_EQ(config->policy.triage, "2");
    EXPECT_EQ(config->settings.web.port, 8080);
}

TEST(ConfigFolder, FilesOfTheTeamTakeThePlaceOfShippedOnes) {
    test::Folder const folder;
    auto const shipped = std::filesystem::path(COXSWAIN_SOURCE_DIR) / "config";
    folder.write("policy.yaml", test::content_of(shipped / "examples/p1-p3/policy.yaml"));
    folder.write("coxswain.yaml", "data: incidents\nweb: {port: 9000}\n");
    folder.write("drills/small.yaml", "name: small\ntitle: Small\nchannel: ops\nstarts: \"09:00\"\n"
                                      "steps: [{at: +0s, who: ana, says: hello}]\n");
    folder.write("drills/README.md", "not a drill");
    auto const config = load_config(folder.path(), test::known_rules, no_secrets());
    ASSERT_TRUE(config) << test::problems_of(config);
    EXPECT_EQ(config->policy.triage, "P2");
    EXPECT_EQ(config->settings.web.port, 9000);
    EXPECT_EQ(config->settings.data, folder.path() / "incidents");
    EXPECT_EQ(config->settings.storage.sqlite, folder.path() / "incidents" / "coxswain.db");
    EXPECT_TRUE(config->drill("small"));
    EXPECT_TRUE(config->drill("checkout-47"));
}

TEST(ConfigFolder, EverythingWrongInAnyFileIsSaidAtOnce) {
    test::Folder const folder;
    folder.write("coxswain.yaml", "web:\n  port: many\n");
    folder.write("policy.yaml", "zone: UTC\nseverities: []\nroles: []\ntriage: 1\n");
    folder.write("drills/a.yaml", "name: a\n");
    folder.write("drills/b.yml", "");
    auto const said = problems_in(folder.path());
    auto const at = [&](std::string_view file) { return (folder.path() / file).string(); };
    EXPECT_TRUE(said.contains(at("coxswain.yaml") + ":2:9: \"port\" is \"many\"")) << said;
    EXPECT_TRUE(said.contains(at("policy.yaml") + ":2:13: there is no severity; ")) << said;
    EXPECT_TRUE(said.contains(at("policy.yaml") + ":3:8: no role has the key commander; ")) << said;
    EXPECT_TRUE(said.contains(at("drills/a.yaml") + ":1:1: a drill needs \"steps\"")) << said;
    EXPECT_TRUE(said.contains(at("drills/b.yml") + ": this file is not read; let its name end in .yaml")) << said;
}

TEST(ConfigFolder, AMissingFolderIsOneProblem) {
    test::Folder const folder;
    auto const missing = folder.path() / "no";
    EXPECT_EQ(problems_in(missing),
              missing.string() + ": there is no such folder; create it, or name the one that holds coxswain.yaml\n");
}

TEST(ConfigFolder, AFileInThePlaceOfTheFolderIsOneProblem) {
    test::Folder const folder;
    auto const file = folder.write("coxswain.yaml", "");
    EXPECT_EQ(problems_in(file),
              file.string() + ": is not a folder; name the folder that holds coxswain.yaml, not a file\n");
}

TEST(ConfigFolder, AFileInThePlaceOfTheDrillsIsNamed) {
    test::Folder const folder;
    auto const file = folder.write("drills", "");
    EXPECT_EQ(problems_in(folder.path()),
              file.string() + ": cannot be read as a folder (Not a directory); make it a folder of *.yaml files\n");
}

TEST(ConfigFolder, AFolderOrABrokenLinkInThePlaceOfAFileIsNamed) {
    test::Folder const folder;
    std::filesystem::create_directory(folder.path() / "policy.yaml");
    std::filesystem::create_symlink("nowhere", folder.path() / "coxswain.yaml");
    auto const cure = ": is not a plain file that can be read; put a plain file there, or remove it\n";
    EXPECT_EQ(problems_in(folder.path()),
              (folder.path() / "coxswain.yaml").string() + cure + (folder.path() / "policy.yaml").string() + cure);
}

TEST(ConfigFolder, AHugeFileIsNotRead) {
    test::Folder const folder;
    auto const file = folder.write("policy.yaml", std::string(longest_yaml + 1, '#'));
    EXPECT_EQ(problems_in(folder.path()),
              file.string() +
                  ": the file is larger than 1 MiB; a configuration is a few pages, check that it is the right file\n");
}

TEST(ConfigFolder, TwoDrillsOfOneNameAreRefused) {
    test::Folder const folder;
    std::string const drill =
        "name: twin\ntitle: T\nchannel: ops\nstarts: \"09:00\"\nsteps: [{at: +0s, who: ana, says: hi}]\n";
    auto const a = folder.write("drills/a.yaml", drill);
    auto const b = folder.write("drills/b.yaml", drill);
    EXPECT_EQ(problems_in(folder.path()),
              b.string() + ": the drill \"twin\" is also in " + a.string() + "; give each its own name\n");
}

TEST(ConfigFolder, ASecretThatOthersMayReadStopsTheStart) {
    test::Folder const folder;
    auto const file = folder.write("token", "abc");
    std::filesystem::permissions(file, std::filesystem::perms{0644});
    auto const path = file.string();
    SecretSources sources;
    sources.variable = [&](char const* name) {
        return std::string_view{name} == "COXSWAIN_WEB_TOKEN_FILE" ? path.c_str() : nullptr;
    };
    folder.write("coxswain.yaml", "web: {address: 0.0.0.0}\n");
    EXPECT_EQ(test::problems_of(load_config(folder.path(), test::known_rules, sources)),
              path + ": others than its owner may use this file (mode 0644); chmod 600 it\n");
}

} // namespace
} // namespace cox::bot
