#pragma once
// The outbox's states as the tables spell them.
#include "adapters/store/store.hpp"

#include <array>
#include <optional>
#include <string_view>

namespace cox::store {

constexpr std::array<std::string_view, 7> op_state_words{"pending",    "in_flight", "sent",  "unknown",
                                                         "superseded", "expired",   "failed"};

constexpr std::string_view word_of(OpState state) {
    return op_state_words[static_cast<std::size_t>(state)];
}

constexpr std::optional<OpState> op_state(std::string_view word) {
    for (std::size_t i = 0; i < op_state_words.size(); ++i)
        if (op_state_words[i] == word) return static_cast<OpState>(i);
    return std::nullopt;
}

} // namespace cox::store
