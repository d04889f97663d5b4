#pragma once
// What a test lets happen, by name: people talk and react, rooms are upgraded, tokens are revoked. The same names in
// process and over HTTP; README.md lists them.
#include "homeserver.hpp"

#include <span>
#include <string_view>

namespace cox::fake_homeserver {

struct Act {
    std::string_view name;
    json (*handle)(Homeserver&, json const& args); // throws Refused, or json::exception where an argument is missing
};

std::span<Act const> people_acts();
std::span<Act const> world_acts();

// Does it; throws Refused.
json act(Homeserver&, json const& words); // {"do": NAME, …}

// What the acts share.
Room& room_in(Homeserver&, json const& args, char const* key = "room");       // by id, alias or the alias' name
std::string user_in(Homeserver&, json const& args, char const* key = "user"); // "@eve:else.where" stays what it is
// The event that "event" names, or the latest message whose body holds "with", or the latest message.
std::string event_in(Room const&, json const& args);

} // namespace cox::fake_homeserver
