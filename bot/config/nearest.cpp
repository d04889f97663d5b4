#include "bot/config/nearest.hpp"

#include <algorithm>
#include <vector>

namespace cox::bot {
namespace {

constexpr std::size_t longest_typo = 64;

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Edits between two words; two letters that changed places count as one.
std::size_t distance(std::string_view a, std::string_view b) {
    auto const width = b.size() + 1;
    std::vector<std::size_t> cells((a.size() + 1) * width);
    for (std::size_t i = 0; i <= a.size(); ++i)
        cells[i * width] = i;
    for (std::size_t j = 0; j <= b.size(); ++j)
        cells[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        for (std::size_t j = 1; j <= b.size(); ++j) {
            bool const same = lower(a[i - 1]) == lower(b[j - 1]);
            auto best = cells[(i - 1) * width + j - 1] + (same ? 0 : 1);
            best = std::min({best, cells[(i - 1) * width + j] + 1, cells[i * width + j - 1] + 1});
            bool const swapped =
                i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
            if (swapped) best = std::min(best, cells[(i - 2) * width + j - 2] + 1);
            cells[i * width + j] = best;
        }
    }
    return cells.back();
}

} // namespace

std::optional<std::string_view> nearest(std::string_view typed, std::span<std::string_view const> known) {
    if (typed.empty() || typed.size() > longest_typo) return {};
    std::optional<std::string_view> best;
    auto best_edits = typed.size() <= 3 ? std::size_t{1} : std::max<std::size_t>(2, typed.size() / 3);
    for (auto const word : known) {
        auto const edits = distance(typed, word);
        if (edits < best_edits || (edits == best_edits && !best)) {
            best = word;
            best_edits = edits;
        }
    }
    return best;
}

std::string did_you_mean(std::string_view typed, std::span<std::string_view const> known) {
    if (auto const near = nearest(typed, known)) return "did you mean \"" + std::string{*near} + "\"?";
    std::string out = known.size() == 1 ? "known is " : "known are ";
    for (bool first = true; auto const word : known) {
        if (!first) out += ", ";
        first = false;
        out += "\"" + std::string{word} + "\"";
    }
    return known.empty() ? "none is known" : out;
}

} // namespace cox::bot
