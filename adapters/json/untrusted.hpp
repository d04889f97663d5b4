#pragma once
// JSON that a stranger sends: read strictly and asked gently. The tree is only looked at, never copied or written out.
#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace cox::untrusted {

constexpr std::size_t deepest_json = 64;
constexpr std::size_t most_members = 10'000; // of one object or array

// What is nested deeper than `deepest_json`: where many strangers' words come in one text, one of them must not keep us
// from reading the others.
enum class TooDeep { refused, left_out };

// An object. Else what is wrong with it: longer than `longest` bytes, no JSON, bytes that are no UTF-8, nested too
// deep, a key twice in one object, too many members, no object at all. What is left out is null.
std::expected<nlohmann::json, std::string> read_object(std::string_view text, std::size_t longest,
                                                       std::size_t members = most_members, TooDeep = TooDeep::refused);

// The member of that name; null when there is none or `value` is no object.
nlohmann::json const& at(nlohmann::json const& value, char const* name);
// "" unless it is a string.
std::string text_at(nlohmann::json const& value, char const* name);
// True for true only.
bool flag_at(nlohmann::json const& value, char const* name);
// None unless it is a whole number from 0 on.
std::optional<std::int64_t> count_at(nlohmann::json const& value, char const* name);
// A word of a stranger for the log: plain characters only, and not many.
std::string plain_word(std::string_view, std::size_t longest = 64);

} // namespace cox::untrusted
