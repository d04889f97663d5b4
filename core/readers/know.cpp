// What is known: impact, hypothesis, the decision needed, notes, when it began.
#include "core/readers.hpp"

namespace cox::readers {
namespace {

constexpr std::pair<std::string_view, Confidence> confidences[] = {
    {"suspected", Confidence::suspected}, {"likely", Confidence::likely}, {"confirmed", Confidence::confirmed}};

// Where the last word of the text begins.
std::size_t last_word_at(std::string_view text) {
    auto at = text.size();
    while (at > 0 && !is_blank(text[at - 1]))
        --at;
    return at;
}

// "by 14:30" at the end. A deadline that looks like a time but is none is not taken for text in silence.
struct Deadline {
    std::string_view before;
    std::optional<Time> by;
    std::string_view bad;
};

Deadline deadline(std::string_view text, Cursor const& cursor) {
    for (auto at = text.size(); at-- > 1;) {
        bool const stands_alone = is_blank(text[at - 1]) && at + 2 < text.size() && is_blank(text[at + 2]);
        if (!stands_alone || !same_ignoring_case(text.substr(at, 2), "by")) continue;
        auto const value = trim_left(text.substr(at + 2));
        auto const by = parse_time(value, cursor.reading());
        bool const looks_like_clock = is_digit(value[0]) && first_word(value) == value && value.find(':') != value.npos;
        if (by || looks_like_clock) return {trim_right(text.substr(0, at)), by, by ? std::string_view{} : value};
        break;
    }
    return {text, std::nullopt, {}};
}

} // namespace

std::optional<Confidence> take_confidence(std::string_view& text) {
    auto const bare = without_tail(trim_right(text), ".!)");
    auto const at = last_word_at(bare);
    auto word = bare.substr(at);
    if (word.starts_with('(')) word.remove_prefix(1);
    for (auto const& [name, confidence] : confidences) {
        if (!same_ignoring_case(word, name)) continue;
        text = trim_right(without_tail(trim_right(bare.substr(0, at)), ",;:"));
        return confidence;
    }
    return std::nullopt;
}

Read impact(Cursor& cursor) {
    if (cursor.empty()) return cursor.usage();
    return command::SetImpact{cursor.said(cursor.rest())};
}

Read hypothesis(Cursor& cursor) {
    if (same_ignoring_case(without_tail(cursor.peek(), ".:"), "out")) {
        auto whole = cursor;
        whole.word();
        whole.split_because();
        // "hyp out of memory on db-3" is a hypothesis.
        if (whole.empty()) {
            cursor.word();
            cursor.split_because();
            return command::RuleOut{};
        }
    }
    auto text = cursor.rest();
    auto const confidence = take_confidence(text);
    if (text.empty()) return cursor.usage();
    return command::Hypothesise{cursor.said(text), confidence};
}

Read need(Cursor& cursor) {
    if (cursor.empty()) return cursor.usage();
    auto const [text, by, bad] = deadline(cursor.rest(), cursor);
    if (!bad.empty()) return cursor.bad_time(bad);
    return command::Need{cursor.said(text), by};
}

Read note(Cursor& cursor) {
    if (cursor.empty()) return cursor.usage();
    return command::Note{cursor.said(cursor.rest())};
}

Read started(Cursor& cursor) {
    if (cursor.empty()) return cursor.usage();
    auto const text = cursor.rest();
    auto const at = parse_time(text, cursor.reading(Nearest::last));
    if (!at) return cursor.bad_time(text);
    return command::Started{*at};
}

} // namespace cox::readers
