#pragma once
// A story's file, read: who says what and when. What the bot is expected to say is left out.
#include "core/time.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cox::test {

struct Step {
    enum class Kind {
        kept, // a remark or an empty line
        says,
        presses,
        clock,
        wakes
    } kind = Kind::kept;
    Time at;
    std::string who;
    std::string channel; // without "#"
    std::string text;    // what is said, the button's label, or the kept line
};

struct Story {
    std::vector<std::string> head; // lines above the first step
    std::vector<Step> steps;
};

Story read_story(std::string_view);

// "14:05", "14:05:40"; and "2026-03-02 (Mon)"
std::string clock_of(Time);
std::string day_of(Time);
// Takes "14:05" and "14:05:40" on the day of `day`.
Time time_on(Time day, std::string_view clock);
Time first_day(); // where a story says no date

} // namespace cox::test
