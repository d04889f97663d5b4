#include "adapters/json/untrusted.hpp"

#include "adapters/json/builder.hpp"
#include "adapters/json/quick.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <utility>

namespace cox::untrusted {
namespace {

// The library reads nothing behind a number that no double can hold.
std::string without_huge_numbers(std::string text) {
    bool quoted = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        auto const c = text[at];
        if (quoted && c == '\\') {
            ++at;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && (c == '-' || (c >= '0' && c <= '9'))) {
            constexpr std::string_view null = "null";
            auto const length = std::min(text.find_first_not_of("+-.0123456789Ee", at), text.size()) - at;
            bool const huge = length > null.size() && std::isinf(std::strtod(text.c_str() + at, nullptr));
            if (huge) text.replace(at, length, std::string{null}.append(length - null.size(), ' '));
            at += length - 1;
        }
    }
    return text;
}

std::expected<json, std::string> object_of(Builder& builder) {
    if (!builder.root.is_object()) return std::unexpected{"not an object"};
    return std::move(builder.root);
}

} // namespace

std::expected<json, std::string> read_object(std::string_view text, std::size_t longest, std::size_t members) {
    if (text.size() > longest) return std::unexpected{"too long"};
    if (Builder quick{members, Shape::strict}; build_quickly(text, quick)) return object_of(quick);
    Builder builder{members, Shape::strict};
    if (!json::sax_parse(text, &builder)) return std::unexpected{builder.wrong};
    return object_of(builder);
}

std::expected<json, std::string> read_object_of_many(std::string_view text, std::size_t members) {
    if (Builder quick{members, Shape::lenient}; build_quickly(text, quick)) return object_of(quick);
    Builder builder{members, Shape::lenient};
    if (json::sax_parse(text, &builder)) return object_of(builder);
    if (!builder.number_too_large) return std::unexpected{"not JSON"};
    Builder again{members, Shape::lenient};
    if (!json::sax_parse(without_huge_numbers(std::string{text}), &again)) return std::unexpected{"not JSON"};
    return object_of(again);
}

json const& at(json const& value, char const* name) {
    static json const nothing;
    if (!value.is_object()) return nothing;
    auto const found = value.find(name);
    return found == value.end() ? nothing : *found;
}

std::string text_at(json const& value, char const* name) {
    auto const* text = at(value, name).get_ptr<json::string_t const*>();
    return text ? *text : std::string{};
}

bool flag_at(json const& value, char const* name) {
    auto const* flag = at(value, name).get_ptr<json::boolean_t const*>();
    return flag && *flag;
}

std::optional<std::int64_t> count_at(json const& value, char const* name) {
    auto const* number = at(value, name).get_ptr<json::number_unsigned_t const*>();
    if (!number || *number > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
    return static_cast<std::int64_t>(*number);
}

std::string plain_word(std::string_view word, std::size_t longest) {
    std::string plain{word.substr(0, longest)};
    for (auto& c : plain)
        if (c < ' ' || c > '~') c = '?';
    return plain;
}

} // namespace cox::untrusted
