#pragma once
// What the bot knows of each room it works in, and the row that keeps it. What the homeserver tells is kept by the
// reader of /sync; what the bot did there by whoever did it. Both are in one row, written whole.
#include "adapters/matrix/power.hpp"
#include "adapters/store/store.hpp"
#include "core/ids.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cox::matrix {

struct CardPlace {
    IncidentId incident;
    std::string event;                  // the message that is edited
    std::vector<std::string> keys = {}; // of the buttons that were put under it
    bool pin_due = false;               // until the homeserver has answered
    bool operator==(CardPlace const&) const = default;
};

struct Room {
    std::string id;       // as the log knows it: of the first room, where it was upgraded
    std::string moved_to; // the room that took its place: calls go there

    // What the homeserver tells.
    bool joined = false;
    bool known = false; // its state was read; until then nothing below can be relied on
    std::string name;   // of m.room.name
    std::string alias;  // the canonical one, "#inc-42:example.org"
    std::string topic;  // as somebody else set it last: what we set ourselves is not told
    bool encrypted = false;
    bool is_space = false;
    PowerLevels power;
    std::vector<std::string> pinned; // as they stand there now

    // What the bot did.
    bool made_by_us = false;
    std::int64_t op = 0;                     // of the effect that made it
    std::string our_topic;                   // as we last set it; "" while we set none
    std::optional<std::string> topic_before; // what stood there, and goes back at the end
    std::string topic_put_right;  // of ours: after one edit by hand it was set again, and is not another time
    std::vector<CardPlace> cards; // oldest first
    bool told_encrypted = false;  // said once that encrypted rooms cannot be read

    // Not durable: what the next start finds out anew.
    std::string unreachable; // why; "" while it can be reached
    std::chrono::steady_clock::time_point try_again_at;
    std::optional<std::chrono::steady_clock::time_point> topic_written;
    bool topic_refused = false;       // said once who can mend it
    std::set<std::string> brought_in; // users who are there, or cannot be: not invited again

    CardPlace const* card_of(IncidentId) const;
    CardPlace* card_of(IncidentId);
    // A new place, to be pinned.
    void set_card(IncidentId, std::string event);
    std::string const& address() const { return moved_to.empty() ? id : moved_to; }
    // As people call it: its name, its alias, else its id.
    std::string const& shown() const;
};

store::Cursor to_row(Room const&);

class Rooms {
public:
    void load(store::Found const&);
    // Made when it is not known. The references stay good.
    Room& at(std::string_view id);
    Room* find(std::string_view id);
    Room const* find(std::string_view id) const;
    // By the id that the homeserver uses now.
    Room& by_address(std::string_view id);
    Room const* find_by_address(std::string_view id) const;
    // The one that was made for this effect; null when there is none.
    Room* made_for(std::int64_t op);
    // Another room took its place: what is known of that one holds for this, what the bot did stands in the old one.
    Room& move(std::string_view from, std::string to);
    std::map<std::string, Room, std::less<>> const& all() const { return rooms_; }

private:
    std::map<std::string, Room, std::less<>> rooms_;
    std::map<std::string, std::string, std::less<>> moved_; // where it is now -> the id that the log knows
};

} // namespace cox::matrix
