#include "adapters/slack/json.hpp"

#include <algorithm>

namespace cox::slack {
namespace {

bool id_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
}

} // namespace

bool is_id(std::string_view text) {
    constexpr std::size_t longest = 128;
    return text.size() <= longest && std::ranges::all_of(text, id_character);
}

std::string id_at(nlohmann::json const& value, char const* name) {
    auto const* id = at(value, name).get_ptr<nlohmann::json::string_t const*>();
    return id && is_id(*id) ? *id : std::string{};
}

} // namespace cox::slack
