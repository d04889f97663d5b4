#pragma once
// Buttons on Matrix are reactions to the bot's own messages. Which reaction means which command stands in the message
// itself, in a field that clients pass over, so that a press is understood after any number of restarts: a reader asks
// the homeserver for the message, and takes the word of none but the bot.
#include "core/effect.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cox::matrix {

struct Reaction {
    std::string key;     // "✅"
    std::string command; // "accept A1"
    bool operator==(Reaction const&) const = default;
};

// Into the content of a message (and of m.new_content, when it is an edit).
void write_reactions(nlohmann::json& content, std::vector<Reaction> const&);
std::vector<Reaction> read_reactions(nlohmann::json const& content);
// Clients differ in whether they write the variation selector behind an emoji.
bool same_reaction(std::string_view a, std::string_view b);

} // namespace cox::matrix
