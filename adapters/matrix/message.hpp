#pragma once
// What somebody wrote, as the engine reads it.
#include "adapters/matrix/event.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cox::matrix {

struct Message {
    std::string text;               // mentions as "<@@ana:example.org>"
    bool to_us = false;             // it began by naming the bot, which is taken off
    std::vector<std::string> named; // users who are mentioned by their ids
    std::string thread_root;        // "" outside threads
};

// How people may call the bot at the start of a message.
struct Ourselves {
    std::string_view user;         // "@coxswain:example.org"
    std::string_view display_name; // in that room; "" for none
};

// None for what is no word of a person to people: notices, emotes, media, edits, what was removed, a state in
// disguise.
std::optional<Message> read_message(Event const&, Ourselves const&);

// The message as people read it, for the timeline.
std::string plain_text(Event const&);

} // namespace cox::matrix
