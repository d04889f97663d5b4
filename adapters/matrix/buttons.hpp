#pragma once
// A button on Matrix is a reaction. The bot puts the keys on its own message, the message says what each does and what
// can be typed instead, and the event itself carries which key means which command: whoever reads a reaction needs
// nothing but the message that it stands under, however old.
#include "core/effect.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cox::matrix {

// Our own part of every event's content that we send.
constexpr char const* own_part = "coxswain";

struct KeyedButton {
    std::string key; // "✅"
    Button button;
};

// The same button has the same key wherever it stands; two of one message never share one.
std::vector<KeyedButton> keyed(std::span<Button const>);

// For own_part: the list that pressed() reads.
nlohmann::json buttons_part(std::span<KeyedButton const>);

// The command that the reaction `key` under an event means; none when the event has no such button. `content` is that
// of an event which we sent ourselves: the caller has checked its sender. What stands in m.new_content counts where it
// is an edit.
std::optional<std::string> pressed(nlohmann::json const& content, std::string_view key);

// Clients differ in the sign that asks for colour (U+FE0F); nothing else of a key may.
bool same_key(std::string_view a, std::string_view b);

} // namespace cox::matrix
