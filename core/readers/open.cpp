// declare, move, status, help, policy.
#include "core/readers.hpp"

namespace cox::readers {
namespace {

struct Place {
    std::size_t at;
    std::string_view word;
};

// The words of the text behind the first one: a keyword needs a title before it.
template <class Fits>
std::optional<Place> find_word(std::string_view text, Fits fits) {
    std::size_t at = first_word(text).size();
    while (at < text.size()) {
        if (is_blank(text[at])) {
            ++at;
            continue;
        }
        auto const word = first_word(text.substr(at));
        if (fits(at, word)) return Place{at, word};
        at += word.size();
    }
    return std::nullopt;
}

bool is_keyword(std::string_view word, std::string_view keyword) {
    return same_ignoring_case(without_tail(word, ":"), keyword);
}

// Behind the blanks and punctuation that follow a clause.
std::size_t end_of_clause(std::string_view text, std::size_t at) {
    while (at < text.size() && (is_blank(text[at]) || text[at] == '.' || text[at] == ',' || text[at] == ';'))
        ++at;
    return at;
}

// Takes "started TIME" out of the text, wherever it stands; text that only looks like it stays.
std::optional<Time> take_started(std::string& text, Cursor const& cursor) {
    std::optional<TimeRead> read;
    std::size_t value = 0;
    auto const found = find_word(text, [&](std::size_t at, std::string_view word) {
        if (!is_keyword(word, "started")) return false;
        value = at + word.size();
        auto const behind = std::string_view{text}.substr(value);
        read = read_time(behind, cursor.reading(Nearest::last));
        if (!read) return false;
        auto const rest = behind.substr(end_of_clause(behind, read->used));
        return rest.empty() || is_keyword(first_word(rest), "impact");
    });
    if (!found) return std::nullopt;
    auto const end = end_of_clause(text, value + read->used);
    text.erase(found->at, end - found->at);
    return read->at;
}

} // namespace

Read declare(Cursor& cursor) {
    command::Declare declared;
    declared.here = cursor.take("here");
    auto const first = cursor.peek();
    declared.severity = cursor.severity();
    if (!declared.severity && same_ignoring_case(first.substr(0, 3), "sev")) {
        auto const number = without_tail(trim_left(first.substr(3)), ".:,");
        bool const numbered = !number.empty() && is_digit(number.back());
        if (numbered) return cursor.no_such_severity(first);
        if (number.empty()) {
            cursor.word();
            auto const second = cursor.peek();
            if (!second.empty() && is_digit(second[0])) return cursor.no_such_severity("sev " + std::string{second});
            return cursor.usage();
        }
    }
    if (!declared.here && declared.severity) declared.here = cursor.take("here");

    auto text = std::string{cursor.rest()};
    if (!declared.here && text.size() > 5) {
        auto const tail = without_tail(text, ".");
        if (same_ignoring_case(tail.substr(tail.size() - 4), "here") && is_blank(tail[tail.size() - 5])) {
            declared.here = true;
            text = trim_right(tail.substr(0, tail.size() - 4));
        }
    }
    declared.started = take_started(text, cursor);
    auto const impact = find_word(text, [&](std::size_t at, std::string_view word) {
        return is_keyword(word, "impact") && at + word.size() < trim_right(text).size();
    });
    if (impact) {
        declared.impact = cursor.said(std::string_view{text}.substr(impact->at + impact->word.size()));
        text.resize(impact->at);
    }
    declared.title = tidied(cursor.said(text));
    if (declared.title.empty()) return cursor.usage();
    if (auto const word = first_word(declared.title);
        is_keyword(word, "impact") && word.size() == declared.title.size())
        return cursor.usage();
    return declared;
}

// There is no other place to move it to than here, so the word may be left out.
Read move(Cursor& cursor) {
    command::Move moved;
    bool const here = cursor.take("here");
    moved.incident = incident_id(without_tail(cursor.peek(), ".,:"));
    if (moved.incident) cursor.word();
    if (!cursor.empty() && (here || !same_ignoring_case(cursor.last_word(), "here"))) return cursor.usage();
    return moved;
}

Read status(Cursor&) {
    return command::Status{};
}

Read help(Cursor& cursor) {
    auto about = cursor.last_word();
    while (!about.empty() && (about[0] == '/' || about[0] == '!'))
        about.remove_prefix(1);
    return command::Help{tidied(about)};
}

Read policy(Cursor& cursor) {
    if (cursor.empty()) return command::ShowPolicy{};
    auto severity = cursor.severity();
    if (!severity) return cursor.no_such_severity(cursor.rest());
    return command::ShowPolicy{std::move(severity)};
}

} // namespace cox::readers
