#pragma once
// What the tests of the whole network share: a house that listens, and a homeserver that must have nothing to complain
// of.
#include "matrix_house.hpp"

#include <gtest/gtest.h>

namespace cox::test {

using namespace std::chrono_literals;
using nlohmann::json;
using Texts = std::vector<std::string>;

class MatrixHouseTest : public ::testing::Test {
protected:
    MatrixHouseTest() = default;
    explicit MatrixHouseTest(matrix::MatrixOptions options, MatrixHouse::Before const& before = {})
        : house{std::move(options), before} {}

    void SetUp() override {
        ASSERT_TRUE(house.connect());
        ASSERT_TRUE(house.caught_up());
    }
    void TearDown() override { EXPECT_EQ(house.server.violations(), Texts{}); }

    json say(std::string_view text, std::string_view user = "alice", std::string_view room = "ops") {
        return house.server.act("say", {{"user", user}, {"room", room}, {"text", text}});
    }
    // The bot is away while this happens, and then comes back.
    template <class Happens>
    void while_away(Happens happens) {
        house.die();
        happens();
        house.restart();
        ASSERT_TRUE(house.connect());
        ASSERT_TRUE(house.caught_up());
    }
    std::size_t calls(std::string_view endpoint) { return house.server.calls(endpoint).size(); }

    MatrixHouse house;
};

} // namespace cox::test
