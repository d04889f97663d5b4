#pragma once
// Rows that a network keeps in the store beside what the engine keeps there.
#include "adapters/store/store.hpp"

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <string_view>

namespace cox {

inline std::optional<std::string> row_of(store::Found const& found, std::string_view name) {
    auto const row = std::ranges::find(found.cursors, name, &store::Cursor::name);
    return row == found.cursors.end() ? std::nullopt : std::optional{row->value};
}

// Sixteen digits by chance: tells this database's operations from those of any other.
inline std::string random_name() {
    std::random_device device;
    constexpr std::string_view digits = "0123456789abcdef";
    std::string name;
    for (int i = 0; i < 16; ++i)
        name += digits[device() % digits.size()];
    return name;
}

} // namespace cox
