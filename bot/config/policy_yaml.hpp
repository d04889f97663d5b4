#pragma once
// policy.yaml: what the team agreed on, checked whole before anything runs by it.
#include "bot/config/problem.hpp"
#include "core/policy.hpp"

#include <expected>
#include <span>
#include <string_view>
#include <vector>

namespace cox::bot {

// A rule of the core's table. An invariant always holds: it is known, and not settable.
struct KnownRule {
    std::string_view name;
    bool settable = true;
};

// `file_name` stands in the problems. All of them are returned at once. `doubts` gets what a policy may hold and should
// not: "warning: …".
std::expected<Policy, std::vector<Problem>> load_policy(std::string_view file_name, std::string_view text,
                                                        std::span<KnownRule const> rules,
                                                        std::vector<Problem>* doubts = nullptr);

} // namespace cox::bot
