// Each tests/scenarios/*.txt is a test. With --rewrite, or COXSWAIN_REWRITE=1, the files are written as they were
// played.
#include "engine.hpp"
#include "runner.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

namespace cox::test {
namespace {

bool rewrite = false;

std::string contents(std::filesystem::path const& path) {
    std::ifstream file{path, std::ios::binary};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

class Conversation : public testing::Test {
public:
    explicit Conversation(std::filesystem::path path) : path_{std::move(path)} {}

    void TestBody() override {
        auto const words = shipped_words();
        auto const written = contents(path_);
        std::string played;
        try {
            played = play(written, words);
            EXPECT_EQ(play(written, words), played) << "a second time it goes differently";
        } catch (StoryError const& error) {
            FAIL() << path_.filename().string() << ": " << error.what();
        }
        if (rewrite && played != written) {
            std::ofstream{path_, std::ios::binary} << played;
            return;
        }
        auto const differs = difference(written, played);
        EXPECT_TRUE(differs.empty()) << path_.filename().string() << ": " << differs;
    }

private:
    std::filesystem::path path_;
};

void register_stories() {
    std::vector<std::filesystem::path> paths;
    for (auto const& entry :
         std::filesystem::directory_iterator{std::string{COXSWAIN_SOURCE_DIR} + "/tests/scenarios"}) {
        auto const& path = entry.path();
        if (path.extension() == ".txt" && path.filename() != "CMakeLists.txt") paths.push_back(path);
    }
    std::ranges::sort(paths);
    for (auto const& path : paths) {
        auto name = path.stem().string();
        std::ranges::replace(name, '-', '_');
        testing::RegisterTest("Conversation", name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                              [path]() -> testing::Test* { return new Conversation{path}; });
    }
}

} // namespace

bool rewriting() {
    return rewrite;
}

TEST(Runner, fills_in_what_the_bot_says_and_leaves_the_rest_as_it_stands) {
    auto const words = shipped_words();
    auto const played = play("-- a remark\n14:05 ana in #ops: /status\n\n14:06 ana in #ops: hello\n", words);
    EXPECT_EQ(played,
              "-- a remark\n14:05 ana in #ops: /status\n  to ana: No incident is open.\n\n14:06 ana in #ops: hello\n");
    EXPECT_EQ(play(played, words), played);
}

TEST(Runner, names_the_first_line_that_goes_differently) {
    EXPECT_EQ(difference("a\nb\n", "a\nb\n"), "");
    EXPECT_NE(difference("a\nb\n", "a\nc\n").find("line 2"), std::string::npos);
    EXPECT_NE(difference("a\n", "a\nb\n").find("line 2"), std::string::npos);
}

TEST(Runner, refuses_a_line_it_cannot_read) {
    auto const words = shipped_words();
    EXPECT_THROW(play("14:05 ana in #ops: hello\nwhat is this\n", words), StoryError);
    EXPECT_THROW(play("14:05 ana presses \"Accept\" in #ops\n", words), StoryError);
    EXPECT_THROW(play("polcy: severity 1\n14:05 clock\n", words), StoryError);
}

} // namespace cox::test

int main(int argc, char** argv) {
    auto const* set = std::getenv("COXSWAIN_REWRITE");
    cox::test::rewrite = set && std::string_view{set} == "1";
    testing::InitGoogleTest(&argc, argv);
    for (int i = 1; i < argc; ++i) {
        if (std::string_view{argv[i]} == "--rewrite") cox::test::rewrite = true;
    }
    cox::test::register_stories();
    return RUN_ALL_TESTS();
}
