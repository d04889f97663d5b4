// Containing, resolving and closing.
#include "core/readers.hpp"

namespace cox::readers {

Read contained(Cursor& cursor) {
    return command::Contained{cursor.said(cursor.rest())};
}

Read unstable(Cursor& cursor) {
    return command::Unstable{cursor.said(cursor.rest())};
}

Read resolve(Cursor& cursor) {
    return command::Resolve{cursor.said(cursor.rest())};
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
