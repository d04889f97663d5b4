#pragma once
// A small, fast reader and writer for JSON objects that hold little more than strings: the log's lines. Everything is
// checked (grammar, UTF-8, escapes, depth), nothing is copied until it is asked for.
#include <array>
#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

namespace cox::flat_json {

enum class Kind { string, integer, number, boolean, null, object, array };

// Points into the text that was scanned.
struct Member {
    char const* name_at;
    char const* value_at;
    std::size_t name_size;
    std::size_t value_size;
    Kind kind;
    bool escaped; // a string with a backslash in it

    std::string_view name() const { return {name_at, name_size}; }    // as written between the quotes
    std::string_view value() const { return {value_at, value_size}; } // as written; a string without its quotes
};

constexpr std::size_t most_members = 48;
constexpr int deepest = 64;

struct Object {
    std::array<Member, most_members> members; // only the first `count` hold anything
    std::size_t count;
};

// The reason names the column, counted in bytes from 1.
std::expected<void, std::string> scan(std::string_view text, Object& into);

// The text that a string member stands for.
void take(Member const&, std::string& into);

// Appends `text` in quotes. Bytes that are no UTF-8 become U+FFFD, so that the result can always be read back.
void append_string(std::string& out, std::string_view text);

} // namespace cox::flat_json
