#pragma once
// JSON as it is expected, in files that people can read. With COXSWAIN_REWRITE set they are written anew: look at the
// difference before you keep it.
#include <nlohmann/json.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace cox::slack {

inline void expect_golden(std::string const& name, std::string const& json) {
    auto const path = std::string{COXSWAIN_SOURCE_DIR} + "/tests/unit/slack/golden/" + name + ".json";
    auto const drawn = nlohmann::ordered_json::parse(json).dump(2) + "\n";
    if (std::getenv("COXSWAIN_REWRITE")) std::ofstream{path} << drawn;
    std::ifstream file{path};
    EXPECT_EQ(drawn, std::string(std::istreambuf_iterator<char>{file}, {})) << path;
}

} // namespace cox::slack
