#pragma once
// The text of a message that a client wrote as HTML, with people's pills as the engine reads mentions
// ("<@@ana:example.org>"). Nothing else of the mark-up is kept.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cox::matrix {

struct HtmlText {
    std::string text;
    std::vector<std::string> pills; // users' ids, in the order in which they stand there
};

// A reply's quotation at its start is left out. Never throws and never reads outside, whatever it is given.
HtmlText text_of_html(std::string_view html);

// The user that a link leads to: "https://matrix.to/#/@ana:example.org", "matrix:u/ana:example.org". None for others.
std::optional<std::string> user_of_link(std::string_view href);

} // namespace cox::matrix
