#pragma once
// drills/*.yaml: an incident as the script of what people say and when.
#include "bot/config/problem.hpp"
#include "core/time.hpp"

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace cox::bot {

struct DrillStep {
    Duration at{}; // since the start; steps are in order
    std::string who;
    std::string says;
};

struct Drill {
    std::string name; // "checkout-47"
    std::string title;
    std::string channel; // where it plays, without "#"
    std::string starts;  // the clock's time at the start, "14:05"
    std::vector<DrillStep> steps;
};

std::expected<Drill, std::vector<Problem>> load_drill(std::string_view file_name, std::string_view text);

} // namespace cox::bot
