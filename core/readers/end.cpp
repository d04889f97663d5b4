// Containing, resolving and closing.
#include "core/readers.hpp"

namespace cox::readers {
namespace {

// "checks green; impact none" -> "checks green" and "none": what stakeholders read last must not contradict itself.
std::optional<std::string_view> take_impact(std::string_view& text) {
    constexpr std::string_view word = "impact ";
    for (auto cut = text.find(';'); cut != text.npos; cut = text.find(';', cut + 1)) {
        auto const part = trim(text.substr(cut + 1));
        if (!same_ignoring_case(part.substr(0, word.size()), word)) continue;
        text = trim(text.substr(0, cut));
        return trim(part.substr(word.size()));
    }
    return std::nullopt;
}

template <class C>
C with_impact(Cursor& cursor) {
    auto text = cursor.rest();
    auto const impact = take_impact(text);
    C command{cursor.said(text), {}};
    if (impact && !impact->empty()) command.impact = cursor.said(*impact);
    return command;
}

} // namespace

Read contained(Cursor& cursor) {
    return with_impact<command::Contained>(cursor);
}

Read unstable(Cursor& cursor) {
    return command::Unstable{cursor.said(cursor.rest())};
}

Read resolve(Cursor& cursor) {
    return with_impact<command::Resolve>(cursor);
}

// These two take nothing but a reason, and it must be meant as one.
Read reopen(Cursor& cursor) {
    if (!cursor.empty()) return cursor.usage();
    return command::Reopen{};
}

Read cancel(Cursor& cursor) {
    if (!cursor.empty()) return cursor.usage();
    return command::Cancel{};
}

Read merge(Cursor& cursor) {
    cursor.take("into");
    auto const said = cursor.said(cursor.last_word());
    std::string_view into = said;
    if (into.starts_with('#')) into.remove_prefix(1);
    if (into.empty() || first_word(into) != into) return cursor.usage();
    return command::Merge{std::string{into}};
}

} // namespace cox::readers
