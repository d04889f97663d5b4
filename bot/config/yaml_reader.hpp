#pragma once
// From a YAML tree to values: each function takes one value or reports, at its line and column, what it should be.
#include "bot/config/yaml_tree.hpp"
#include "core/time.hpp"

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cox::bot {

// A map with known keys. Those that are not known are reported when it is made.
class Fields {
public:
    // `what` names the map in sentences: "a severity".
    Fields(Report&, YamlNode const&, std::string_view what, std::span<std::string_view const> known);
    Fields(Report& report, YamlNode const& node, std::string_view what, std::initializer_list<std::string_view> known)
        : Fields{report, node, what, std::span{known.begin(), known.size()}} {}

    // Null when it is not given, or was refused.
    YamlNode const* find(std::string_view key) const;
    // The same, and reports what is missing. `example` is a line ready to copy.
    YamlNode const* need(std::string_view key, std::string_view example) const;

private:
    Report& report_;
    YamlNode const& node_;
    std::string what_;
};

// One line of text without control characters, blanks at the ends removed, at most `longest` characters.
std::optional<std::string> text_of(Report&, YamlNode const*, std::string_view key, std::size_t longest = 500);
// Text with line breaks.
std::optional<std::string> paragraphs_of(Report&, YamlNode const*, std::string_view key, std::size_t longest = 4000);
// A word that people type: no blanks, none of @ # < > & ; , | ` and quotes; at most 32 bytes.
std::optional<std::string> word_of(Report&, YamlNode const*, std::string_view key);
std::optional<int> number_of(Report&, YamlNode const*, std::string_view key, int least, int most);

// "yes" or "no", "true" or "false".
std::optional<bool> yes_or_no_of(Report&, YamlNode const*, std::string_view key);

struct SpanRange {
    Duration least;
    Duration most;
};
std::optional<Duration> span_of(Report&, YamlNode const*, std::string_view key, SpanRange);
// The same, where one phrase ("as needed") means that there is none. The outer optional is empty after a mistake.
std::optional<std::optional<Duration>> span_or_phrase_of(Report&, YamlNode const*, std::string_view key,
                                                         std::string_view phrase, SpanRange);

// The entries of a list; none for anything else, which is reported with `example`.
std::span<YamlNode const> list_of(Report&, YamlNode const*, std::string_view key, std::string_view example);

} // namespace cox::bot
