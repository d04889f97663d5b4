#pragma once
// What the bot knows of each channel it works in, and the row that keeps it.
#include "adapters/store/store.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cox::slack {

struct CardPlace {
    IncidentId incident;
    std::string ts;
    bool pin_due = false; // until Slack has answered
    bool operator==(CardPlace const&) const = default;
};

struct Room {
    std::string channel; // "C1"
    std::string name;
    std::string moved_to; // Slack gave the channel another id: calls go there
    bool made_by_us = false;
    std::int64_t op = 0; // of the effect that made it
    bool is_private = false;
    bool shared = false; // people of other organisations read it
    bool warned_shared = false;
    std::string topic;                       // as we last set it; "" while we set none
    std::optional<std::string> topic_before; // what stood there, and goes back at the end
    std::string topic_put_right;  // of ours: after one edit by hand it was set again, and is not another time
    std::vector<CardPlace> cards; // oldest first
    std::string bookmark;         // of the call link

    // Not durable: what the next start finds out anew.
    bool looked_up = false;
    bool hidden = false;                                // Slack shows us nothing of it: a private one without us
    std::string unreachable;                            // Slack's word for why; "" while it can be reached
    std::chrono::steady_clock::time_point try_again_at; // of one that cannot
    std::optional<std::chrono::steady_clock::time_point> topic_written;
    bool topic_refused = false;       // said once who can mend it
    bool join_tried = false;          // a channel that we were never in, tried once
    std::set<std::string> brought_in; // users who are there, or cannot be: not invited again

    CardPlace const* card_of(IncidentId) const;
    CardPlace* card_of(IncidentId);
    // Whose name anybody in the workspace may know; not while Slack has not told.
    bool is_open_to_all() const { return !name.empty() && !is_private; }
    // A new place, to be pinned.
    void set_card(IncidentId, std::string ts);
    std::string const& address() const { return moved_to.empty() ? channel : moved_to; }
};

store::Cursor to_row(Room const&);

class Rooms {
public:
    void load(store::Found const&);
    // Made when it is not known.
    Room& at(std::string_view channel);
    Room* find(std::string_view channel);
    Room const* find(std::string_view channel) const;
    // By the id that Slack uses now.
    Room& by_address(std::string_view channel);
    // The one that was made for this effect; null when there is none.
    Room* made_for(std::int64_t op);
    // Slack gave the channel another id.
    Room& move(std::string_view from, std::string to);
    std::map<std::string, Room, std::less<>> const& all() const { return rooms_; }

private:
    std::map<std::string, Room, std::less<>> rooms_;
    std::map<std::string, std::string, std::less<>> moved_; // new id -> the one the log knows
};

} // namespace cox::slack
