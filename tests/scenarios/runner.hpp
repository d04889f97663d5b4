#pragma once
// Plays a story (tests/scenarios/*.txt) on a clock of its own and writes it down as it really went: the same text, with
// what the bot said below each line. A story that goes as written is unchanged.
//
//   policy: severity 1 one-mitigation off   head lines, see head_line() in runner.cpp
//   -- a remark
//   14:05 ana in #ops: /declare 1 checkout errors
//     #inc-1-checkout-errors topic: …       what the bot says is indented by two blanks,
//     to ana: …                             for one person's eyes
//       second line of the same text        by four
//   14:06 ana presses "Take command" in #inc-1-checkout-errors
//   14:15 clock                             all that falls due until then happens at its own moment
//   15:10 wakes                             the bot was not running since the line before
#include "core/words.hpp"

#include <stdexcept>
#include <string>
#include <string_view>

namespace cox::test {

// A line that cannot be read.
struct StoryError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

std::string play(std::string_view story, Words const&);

// Whether what is expected is written anew instead of compared.
bool rewriting();

// The first place where two texts differ, with the lines around it; "" when they do not.
std::string difference(std::string_view written, std::string_view played);

} // namespace cox::test
