#pragma once
// A small, strict part of YAML: maps, lists and text. Anchors, aliases, tags, merge keys, a key given twice and a
// second document are mistakes; nothing is ever expanded, so a small file stays small in memory.
#include "bot/config/problem.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cox::bot {

constexpr std::size_t longest_yaml = 1024 * 1024; // bytes
constexpr std::size_t deepest_yaml = 16;          // lists and maps inside one another
constexpr std::size_t most_yaml_nodes = 100'000;

struct YamlKey {
    std::string name;
    int line = 1;
    int column = 1;
};

struct YamlNode {
    enum class Kind {
        nothing, // no value, or `null`
        text,
        list,
        map,
        refused // reported already; whoever reads on passes it by
    };
    Kind kind = Kind::nothing;
    int line = 1;
    int column = 1;
    std::string text;
    std::vector<YamlKey> keys;   // of a map
    std::vector<YamlNode> items; // of a list, or the values that belong to `keys`
};

// The file's root; none when the file as a whole cannot be read. Each mistake is in the report; what can be skipped is
// skipped. An empty file is Kind::nothing.
std::optional<YamlNode> read_yaml(std::string_view text, Report&);

} // namespace cox::bot
