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

} // namespace

Document legend(std::vector<Button> const& buttons, std::vector<Reaction> const& reactions) {
    if (buttons.empty()) return {};
    Block line;
    for (auto const& button : buttons) {
        auto const reaction = std::ranges::find(reactions, button.command, &Reaction::command);
        std::string label = line.inlines.empty() ? "" : " · ";
        if (reaction != reactions.end()) label += reaction->key + " ";
        line.inlines.push_back({Inline::Kind::text, calmed(label + button.label + ": ")});
        line.inlines.push_back({Inline::Kind::code, calmed(as_typed(button.command))});
    }
    return {line};
}

Document rest_in_timeline() {
    return words("Cut short: a message holds no more. " + marks::code("timeline") + " has the rest.");
}

Document rest_in_status() {
    return words("Cut short: " + marks::code("status") + " shows where things stand, " + marks::code("actions") +
                 " every action.");
}

} // namespace cox::matrix
