#include "core/ids.hpp"

#include <charconv>

namespace cox {

std::string text(IncidentId id) {
    return "INC-" + std::to_string(id.number);
}

std::optional<IncidentId> incident_id(std::string_view word) {
    if (word.starts_with('#')) word.remove_prefix(1);
    if (word.size() > 4 && (word[0] | 0x20) == 'i' && (word[1] | 0x20) == 'n' && (word[2] | 0x20) == 'c' &&
        word[3] == '-')
        word.remove_prefix(4);
    if (word.empty() || word[0] < '0' || word[0] > '9') return std::nullopt;
    IncidentId id;
    auto const [end, error] = std::from_chars(word.data(), word.data() + word.size(), id.number);
    if (error != std::errc{} || end != word.data() + word.size() || id.number == 0) return std::nullopt;
    return id;
}

} // namespace cox
