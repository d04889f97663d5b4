#include "adapters/slack/form_memory.hpp"

#include "adapters/slack/json.hpp"
#include "core/parse.hpp"

#include <charconv>

namespace cox::slack {
namespace {

constexpr std::size_t longest_metadata = 3000;

// FNV-1a, the same in every build: a form may be open while the bot is replaced. It keeps nobody out, nor need it.
std::string mark_of(std::string_view value) {
    std::uint64_t hash = 14695981039346656037ULL;
    for (char const c : normalise(value))
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    char digits[16];
    auto const written = std::to_chars(digits, digits + sizeof digits, hash, 16);
    return {digits, written.ptr};
}

} // namespace

void FormMemory::fill(std::string const& field, std::string_view value) {
    filled[field] = mark_of(value);
}

bool FormMemory::changed(std::string const& field, std::string_view value) const {
    auto const found = filled.find(field);
    return mark_of(value) != (found == filled.end() ? mark_of("") : found->second);
}

std::string to_metadata(FormMemory const& memory) {
    return nlohmann::json{{"channel", memory.channel}, {"filled", memory.filled}}.dump(
        -1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::optional<FormMemory> read_form_memory(std::string_view metadata) {
    auto const json = read_object(metadata, longest_metadata);
    if (!json) return std::nullopt;
    FormMemory memory;
    memory.channel = id_at(*json, "channel");
    if (memory.channel.empty()) return std::nullopt;
    for (auto const& [field, mark] : at(*json, "filled").items())
        if (mark.is_string()) memory.filled[field] = mark.get<std::string>();
    return memory;
}

} // namespace cox::slack
