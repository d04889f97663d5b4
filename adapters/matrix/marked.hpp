#pragma once
// Marked text as pieces of a document: a mention is a pill, a channel a link, a command stands as it is typed here, and
// an address that somebody wrote can be followed.
#include "adapters/matrix/document.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cox::matrix {

enum class Mentions { notify, silent };

struct Marked {
    Document blocks;                // paragraphs, divided where a line is empty
    std::vector<std::string> users; // whom it mentions, each once: "@ana:example.org"
};

// `server`: our own homeserver, by which others find a room.
Marked read_marked(std::string_view marked, Mentions, std::string_view server);
// On one line, whatever the text holds; nobody is notified.
std::vector<Inline> read_line(std::string_view marked, std::string_view server);

// "https://matrix.to/#/@ana:example.org"
std::string link_to_user(std::string_view user);
std::string link_to_room(std::string_view room, std::string_view server);

// As it is typed here: "!inc accept A1" for a command, anything else as it is.
std::string as_typed(std::string_view shown);

} // namespace cox::matrix
