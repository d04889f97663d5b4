#include "core/grammar.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace cox {
namespace {

constexpr std::size_t longest = 20;

// How many letters were missed, added, changed or swapped with their neighbour.
std::size_t edits(std::string_view a, std::string_view b) {
    std::array<std::array<std::size_t, longest + 1>, longest + 1> cost{};
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                cost[i][j] = i + j;
                continue;
            }
            bool const same = lower(a[i - 1]) == lower(b[j - 1]);
            cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + (same ? 0 : 1)});
            bool const swapped =
                i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
            if (swapped) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
    }
    return cost[a.size()][b.size()];
}

bool begins(std::string_view word, std::string_view with) {
    return word.size() > with.size() && same_ignoring_case(word.substr(0, with.size()), with);
}

// None when the words have too little in common for one to be meant by the other.
std::optional<std::size_t> distance(std::string_view typed, std::string_view meant) {
    if (typed.size() >= 3 && begins(meant, typed)) return 1;
    std::size_t const allowed = meant.size() <= 3 ? 1 : meant.size() <= 6 ? 2 : 3;
    if (typed.size() > meant.size() + allowed || meant.size() > typed.size() + allowed) return std::nullopt;
    auto const found = edits(typed, meant);
    if (found > allowed || found >= std::min(typed.size(), meant.size())) return std::nullopt;
    return found;
}

struct Candidate {
    std::string_view word;
    std::size_t distance;
    bool built;
};

} // namespace

bool is_nearly(std::string_view typed, std::string_view meant) {
    return typed.size() <= longest && typed.size() + 2 >= meant.size() && distance(typed, meant).has_value();
}

std::vector<std::string_view> suggestions(std::string_view word) {
    if (word.empty() || word.size() > longest) return {};
    std::vector<Candidate> found;
    for (auto const& row : grammar()) {
        std::optional<Candidate> nearest;
        auto const look_at = [&](std::string_view meant) {
            auto const far = distance(word, meant);
            if (far && (!nearest || *far < nearest->distance)) nearest = {meant, *far, row.built};
        };
        look_at(row.verb);
        for (auto const alias : row.aliases)
            look_at(alias);
        if (nearest) found.push_back(*nearest);
    }
    std::ranges::stable_sort(found, [](Candidate const& a, Candidate const& b) {
        if (a.built != b.built) return a.built;
        return a.distance < b.distance;
    });
    std::vector<std::string_view> words;
    for (std::size_t i = 0; i < found.size() && i < 3; ++i)
        words.push_back(found[i].word);
    return words;
}

} // namespace cox
