// What a channel itself carries: its topic and its name.
#include "adapters/slack/drawing.hpp"
#include "adapters/slack/mrkdwn.hpp"
#include "core/characters.hpp"
#include "core/text.hpp"

#include <algorithm>

namespace cox::slack {
namespace {

constexpr std::size_t longest_name = 80;

// The same length as what they stand for, unlike the entities.
std::string with_look_alikes(std::string_view text) {
    std::string out;
    for (char const c : text) {
        switch (c) {
        case '&': out += "＆"; break;
        case '<': out += "‹"; break;
        case '>': out += "›"; break;
        default: out += c;
        }
    }
    return out;
}

// The letters from À to ſ (U+00C0 to U+017F) without their marks; '-' for the two signs between them.
constexpr std::string_view bare_letters = "aaaaaaaceeeeiiiidnooooo-ouuuuytsaaaaaaaceeeeiiiidnooooo-ouuuuyty"
                                          "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkk"
                                          "llllllllllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
static_assert(bare_letters.size() == 0x180 - 0xC0);

// A letter as it is written where there is only ASCII: "ae", "ss", "o"; "" for one that has no such form.
std::string_view in_ascii(std::string_view letter) {
    struct Pair {
        std::string_view letter;
        std::string_view ascii;
    };
    constexpr Pair pairs[] = {{"ä", "ae"}, {"Ä", "ae"}, {"ö", "oe"}, {"Ö", "oe"}, {"ü", "ue"},
                              {"Ü", "ue"}, {"ß", "ss"}, {"æ", "ae"}, {"Æ", "ae"}, {"œ", "oe"},
                              {"Œ", "oe"}, {"þ", "th"}, {"Þ", "th"}, {"å", "aa"}, {"Å", "aa"}};
    auto const* const pair = std::ranges::find(pairs, letter, &Pair::letter);
    if (pair != std::end(pairs)) return pair->ascii;
    if (letter.size() != 2) return {};
    auto const code =
        (static_cast<unsigned char>(letter[0]) & 0x1FU) << 6 | (static_cast<unsigned char>(letter[1]) & 0x3FU);
    if (code < 0xC0 || code >= 0xC0 + bare_letters.size()) return {};
    return bare_letters.substr(code - 0xC0, 1);
}

bool is_name_letter(char c) {
    return (c >= 'a' && c <= 'z') || is_digit(c);
}

bool is_mark(std::string_view point) { // U+0300 to U+036F: the marks of a letter written in two parts
    return point.size() == 2 && (point[0] == '\xCC' || (point[0] == '\xCD' && point[1] <= '\xAF'));
}

void trim_dashes(std::string& name) {
    while (!name.empty() && !is_name_letter(name.back()))
        name.pop_back();
    name.erase(0, static_cast<std::size_t>(std::ranges::find_if(name, is_name_letter) - name.begin()));
}

std::string slug(std::string_view text) {
    std::string name;
    while (!text.empty()) {
        auto const lead = static_cast<unsigned char>(text.front());
        std::size_t const size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        auto const point = text.substr(0, size);
        text.remove_prefix(size);
        char const c = lower(point.front());
        if (size == 1 && (is_name_letter(c) || c == '_'))
            name += c;
        else if (auto const ascii = in_ascii(point); !ascii.empty() && ascii != "-")
            name += ascii;
        else if (!is_mark(point) && !name.empty() && name.back() != '-')
            name += '-';
    }
    return name;
}

} // namespace

std::string topic_text(std::string_view topic) {
    auto const line = plain_line(topic, longest_topic);
    auto const safe = escaped(line);
    return length(safe) <= longest_topic ? safe : with_look_alikes(line);
}

std::string channel_name(std::string_view wanted, int attempt) {
    auto const suffix = attempt >= 2 ? "-" + std::to_string(attempt) : std::string{};
    auto name = slug(valid_utf8(wanted));
    name.resize(std::min(name.size(), longest_name - suffix.size()));
    trim_dashes(name);
    return (name.empty() ? "incident" : name) + suffix;
}

} // namespace cox::slack
