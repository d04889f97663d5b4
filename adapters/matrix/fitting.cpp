#include "adapters/matrix/fitting.hpp"

#include <nlohmann/json.hpp>

namespace cox::matrix {
namespace {

BothForms forms_of(Document document, Document const& below) {
    document.insert(document.end(), below.begin(), below.end());
    // Other bots listen for what begins like a command; they take no dash for one.
    auto body = plain_of(document);
    if (body.starts_with('!') || body.starts_with('/')) {
        auto& inlines = document.front().inlines;
        inlines.insert(inlines.begin(), {Inline::Kind::text, "— "});
        body = plain_of(document);
    }
    return {std::move(body), html_of(document)};
}

std::size_t size_of(BothForms const& forms) {
    return json_size(forms.body) + json_size(forms.html);
}

// Most are so small that nobody need count.
bool fits(BothForms const& forms, std::size_t limit) {
    constexpr std::size_t most_of_a_byte = 6; // "\\u001f"
    constexpr std::size_t quotes = 4;
    return (forms.body.size() + forms.html.size()) * most_of_a_byte + quotes <= limit || size_of(forms) <= limit;
}

} // namespace

std::size_t json_size(std::string_view text) {
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).size();
}

BothForms fitted(Document const& document, Document const& rest, Document const& foot, std::size_t limit) {
    auto forms = forms_of(document, foot);
    if (fits(forms, limit)) return forms;
    auto below = rest;
    below.insert(below.end(), foot.begin(), foot.end());
    for (auto kept = characters_of(document);;) {
        // Nearer with each step, since what is left is no smaller for each of its characters than all was.
        kept = kept * limit / (size_of(forms) + 1) * 9 / 10;
        forms = forms_of(cut_to(document, kept), below);
        forms.cut = true;
        if (size_of(forms) <= limit || kept == 0) return forms;
    }
}

} // namespace cox::matrix
