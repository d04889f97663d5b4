#pragma once
// What can be done in rooms, by people and by the bot alike, with what the power levels say to it. Each throws Refused.
#include "homeserver.hpp"

#include <optional>
#include <string>

namespace cox::fake_homeserver {

// What an event is to be, before anybody looked whether it may.
struct Draft {
    std::string type;
    json content;
    std::optional<std::string> state_key = std::nullopt;
    std::string redacts = {};
    std::optional<std::int64_t> ts = std::nullopt; // as another server says it
    std::string device = {};
    std::string txn = {};
};

// Puts it into the room, whoever sends it.
Event& add_event(Homeserver&, Room&, std::string const& sender, Draft);
// The event's id.
std::string send(Homeserver&, Room&, std::string const& sender, Draft);
// The same content again is the same event.
std::string set_state(Homeserver&, Room&, std::string const& sender, Draft);
std::string redact(Homeserver&, Room&, std::string const& sender, std::string const& event, json content, Draft);

// As the words of /createRoom say.
Room& create_room(Homeserver&, std::string const& creator, json const& words);
Room& upgrade(Homeserver&, Room&, std::string const& user, std::string const& version);

void join(Homeserver&, Room&, std::string const& user);
void invite(Homeserver&, Room&, std::string const& user, std::string const& whom);
void leave(Homeserver&, Room&, std::string const& user);
void kick(Homeserver&, Room&, std::string const& user, std::string const& whom, std::string const& reason = {});
void ban(Homeserver&, Room&, std::string const& user, std::string const& whom);
// Their name changes in each room where they are.
void set_displayname(Homeserver&, Account&, std::string const& name);

} // namespace cox::fake_homeserver
