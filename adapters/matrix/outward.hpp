#pragma once
// What the reading side asks of the writing side.
#include "adapters/matrix/heard.hpp"
#include "adapters/matrix/rooms.hpp"

#include <string>
#include <string_view>

namespace cox::matrix {

struct Outward {
    virtual ~Outward() = default;
    // Words of our own that are no effect: to everybody there, or to one person.
    virtual void say(Room&, std::string_view marked, std::string const& to_user) = 0;
    // To one person, under what they did in vain.
    virtual void object(Room&, std::string_view marked, std::string const& to_user, Heard::Place const& under) = 0;
    // Somebody changed the topic by hand while it names the roles of an incident.
    virtual void topic_changed(Room&, std::string const& user, std::string const& topic) = 0;
    virtual void reachable(Room&) = 0;
    virtual void unreachable(Room&, std::string const& why) = 0;
    // Somebody's power, perhaps ours, is another one than before.
    virtual void power_changed(Room&) = 0;
    // Somebody removed a message of ours.
    virtual void redacted(Room&, std::string const& event) = 0;
};

} // namespace cox::matrix
