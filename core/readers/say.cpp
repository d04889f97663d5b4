// Severity and status updates.
#include "core/readers.hpp"

namespace cox::readers {
namespace {

enum class Field { headline, impact, hypothesis, need };

constexpr std::pair<std::string_view, Field> field_words[] = {{"headline", Field::headline},
                                                              {"impact", Field::impact},
                                                              {"hypothesis", Field::hypothesis},
                                                              {"hyp", Field::hypothesis},
                                                              {"need", Field::need}};

// Which field the part is, with its word taken off.
std::optional<Field> take_field(std::string_view& part) {
    auto const word = first_word(part);
    for (auto const& [name, field] : field_words) {
        if (!same_ignoring_case(without_tail(word, ":"), name)) continue;
        part = trim_left(part.substr(word.size()));
        return field;
    }
    return std::nullopt;
}

} // namespace

Read severity(Cursor& cursor) {
    if (cursor.empty()) return cursor.usage();
    auto severity = cursor.severity();
    if (!severity) return cursor.no_such_severity(cursor.rest());
    if (!cursor.empty()) return cursor.usage();
    return command::SetSeverity{std::move(*severity)};
}

Read update(Cursor& cursor) {
    command::Update update;
    auto rest = cursor.rest();
    bool any_field = false;
    auto const whole = rest;
    std::string headline;
    while (!rest.empty()) {
        auto const cut = rest.find_first_of(";\n");
        auto part = trim(rest.substr(0, cut));
        rest = cut == rest.npos ? std::string_view{} : trim_left(rest.substr(cut + 1));
        auto const field = take_field(part);
        any_field = any_field || field;
        if (part.empty()) continue;
        switch (field.value_or(Field::headline)) {
        case Field::headline:
            if (!headline.empty()) headline += "; ";
            headline += cursor.said(part);
            break;
        case Field::impact: update.impact = cursor.said(part); break;
        case Field::hypothesis: {
            auto const confidence = take_confidence(part);
            if (part.empty()) break;
            update.confidence = confidence;
            update.hypothesis = cursor.said(part);
            break;
        }
        case Field::need: update.need = cursor.said(part); break;
        }
    }
    update.headline = any_field ? std::move(headline) : cursor.said(whole);
    return update;
}

Read next(Cursor& cursor) {
    if (!cursor.take("update")) cursor.take("at");
    if (cursor.empty()) return cursor.usage();
    auto const text = cursor.last_word();
    auto const at = parse_time(text, cursor.reading(Nearest::next, true));
    if (!at) return cursor.bad_time(text);
    return command::NextUpdate{*at};
}

Read broadcast(Cursor& cursor) {
    return command::Broadcast{cursor.said(cursor.rest())};
}

} // namespace cox::readers
