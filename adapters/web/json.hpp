#pragma once
// JSON from strangers, and to them.
#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace cox::web {

// None when it is not JSON or nests deeper than 64.
std::optional<nlohmann::json> read_json(std::string_view);
// Never throws: bytes that are not UTF-8 are replaced.
std::string write_json(nlohmann::json const&);
// The string under this name; none when it is missing or something else.
std::optional<std::string> string_of(nlohmann::json const& object, char const* name);

} // namespace cox::web
