#include "adapters/slack/scopes.hpp"

#include "adapters/slack/drawing.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

namespace cox::slack {
namespace {

// The lines "- NAME" that follow a line "KEY:" in the manifest that people paste.
std::set<std::string> list_in_manifest(std::string const& key) {
    std::ifstream file{std::string{COXSWAIN_SOURCE_DIR} + "/deploy/slack/manifest.yaml"};
    std::set<std::string> names;
    bool inside = false;
    for (std::string line; std::getline(file, line);) {
        auto const at = line.find_first_not_of(' ');
        if (at == line.npos) continue;
        auto const word = line.substr(at);
        if (word == key + ":")
            inside = true;
        else if (inside && word.starts_with("- "))
            names.insert(word.substr(2));
        else
            inside = false;
    }
    return names;
}

std::string manifest() {
    std::ifstream file{std::string{COXSWAIN_SOURCE_DIR} + "/deploy/slack/manifest.yaml"};
    return {std::istreambuf_iterator<char>{file}, {}};
}

std::string all_granted() {
    std::string granted;
    for (auto const& scope : needed_scopes())
        granted.append(granted.empty() ? "" : ",").append(scope.name);
    return granted;
}

TEST(SlackScopes, S07_the_manifest_asks_for_what_is_used_and_no_more) {
    std::set<std::string> needed;
    for (auto const& scope : needed_scopes())
        needed.emplace(scope.name);
    EXPECT_EQ(list_in_manifest("bot"), needed);
}

TEST(SlackScopes, the_manifest_names_the_shortcut_by_the_id_that_is_listened_for) {
    EXPECT_NE(manifest().find("callback_id: " + std::string{form::from_message}), std::string::npos);
    EXPECT_NE(manifest().find("should_escape: true"), std::string::npos);
    EXPECT_NE(manifest().find("socket_mode_enabled: true"), std::string::npos);
}

TEST(SlackScopes, nothing_is_missing_where_all_is_granted) {
    auto const compared = compare_scopes(all_granted());
    EXPECT_TRUE(compared.missing.empty());
    EXPECT_TRUE(compared.more_than_needed.empty());
}

TEST(SlackScopes, S07_what_is_missing_and_what_is_too_much_is_named) {
    auto const compared = compare_scopes("chat:write, commands ,admin,");
    EXPECT_EQ(compared.missing.size(), needed_scopes().size() - 2);
    EXPECT_EQ(compared.more_than_needed, std::vector<std::string>{"admin"});
    for (auto const& scope : compared.missing)
        EXPECT_FALSE(scope.without.empty()) << scope.name;
}

TEST(SlackScopes, each_right_to_read_history_says_all_that_is_lost_without_it) {
    for (auto const& scope : needed_scopes()) {
        if (!scope.name.ends_with(":history")) continue;
        for (auto const* lost : {"`!` commands", "emoji", "topic", "twice"})
            EXPECT_NE(scope.without.find(lost), std::string_view::npos) << scope.name << " without " << lost;
    }
}

} // namespace
} // namespace cox::slack
