#pragma once
// The vocabulary: one row per command. Help, completion, typo suggestions and the parser all read this table.
#include "core/parse.hpp"

#include <expected>
#include <span>

namespace cox {

class Cursor;

// When a command makes sense; `help` shows these first.
enum class Phase { any, none_open, open, contained, closed };

// What "because REASON" is to a command. With `verb!` it is always the reason.
enum class Because {
    reason,   // taken off the end
    repeated, // noted as the reason; the free text keeps it too, so that nothing said is lost
    text,     // part of the free text
    inside    // owner and ETA may stand behind it: the row's reader looks for it
};

struct Row {
    std::string_view verb;                 // "declare"
    std::vector<std::string_view> aliases; // "open", "new"
    std::string_view usage;                // "declare [here] [SEV] TITLE [impact …] [started TIME]"
    std::string_view does;                 // one line, for help
    std::string_view example;              // ready to copy
    Phase phase;
    bool built;                                       // false: it parses, and says plainly that it is not there yet
    std::expected<Command, Misread> (*read)(Cursor&); // its arguments
    Because because = Because::reason;
};

std::span<Row const> grammar();
// By verb or alias, case ignored; null when there is none.
Row const* find_row(std::string_view word);
// Whether what people are shown to type is a command without its prefix: "sev 2 because …", "ops me".
bool is_shown_command(std::string_view shown);
// Whether `typed` may be a slip of the finger for `meant`.
bool is_nearly(std::string_view typed, std::string_view meant);
// Verbs near a mistyped word, best first, at most three.
std::vector<std::string_view> suggestions(std::string_view word);

} // namespace cox
