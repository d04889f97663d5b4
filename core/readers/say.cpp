// Severity and status updates.
#include "core/readers.hpp"

namespace cox::readers {
namespace {

enum class Field { headline, impact, hypothesis, need, next };

constexpr std::pair<std::string_view, Field> field_words[] = {
    {"headline", Field::headline}, {"impact", Field::impact}, {"hypothesis", Field::hypothesis},
    {"hyp", Field::hypothesis},    {"need", Field::need},     {"next", Field::next}};

// Up to the next semicolon or line.
std::string_view take_part(std::string_view& rest) {
    auto const cut = rest.find_first_of(";\n");
    auto const part = trim(rest.substr(0, cut));
    rest = cut == rest.npos ? std::string_view{} : trim_left(rest.substr(cut + 1));
    return part;
}

// "imapct ~8% …" would go out as the headline. The field that is meant; "" where none nearly is.
std::string_view nearly_field(std::string_view part) {
    auto const word = without_tail(first_word(part), ":");
    if (word.size() == part.size()) return {};
    for (std::string_view const name : {"impact", "hypothesis"})
        if (!same_ignoring_case(word, name) && is_nearly(word, name)) return name;
    return {};
}

std::unexpected<Misread> mistyped(Cursor const& cursor, std::string_view part, std::string_view meant) {
    auto const word = first_word(part);
    auto const rest = trim_left(part.substr(word.size()));
    auto const verb = std::string{cursor.row().verb};
    return std::unexpected{Misread{"misread.nearly-field",
                                   {{"word", std::string{word}},
                                    {"meant", verb + " " + std::string{meant} + " " + cursor.said(rest)},
                                    {"literal", verb == "update" ? "update headline " + cursor.said(part) : ""}}}};
}

// Which field the part is, with its word taken off.
std::optional<Field> take_field(std::string_view& part, bool sets_next = false) {
    auto const word = first_word(part);
    for (auto const& [name, field] : field_words) {
        if (!same_ignoring_case(without_tail(word, ":"), name)) continue;
        if (field == Field::next && !sets_next) return std::nullopt;
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
        auto part = take_part(rest);
        if (auto const meant = nearly_field(part); !meant.empty()) return mistyped(cursor, part, meant);
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
        case Field::next: break; // an update sets its own next one
        }
    }
    update.headline = any_field ? std::move(headline) : cursor.said(whole);
    return update;
}

Read loop(Cursor& cursor) {
    command::Loop loop;
    auto rest = cursor.rest();
    auto const word = without_tail(first_word(rest), ".,!");
    for (std::string_view const yes : {"ok", "okay", "confirm", "yes", "holds"}) {
        if (!same_ignoring_case(word, yes)) continue;
        loop.confirms = true;
        rest = trim_left(rest.substr(first_word(rest).size()));
        break;
    }
    while (!rest.empty()) {
        auto part = take_part(rest);
        if (part.empty()) continue;
        if (auto const meant = nearly_field(part); !meant.empty()) return mistyped(cursor, part, meant);
        auto const field = take_field(part, true);
        if (!field || *field == Field::headline || part.empty()) return cursor.usage();
        switch (*field) {
        case Field::headline: break;
        case Field::impact: loop.impact = cursor.said(part); break;
        case Field::hypothesis:
            loop.confidence = take_confidence(part);
            if (!part.empty()) loop.hypothesis = cursor.said(part);
            break;
        case Field::need: loop.need = cursor.said(part); break;
        case Field::next: {
            auto const at = parse_time(part, cursor.reading(Nearest::next, true));
            if (!at) return cursor.bad_time(part);
            loop.next = *at;
            break;
        }
        }
    }
    return loop;
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
