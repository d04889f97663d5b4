#pragma once
// A message before it is drawn: its plain body and its HTML come from the same pieces and say the same. The HTML is
// written by cmark-gfm from a tree that is made here, never parsed from text: what people type is a leaf of that tree
// and stays text whatever it holds.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cox::matrix {

struct Inline {
    enum class Kind { text, strong, code, link, line_end } kind = Kind::text;
    std::string text;        // as shown, without line ends
    std::string target = {}; // of a link
    bool operator==(Inline const&) const = default;
};

struct Block {
    // Items that follow each other make a list, quotes one quotation.
    enum class Kind { paragraph, item, quote } kind = Kind::paragraph;
    std::vector<Inline> inlines;
    bool operator==(Block const&) const = default;
};

using Document = std::vector<Block>;

// Of the tags that Matrix allows: p, br, strong, code, a, ul, li and blockquote. One paragraph alone goes without its
// p.
std::string html_of(Document const&);
std::string plain_of(Document const&);

// Its first `characters`, as a reader counts them; ends in "…" where something is cut.
Document cut_to(Document const&, std::size_t characters);
std::size_t characters_of(Document const&);

// Text as a leaf may hold it: what some clients would take for the end of a line is a blank, and "@room" calls nobody.
std::string calmed(std::string_view);

} // namespace cox::matrix
