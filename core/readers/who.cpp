// Roles and people.
#include "core/readers.hpp"

#include <algorithm>

namespace cox::readers {
namespace {

bool names_another(std::string_view rest) {
    for (rest = trim_left(rest); !rest.empty();) {
        auto const word = first_word(rest);
        if (is_mention(word)) return true;
        rest = trim_left(rest.substr(word.size()));
    }
    return false;
}

// Nothing behind the role asks who holds it; a person gets it.
Read ask_or_give(std::string role, Cursor& cursor) {
    if (cursor.empty()) return command::AskRole{std::move(role)};
    auto const first = cursor.peek();
    bool const clear = is_mention(first) || same_ignoring_case(without_tail(first, ".,!"), "me");
    auto const name = clear ? cursor.word() : cursor.last_word();
    if (clear && names_another(cursor.rest())) return cursor.usage();
    auto person = cursor.person(name);
    if (!person) return std::unexpected{std::move(person.error())};
    return command::GiveRole{std::move(role), std::move(*person)};
}

Read alone(Cursor const& cursor, Command command) {
    if (!cursor.empty()) return cursor.usage();
    return command;
}

// The offer that is meant: an item, a role, or nothing where there is only one.
std::optional<std::string> offer(Cursor& cursor) {
    if (auto item = cursor.item(); !item.empty()) return item;
    if (auto const role = cursor.role(cursor.peek())) {
        cursor.word();
        return *role;
    }
    return std::nullopt;
}

} // namespace

Read own_role(Cursor& cursor) {
    if (cursor.row().verb == "ic") return ask_or_give("commander", cursor);
    auto role = cursor.role(cursor.row().verb);
    if (!role) return std::unexpected{std::move(role.error())};
    return ask_or_give(std::move(*role), cursor);
}

Read role(Cursor& cursor) {
    if (cursor.empty()) return cursor.usage();
    auto role = cursor.role(cursor.word());
    if (!role) return std::unexpected{std::move(role.error())};
    return ask_or_give(std::move(*role), cursor);
}

Read accept(Cursor& cursor) {
    auto item = offer(cursor);
    return alone(cursor, command::Accept{item.value_or("")});
}

// What stands behind it can only be the reason.
Read decline(Cursor& cursor) {
    auto item = offer(cursor);
    if (!cursor.empty()) cursor.set_because(cursor.rest());
    return command::Decline{item.value_or("")};
}

Read release(Cursor& cursor) {
    if (cursor.empty()) return cursor.usage();
    auto role = cursor.role(cursor.last_word());
    if (!role) return std::unexpected{std::move(role.error())};
    return command::Release{std::move(*role)};
}

Read takeover(Cursor& cursor) {
    return alone(cursor, command::Takeover{});
}

Read page(Cursor& cursor) {
    if (cursor.empty()) return cursor.usage();
    return command::Page{tidied(cursor.said(cursor.last_word()))};
}

Read call(Cursor& cursor) {
    auto address = cursor.last_word();
    // As a network writes it: "<https://…|what people read>".
    if (address.starts_with('<') && address.ends_with('>')) {
        address = address.substr(1, address.size() - 2);
        address = address.substr(0, address.find('|'));
    }
    return command::Call{std::string{address}};
}

Read invite(Cursor& cursor) {
    command::Invite invite;
    while (!cursor.empty()) {
        auto person = cursor.person(cursor.word());
        if (!person) return std::unexpected{std::move(person.error())};
        if (std::ranges::find(invite.people, *person) == invite.people.end())
            invite.people.push_back(std::move(*person));
    }
    if (invite.people.empty()) return cursor.usage();
    return invite;
}

} // namespace cox::readers
