#pragma once
// Files that travel inside the binary (the shipped configuration, the web page). See cmake/embed.cmake.
#include <span>
#include <string_view>

namespace cox {

struct EmbeddedFile {
    std::string_view path; // below the project's root: "config/policy.yaml"
    std::string_view text;
};

} // namespace cox
