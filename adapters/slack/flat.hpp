#pragma once
// Objects that hold little more than strings, asked without making a tree of them: what comes with every command.
#include "core/flat_json.hpp"

#include <string>
#include <string_view>

namespace cox::slack::flat {

using Object = flat_json::Object;
using flat_json::scan;

flat_json::Member const* member(Object const&, std::string_view name); // none: nullptr
bool has_one_twice(Object const&);
// "" unless it is a string.
std::string text_at(Object const&, std::string_view name);
// The same of an object that is not scanned yet; "" when it is none.
std::string text_at(std::string_view object, std::string_view name);
// As slack::id_at.
std::string id_at(Object const&, std::string_view name);

} // namespace cox::slack::flat
