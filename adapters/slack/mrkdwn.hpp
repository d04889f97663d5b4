#pragma once
// Marked text as pieces of mrkdwn, so that what is too long for one place is cut or divided between them.
// What people type stays text: `&`, `<` and `>` are escaped, addresses become links, and the characters that would
// format are shown by look-alikes where Slack could take them for formatting (it knows no way to escape those).
// Lengths are UTF-16 units of what is sent, never fewer than the characters that Slack counts.
#include "adapters/slack/drawing.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cox::slack {

// What must not be divided: a word of some letters, a character with all that belongs to it, an entity, a `<…>`, a span
// of code.
struct Piece {
    std::string text;
    std::size_t length = 0;
    bool typed = false; // a character of the text itself, not made by us
};

enum class Mentions { notify, silent };

std::vector<Piece> pieces_of(std::string_view marked, Mentions, Typing = Typing::slash);
std::string joined(std::span<Piece const>);
// At most `limit` long; ends in "…" where something is cut. True when something was.
bool cut(std::vector<Piece>&, std::size_t limit);
// Parts of at most `limit`, divided at line ends, at blanks where a line is too long, and else between pieces.
// No part is empty or blank.
std::vector<std::string> divided(std::span<Piece const>, std::size_t limit);

// In bold, whatever the words hold; "" when they hold nothing.
std::string bold(std::string_view words);
constexpr std::size_t longest_bold = 102;

// Slack's own part of an id of ours that may stand in `<@…>` or `<#…>`: capital letters and digits, the first of them
// one of `kinds`. "" for any other id, which then is no more than a name.
std::string_view linkable(std::string_view id, std::string_view kinds);

// Plain words: marks resolved, on one line, valid UTF-8, at most `limit` long.
std::string plain_line(std::string_view marked, std::size_t limit);
// The same with its lines kept.
std::string plain_lines(std::string_view marked, std::size_t limit);

// Bytes that are no UTF-8 become U+FFFD.
std::string valid_utf8(std::string_view);

} // namespace cox::slack
