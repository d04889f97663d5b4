// That no method is called which is not tried against the twin.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

namespace cox::test {
namespace {

std::set<std::string> methods_named_in(std::filesystem::path const& file) {
    std::ifstream in{file};
    std::string const text{std::istreambuf_iterator<char>{in}, {}};
    std::regex const method{R"re("((auth|bookmarks|chat|conversations|pins|reactions|users|views)\.[a-zA-Z.]+)")re"};
    std::set<std::string> named;
    for (std::sregex_iterator at{text.begin(), text.end(), method}; at != std::sregex_iterator{}; ++at)
        named.insert((*at)[1]);
    return named;
}

TEST(TwinCoverage, EachMethodThatOurCodeNamesIsTried) {
    std::filesystem::path const root{COXSWAIN_SOURCE_DIR};
    auto const tried = methods_named_in(root / "tests/slack_twin/methods_test.cpp");
    std::set<std::string> named;
    for (auto const& file : std::filesystem::directory_iterator{root / "adapters/slack"})
        if (file.path().filename() != "pace.cpp") named.merge(methods_named_in(file.path()));
    EXPECT_TRUE(named.contains("chat.postMessage"));
    for (auto const& method : named)
        EXPECT_TRUE(tried.contains(method)) << method;
}

} // namespace
} // namespace cox::test
