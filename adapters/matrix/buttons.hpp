#pragma once
// Buttons on Matrix are reactions to the bot's own messages. Which reaction means which command stands in the message
// itself, in a field that clients pass over, so that a press is understood after any number of restarts: a reader asks
// the homeserver for the message (where it was edited, for its last edit), and takes the word of none but the bot.
#include "core/effect.hpp"

#include <nlohmann/json_fwd.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cox::matrix {

// Our own part of the content of every event that we send.
constexpr char const* own_part = "coxswain";

struct Reaction {
    std::string key;     // "✅"
    std::string command; // "accept A1"
    bool operator==(Reaction const&) const = default;
};

// The same button has the same key wherever it stands; two of one message never share one. Those for which no key is
// left can be typed.
std::vector<Reaction> reactions_for(std::span<Button const>);

// Into the content of a message (and of m.new_content, when it is an edit).
void write_reactions(nlohmann::json& content, std::vector<Reaction> const&);
// What stands in m.new_content counts where it is an edit.
std::vector<Reaction> read_reactions(nlohmann::json const& content);
// Whether any button of ours has that key.
bool may_be_button(std::string_view key);
// What to type for a button that is gone: the verb whose key it is; "" where more than one has it, or none.
std::string_view verb_of(std::string_view key);
// Clients differ in whether they write the variation selector behind an emoji.
bool same_reaction(std::string_view a, std::string_view b);

} // namespace cox::matrix
