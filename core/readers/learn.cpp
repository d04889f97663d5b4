// What remains of an incident, the review, drills.
#include "core/readers.hpp"

#include <charconv>

namespace cox::readers {
namespace {

std::optional<int> number(std::string_view word) {
    int value = 0;
    word = without_tail(word, ".:)");
    auto const [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc{} || end != word.data() + word.size() || value < 1 || value > 9999) return std::nullopt;
    return value;
}

} // namespace

Read timeline(Cursor&) {
    return command::Timeline{};
}

Read report(Cursor&) {
    return command::Report{};
}

Read review(Cursor&) {
    return command::Review{};
}

Read answer(Cursor& cursor) {
    auto const which = number(cursor.word());
    if (!which || cursor.empty()) return cursor.usage();
    return command::Answer{*which, cursor.said(cursor.rest())};
}

Read why(Cursor& cursor) {
    if (cursor.empty()) return cursor.usage();
    return command::Why{cursor.said(cursor.rest())};
}

Read followup(Cursor& cursor) {
    if (cursor.empty()) return cursor.usage();
    auto read = read_work(cursor, "due");
    if (!read) return std::unexpected{std::move(read.error())};
    if (read->what.empty()) return cursor.usage();
    return command::Followup{std::move(read->what), std::move(read->owner), read->until};
}

Read followups(Cursor&) {
    return command::Followups{};
}

Read stats(Cursor& cursor) {
    if (cursor.empty()) return command::Stats{};
    auto const days = number(cursor.word());
    if (!cursor.take("days.")) cursor.take("days");
    if (!days || !cursor.empty()) return cursor.usage();
    return command::Stats{days};
}

Read drill(Cursor& cursor) {
    return command::Drill{tidied(cursor.last_word())};
}

} // namespace cox::readers
