#include "adapters/web/json.hpp"

#include "adapters/web/fault.hpp"

namespace cox::web {
namespace {

constexpr int deepest = 64;

// Looked at before parsing, so that no memory is spent on what is refused.
bool too_deep(std::string_view text) {
    int depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char const c = text[i];
        if (quoted) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '[' || c == '{') {
            if (++depth > deepest) return true;
        } else if (c == ']' || c == '}') {
            --depth;
        }
    }
    return false;
}

} // namespace

std::optional<nlohmann::json> read_json(std::string_view text) {
    if (too_deep(text)) return std::nullopt;
    auto value = nlohmann::json::parse(text, nullptr, false);
    if (value.is_discarded()) return std::nullopt;
    return value;
}

std::string write_json(nlohmann::json const& value) {
    return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::optional<std::string> string_of(nlohmann::json const& object, char const* name) {
    if (!object.is_object()) return std::nullopt;
    auto const found = object.find(name);
    if (found == object.end() || !found->is_string()) return std::nullopt;
    return found->get<std::string>();
}

std::string to_json(Fault const& fault) {
    return write_json({{"error", {{"code", fault.code}, {"message", fault.message}, {"hint", fault.hint}}}});
}

} // namespace cox::web
