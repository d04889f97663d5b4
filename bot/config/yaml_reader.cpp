#include "bot/config/yaml_reader.hpp"

#include "bot/config/nearest.hpp"
#include "bot/config/span_words.hpp"

#include <algorithm>
#include <charconv>

namespace cox::bot {
namespace {

using Kind = YamlNode::Kind;

std::string quoted(std::string_view word) {
    constexpr std::size_t shown = 60;
    if (word.size() <= shown) return "\"" + std::string{word} + "\"";
    auto cut = shown;
    while (cut > 0 && (static_cast<unsigned char>(word[cut]) & 0xC0) == 0x80)
        --cut;
    return "\"" + std::string{word.substr(0, cut)} + "…\"";
}

std::string_view trimmed(std::string_view text) {
    auto const first = text.find_first_not_of(" \t\n");
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\n") - first + 1);
}

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// What people say in place of a length of time in one of the files.
constexpr std::string_view phrases[] = {"as needed", "business hours", "off", "none", "never"};

bool same_word(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) { return x == y || ((x | 0x20) == y && x >= 'A' && x <= 'Z'); });
}

std::optional<std::string> checked_text(Report& report, YamlNode const* node, std::string_view key, std::size_t longest,
                                        bool one_line) {
    if (node == nullptr || node->kind == Kind::refused) return {};
    auto const say = [&](std::string what) -> std::optional<std::string> {
        report.add(node->line, node->column, quoted(key) + what);
        return {};
    };
    if (node->kind == Kind::nothing) return say(" has no value; write one behind the colon");
    if (node->kind != Kind::text) return say(" is one text, not a list or a map; write it behind the colon, in quotes");
    auto const text = trimmed(node->text);
    if (text.empty()) return say(" is empty; write a value");
    auto const control = [&](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F; };
    if (std::ranges::any_of(text, control)) return say(" holds a control character; remove it");
    if (one_line && text.contains('\n')) return say(" is one line; join its lines (\">\" in place of \"|\")");
    if (characters(text) > longest) {
        return say(" is longer than " + std::to_string(longest) + " characters; shorten it");
    }
    return std::string{text};
}

std::string span_in_words(Duration d) {
    auto const seconds = std::chrono::duration_cast<std::chrono::seconds>(d).count();
    if (seconds % 86400 == 0 && seconds != 0) return std::to_string(seconds / 86400) + " d";
    if (seconds % 3600 == 0 && seconds != 0) return std::to_string(seconds / 3600) + " h";
    if (seconds % 60 == 0 && seconds != 0) return std::to_string(seconds / 60) + " min";
    return std::to_string(seconds) + " s";
}

std::optional<Duration> checked_span(Report& report, YamlNode const& node, std::string_view key, std::string_view text,
                                     SpanRange range, std::string_view or_phrase) {
    auto const span = read_span(text);
    if (!span) {
        std::string other;
        if (!or_phrase.empty()) other = ", or " + std::string{or_phrase};
        report.add(node.line, node.column,
                   quoted(key) + " is a length of time and " + quoted(text) +
                       " is none; write a number and its unit, such as 10 min, 90s or 1h30m" + other);
        return {};
    }
    if (*span < range.least || *span > range.most) {
        report.add(node.line, node.column,
                   quoted(key) + " is " + span_in_words(*span) + "; it must lie between " + span_in_words(range.least) +
                       " and " + span_in_words(range.most));
        return {};
    }
    return span;
}

} // namespace

Fields::Fields(Report& report, YamlNode const& node, std::string_view what, std::span<std::string_view const> known)
    : report_{report}, node_{node}, what_{what} {
    if (node.kind == Kind::nothing || node.kind == Kind::refused) return;
    if (node.kind != Kind::map) {
        std::string example;
        if (!known.empty()) example = ", such as " + std::string{known.front()} + ": …";
        report.add(node.line, node.column, what_ + " is a map; write lines of key: value" + example);
        return;
    }
    for (auto const& key : node.keys) {
        if (std::ranges::find(known, key.name) != known.end()) continue;
        report.add(key.line, key.column,
                   quoted(key.name) + " is not known in " + what_ + "; " + did_you_mean(key.name, known));
    }
}

YamlNode const* Fields::find(std::string_view key) const {
    if (node_.kind != Kind::map) return nullptr;
    auto const found = std::ranges::find(node_.keys, key, &YamlKey::name);
    if (found == node_.keys.end()) return nullptr;
    return &node_.items[static_cast<std::size_t>(found - node_.keys.begin())];
}

YamlNode const* Fields::need(std::string_view key, std::string_view example) const {
    auto const* node = find(key);
    bool const could_hold_it = node_.kind == Kind::map || node_.kind == Kind::nothing;
    if (node == nullptr && could_hold_it) {
        report_.add(node_.line, node_.column,
                    what_ + " needs " + quoted(key) + "; add it, for example " + std::string{example});
    }
    return node;
}

std::optional<std::string> text_of(Report& report, YamlNode const* node, std::string_view key, std::size_t longest) {
    return checked_text(report, node, key, longest, true);
}

std::optional<std::string> paragraphs_of(Report& report, YamlNode const* node, std::string_view key,
                                         std::size_t longest) {
    return checked_text(report, node, key, longest, false);
}

std::optional<std::string> word_of(Report& report, YamlNode const* node, std::string_view key) {
    auto word = checked_text(report, node, key, 32, true);
    if (!word) return {};
    auto const bad = word->find_first_of(" @#<>&;,|`\"'");
    if (bad == word->npos) return word;
    report.add(node->line, node->column,
               quoted(key) + " is a word that people type, and " + quoted(*word) + " holds " +
                   ((*word)[bad] == ' ' ? "a blank" : quoted(word->substr(bad, 1))) +
                   "; use letters, digits, dashes and dots");
    return {};
}

std::optional<int> number_of(Report& report, YamlNode const* node, std::string_view key, int least, int most) {
    auto const text = text_of(report, node, key);
    if (!text) return {};
    int number = 0;
    auto const [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error == std::errc{} && end == text->data() + text->size() && number >= least && number <= most) return number;
    report.add(node->line, node->column,
               quoted(key) + " is " + quoted(*text) + "; it must be a whole number between " + std::to_string(least) +
                   " and " + std::to_string(most));
    return {};
}

std::optional<bool> yes_or_no_of(Report& report, YamlNode const* node, std::string_view key) {
    auto const text = text_of(report, node, key);
    if (!text) return {};
    if (*text == "yes" || *text == "true") return true;
    if (*text == "no" || *text == "false") return false;
    report.add(node->line, node->column, quoted(key) + " is " + quoted(*text) + "; write yes or no");
    return {};
}

std::optional<Duration> span_of(Report& report, YamlNode const* node, std::string_view key, SpanRange range) {
    auto const text = text_of(report, node, key);
    if (!text) return {};
    return checked_span(report, *node, key, *text, range, {});
}

std::optional<std::optional<Duration>> span_or_phrase_of(Report& report, YamlNode const* node, std::string_view key,
                                                         std::string_view phrase, SpanRange range) {
    auto const text = text_of(report, node, key);
    if (!text) return {};
    if (same_word(*text, phrase)) return std::optional<Duration>{};
    bool const other = std::ranges::any_of(phrases, [&](std::string_view p) { return same_word(*text, p); });
    if (other) {
        report.add(node->line, node->column,
                   quoted(key) + " cannot be " + quoted(*text) + "; write " + std::string{phrase} +
                       ", or a length of time such as 10 min");
        return {};
    }
    if (auto const span = checked_span(report, *node, key, *text, range, phrase)) return std::optional<Duration>{*span};
    return {};
}

std::span<YamlNode const> list_of(Report& report, YamlNode const* node, std::string_view key,
                                  std::string_view example) {
    if (node == nullptr || node->kind == Kind::refused) return {};
    if (node->kind == Kind::list) return node->items;
    report.add(node->line, node->column,
               quoted(key) + (node->kind == Kind::nothing ? " has no value" : " is a list") + "; write it as " +
                   std::string{example});
    return {};
}

} // namespace cox::bot
