#include "adapters/slack/json.hpp"

#include <algorithm>

namespace cox::slack {
namespace {

bool id_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
}

} // namespace

std::string id_at(nlohmann::json const& value, char const* name) {
    constexpr std::size_t longest = 128;
    auto const* id = at(value, name).get_ptr<nlohmann::json::string_t const*>();
    if (!id || id->size() > longest || !std::ranges::all_of(*id, id_character)) return {};
    return *id;
}

} // namespace cox::slack
