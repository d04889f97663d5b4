// The code and the shipped templates know the same messages.
#include "core/event.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

namespace cox {
namespace {

std::filesystem::path const root{COXSWAIN_SOURCE_DIR};

std::string contents(std::filesystem::path const& path) {
    std::ifstream file{path, std::ios::binary};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::set<std::string> keys_in_templates() {
    std::set<std::string> keys;
    for (auto const& entry : std::filesystem::directory_iterator{root / "config/templates"}) {
        if (entry.path().filename() != "messages.mustache") {
            keys.insert(entry.path().stem().string());
            continue;
        }
        std::istringstream lines{contents(entry.path())};
        for (std::string line; std::getline(lines, line);) {
            if (line.starts_with("## ")) keys.insert(line.substr(3));
        }
    }
    return keys;
}

std::set<std::string> keys_in_code() {
    // A literal that has a message's prefix, or is handed to words.say, words.render or outcome_text.
    std::regex const prefixed{
        R"re("((said|refused|notice|misread|log|reminded|card)\.[a-z_.-]+|slack\.[a-z]+-[a-z-]+)")re"};
    std::regex const handed{R"re((?:\.say|\.render|outcome_text)\(\s*"([a-z_.-]*[a-z])")re"};
    std::set<std::string> keys;
    for (auto const* folder : {"core", "adapters", "bot"}) {
        for (auto const& entry : std::filesystem::recursive_directory_iterator{root / folder}) {
            if (entry.path().extension() != ".cpp") continue;
            auto const text = contents(entry.path());
            for (auto const& pattern : {prefixed, handed}) {
                for (std::sregex_iterator found{text.begin(), text.end(), pattern}, end; found != end; ++found)
                    keys.insert((*found)[1].str());
            }
        }
    }
    return keys;
}

// Keys that the code puts together from an event's kind.
std::set<std::string> keys_of_events() {
    std::set<std::string> keys;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        (keys.insert("said." + std::string{std::variant_alternative_t<I, EventBody>::kind}), ...);
        (keys.insert("log." + std::string{std::variant_alternative_t<I, EventBody>::kind}), ...);
    }(std::make_index_sequence<std::variant_size_v<EventBody>>{});
    return keys;
}

TEST(Catalogue, holds_every_message_that_the_code_names) {
    auto const shipped = keys_in_templates();
    auto const named = keys_in_code();
    ASSERT_GT(named.size(), 60u);
    for (auto const& key : named)
        EXPECT_TRUE(shipped.contains(key)) << key;
}

TEST(Catalogue, holds_no_message_that_nothing_says) {
    auto named = keys_in_code();
    named.merge(keys_of_events());
    for (auto const& key : keys_in_templates())
        EXPECT_TRUE(named.contains(key)) << key;
}

} // namespace
} // namespace cox
