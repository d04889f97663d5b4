#include "adapters/matrix/below.hpp"

#include "adapters/matrix/marked.hpp"
#include "core/marks.hpp"

#include <algorithm>
#include <string>

namespace cox::matrix {
namespace {

Document words(std::string const& marked) {
    return read_marked(marked, Mentions::silent, "").blocks;
}

bool holds(Document const& document, Inline const& piece) {
    return std::ranges::any_of(document, [&piece](Block const& block) {
        return std::ranges::find(block.inlines, piece) != block.inlines.end();
    });
}

} // namespace

Document legend(std::vector<Button> const& buttons, std::vector<Reaction> const& reactions, Document const& above) {
    if (buttons.empty()) return {};
    Block line;
    for (auto const& button : buttons) {
        auto const reaction = std::ranges::find(reactions, button.command, &Reaction::command);
        Inline const typed{Inline::Kind::code, calmed(as_typed(button.command))};
        bool const has_key = reaction != reactions.end();
        bool const says_how = !has_key || !holds(above, typed);
        std::string label = line.inlines.empty() ? "" : " · ";
        if (has_key) label += reaction->key + " ";
        line.inlines.push_back({Inline::Kind::text, calmed(label + button.label + (says_how ? ": " : ""))});
        if (says_how) line.inlines.push_back(typed);
    }
    return {line};
}

Document const& rest_in_timeline() {
    static auto const rest = words("Cut short: a message holds no more. " + marks::code("timeline") + " has the rest.");
    return rest;
}

Document const& rest_in_status() {
    static auto const rest = words("Cut short: " + marks::code("status") + " shows where things stand, " +
                                   marks::code("actions") + " every action.");
    return rest;
}

} // namespace cox::matrix
