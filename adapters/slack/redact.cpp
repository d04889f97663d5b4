#include "adapters/slack/redact.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <optional>

namespace cox::slack {
namespace {

constexpr std::string_view hidden = "[hidden]";

bool is_letter(char c) {
    return lower(c) >= 'a' && lower(c) <= 'z';
}

// What a secret is written with, percent-encoded or as JSON escapes a path too. Where it ends something else begins: a
// blank, a quote, '&'.
bool secret_character(char c) {
    constexpr std::string_view marks = "-._~+/=%:\\";
    return is_letter(c) || is_digit(c) || marks.find(c) != std::string_view::npos;
}

// `word` is in lower case.
bool begins(std::string_view text, std::string_view word) {
    return text.size() >= word.size() &&
           std::equal(word.begin(), word.end(), text.begin(), [](char w, char t) { return w == lower(t); });
}

// Names that stay; what follows is the secret.
constexpr std::string_view names[] = {"bearer ",       "bearer%20",         "ticket=",          "ticket%3d",
                                      "access_token=", "access_token\":\"", "hooks.slack.com/", "hooks.slack.com\\/"};

// How much of the text, which begins with something to hide, is its name; none when it begins with nothing of that.
std::optional<std::size_t> name_length(std::string_view text) {
    for (auto const name : names)
        if (begins(text, name)) return name.size();
    bool const is_token = begins(text, "xapp-") || (begins(text, "xox") && text.size() > 4 && is_letter(text[3]) &&
                                                    (text[4] == '-' || text[4] == '.'));
    return is_token ? std::optional{std::size_t{0}} : std::nullopt;
}

} // namespace

std::string redacted(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        auto const name = name_length(text);
        if (!name) {
            out += text.front();
            text.remove_prefix(1);
            continue;
        }
        out.append(text.substr(0, *name));
        text.remove_prefix(*name);
        auto const end = std::ranges::find_if_not(text, secret_character);
        if (end != text.begin()) out.append(hidden);
        text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
    }
    return out;
}

} // namespace cox::slack
