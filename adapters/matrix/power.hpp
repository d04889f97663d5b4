#pragma once
// Who may do what in a room. Source: the Matrix specification, "m.room.power_levels" and the rules of each room
// version.
#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace cox::matrix {

struct PowerLevels {
    bool known = false; // the room has such an event; without one its creator holds all power
    std::map<std::string, std::int64_t, std::less<>> users;
    std::map<std::string, std::int64_t, std::less<>> events; // by type
    std::int64_t users_default = 0;
    std::int64_t events_default = 0; // messages
    std::int64_t state_default = 50;
    std::set<std::string, std::less<>> creators;
    bool creators_reign = false; // room versions 12 and later: above every level

    std::int64_t of(std::string_view user) const;
    std::int64_t for_state(std::string_view type) const;
    std::int64_t for_message(std::string_view type) const;
    bool may_set(std::string_view user, std::string_view state_type) const;
    bool may_send(std::string_view user, std::string_view message_type) const;
};

// Old rooms hold levels as text or with fractions: read leniently.
void read_power_levels(nlohmann::json const& content, PowerLevels&);
// The content of m.room.create, and who sent it.
void read_creation(nlohmann::json const& content, std::string_view sender, PowerLevels&);
nlohmann::json to_json(PowerLevels const&);
PowerLevels power_levels_from(nlohmann::json const&);

} // namespace cox::matrix
