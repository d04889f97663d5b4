#include "adapters/matrix/document.hpp"

#include "core/assert.hpp"
#include "core/characters.hpp"
#include "core/text.hpp"

#include <cmark-gfm.h>

#include <algorithm>

#include <cstdlib>
#include <memory>

namespace cox::matrix {
namespace {

struct FreeTree {
    void operator()(cmark_node* node) const { cmark_node_free(node); }
};
using Tree = std::unique_ptr<cmark_node, FreeTree>;

// cmark refuses a child only where none of its kind may stand, which would be our own mistake.
cmark_node* add(cmark_node* parent, cmark_node_type kind) {
    auto* const node = cmark_node_new(kind);
    bool const stands = cmark_node_append_child(parent, node) == 1;
    COX_ASSERT(stands);
    return node;
}

void add_text(cmark_node* parent, std::string const& text, cmark_node_type kind = CMARK_NODE_TEXT) {
    cmark_node_set_literal(add(parent, kind), text.c_str());
}

void add_inline(cmark_node* parent, Inline const& piece) {
    switch (piece.kind) {
    case Inline::Kind::text: return add_text(parent, piece.text);
    case Inline::Kind::strong: return add_text(add(parent, CMARK_NODE_STRONG), piece.text);
    case Inline::Kind::code: return add_text(parent, piece.text, CMARK_NODE_CODE);
    case Inline::Kind::line_end: add(parent, CMARK_NODE_LINEBREAK); return;
    case Inline::Kind::link: {
        auto* const link = add(parent, CMARK_NODE_LINK);
        cmark_node_set_url(link, piece.target.c_str());
        return add_text(link, piece.text);
    }
    }
}

void add_inlines(cmark_node* paragraph, Block const& block) {
    for (auto const& piece : block.inlines)
        add_inline(paragraph, piece);
}

// Where blocks of that kind stand, however many follow each other.
cmark_node* parent_for(Block::Kind kind, cmark_node* root) {
    if (kind == Block::Kind::paragraph) return root;
    if (kind == Block::Kind::quote) return add(root, CMARK_NODE_BLOCK_QUOTE);
    auto* const list = add(root, CMARK_NODE_LIST);
    cmark_node_set_list_type(list, CMARK_BULLET_LIST);
    cmark_node_set_list_tight(list, 1);
    return list;
}

Tree tree_of(Document const& document) {
    Tree root{cmark_node_new(CMARK_NODE_DOCUMENT)};
    cmark_node* parent = root.get();
    auto before = Block::Kind::paragraph;
    for (auto const& block : document) {
        if (block.kind != before) parent = parent_for(block.kind, root.get());
        before = block.kind;
        auto* const stands_in = block.kind == Block::Kind::item ? add(parent, CMARK_NODE_ITEM) : parent;
        add_inlines(add(stands_in, CMARK_NODE_PARAGRAPH), block);
    }
    return root;
}

std::string_view between(Block::Kind kind) {
    switch (kind) {
    case Block::Kind::item: return "\n";
    case Block::Kind::quote: return "\n>\n";
    case Block::Kind::paragraph: break;
    }
    return "\n\n";
}

std::string plain_of(Block const& block) {
    bool const quoted = block.kind == Block::Kind::quote;
    std::string out = block.kind == Block::Kind::item ? "• " : quoted ? "> " : "";
    for (auto const& piece : block.inlines) {
        switch (piece.kind) {
        case Inline::Kind::line_end: out += quoted ? "\n> " : "\n"; break;
        case Inline::Kind::code: ((out += '`') += piece.text) += '`'; break;
        default: out += piece.text;
        }
    }
    return out;
}

} // namespace

std::string html_of(Document const& document) {
    auto const tree = tree_of(document);
    std::unique_ptr<char, decltype(&std::free)> const text{cmark_render_html(tree.get(), CMARK_OPT_DEFAULT, nullptr),
                                                           &std::free};
    std::string_view html{text.get()};
    html = trim_right(html);
    constexpr std::string_view open = "<p>";
    constexpr std::string_view close = "</p>";
    if (document.size() == 1 && html.starts_with(open) && html.ends_with(close)) {
        html.remove_prefix(open.size());
        html.remove_suffix(close.size());
    }
    return std::string{html};
}

std::string plain_of(Document const& document) {
    std::string out;
    auto before = Block::Kind::paragraph;
    for (auto const& block : document) {
        bool const joined = block.kind == before;
        if (!out.empty()) out += joined ? between(block.kind) : "\n\n";
        out += plain_of(block);
        before = block.kind;
    }
    return out;
}

std::size_t characters_of(Document const& document) {
    std::size_t count = 0;
    for (auto const& block : document) {
        for (auto const& piece : block.inlines) {
            for (std::string_view rest{piece.text}; !rest.empty(); rest.remove_prefix(first_character(rest)))
                ++count;
        }
    }
    return count;
}

Document cut_to(Document const& document, std::size_t characters) {
    Document out;
    for (auto const& block : document) {
        out.push_back({block.kind, {}});
        for (auto const& piece : block.inlines) {
            std::string_view rest{piece.text};
            for (; !rest.empty() && characters > 0; --characters)
                rest.remove_prefix(first_character(rest));
            auto kept = piece;
            kept.text.resize(piece.text.size() - rest.size());
            bool const is_cut = !rest.empty();
            if (!is_cut || !kept.text.empty()) out.back().inlines.push_back(std::move(kept));
            if (!is_cut) continue;
            out.back().inlines.push_back({Inline::Kind::text, "…"});
            return out;
        }
    }
    return out;
}

std::string calmed(std::string_view text) {
    constexpr std::string_view line_ends[] = {"\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"}; // U+0085, U+2028, U+2029
    constexpr std::string_view everybody = "@room";
    constexpr std::string_view joiner = "\xE2\x81\xA0"; // U+2060: seen by no reader, and no longer that word
    auto const begins_none = [](char c) { return c != '\n' && c != '@' && c != '\xC2' && c != '\xE2'; };
    std::string out;
    out.reserve(text.size());
    for (;;) {
        auto const plain = std::ranges::find_if_not(text, begins_none);
        out.append(text.begin(), plain);
        text = {plain, text.end()};
        if (text.empty()) return out;
        auto const* const found =
            std::ranges::find_if(line_ends, [text](std::string_view end) { return text.starts_with(end); });
        if (found != std::end(line_ends)) {
            out += ' ';
            text.remove_prefix(found->size());
            continue;
        }
        char const c = text.front();
        out += c == '\n' ? ' ' : c;
        if (same_ignoring_case(text.substr(0, everybody.size()), everybody)) out += joiner;
        text.remove_prefix(1);
    }
}

} // namespace cox::matrix
