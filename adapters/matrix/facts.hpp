#pragma once
// What a room's states say about it, taken into what we know of it.
#include "adapters/matrix/event.hpp"
#include "adapters/matrix/people.hpp"
#include "adapters/matrix/rooms.hpp"

#include <span>
#include <string>
#include <string_view>

namespace cox::matrix {

void learn(Event const& state, Room&, People&);

// "join", "leave", "invite", "ban", "knock": of whom the event is about, and what it was before.
std::string membership(Event const&);
std::string membership_before(Event const&);

// Where in the timeline, oldest first, the bot came into the room: the place behind its last real entry. A change of
// its name there is none. 0 when it does not come in.
std::size_t behind_own_entry(std::span<Event const> timeline, std::string_view self);

} // namespace cox::matrix
