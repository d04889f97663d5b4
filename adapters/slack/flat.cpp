#include "adapters/slack/flat.hpp"

#include "adapters/slack/json.hpp"

#include <algorithm>

namespace cox::slack::flat {

flat_json::Member const* member(Object const& object, std::string_view name) {
    auto const end = object.members.begin() + static_cast<std::ptrdiff_t>(object.count);
    auto const found = std::find_if(object.members.begin(), end, [&](auto const& each) { return each.name() == name; });
    return found == end ? nullptr : &*found;
}

bool has_one_twice(Object const& object) {
    for (std::size_t i = 0; i < object.count; ++i)
        if (member(object, object.members[i].name()) != &object.members[i]) return true;
    return false;
}

std::string text_at(Object const& object, std::string_view name) {
    std::string text;
    auto const* found = member(object, name);
    if (found && found->kind == flat_json::Kind::string) flat_json::take(*found, text);
    return text;
}

std::string text_at(std::string_view object, std::string_view name) {
    Object scanned;
    return scan(object, scanned) ? text_at(scanned, name) : std::string{};
}

std::string id_at(Object const& object, std::string_view name) {
    auto text = text_at(object, name);
    return is_id(text) ? text : std::string{};
}

} // namespace cox::slack::flat
