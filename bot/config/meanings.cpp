#include "bot/config/meanings.hpp"

namespace cox::bot {
namespace {

std::string lower(std::string_view word) {
    std::string out{word};
    for (auto& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

} // namespace

void Meanings::claim(Report& report, YamlNode const& at, std::string_view word, std::string const& owner) {
    auto const [place, is_new] = owners_.emplace(lower(word), Owner{owner, at.line});
    if (is_new || place->second.key == owner) return;
    report.add(at.line, at.column,
               "\"" + std::string{word} + "\" already means \"" + place->second.key + "\" (line " +
                   std::to_string(place->second.line) + "); give each word one meaning");
}

Meanings::Owner const* Meanings::find(std::string_view word) const {
    auto const found = owners_.find(lower(word));
    return found == owners_.end() ? nullptr : &found->second;
}

std::optional<std::string> Meanings::owner(std::string_view word) const {
    auto const* found = find(word);
    return found ? std::optional{found->key} : std::nullopt;
}

std::vector<std::string_view> Meanings::words() const {
    std::vector<std::string_view> out;
    for (auto const& [word, owner] : owners_)
        out.push_back(word);
    return out;
}

} // namespace cox::bot
