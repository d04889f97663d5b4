#pragma once
// Events as a client is given them: what it may see, what its filter lets through, in which form.
#include "homeserver.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cox::fake_homeserver {

// Of events, as it stands in filters: {"types":["m.room.*"],"not_types":[],"senders":[…],"not_senders":[…]}.
class EventFilter {
public:
    EventFilter() = default;
    explicit EventFilter(json words);

    bool lets(Event const&) const;
    std::size_t limit(std::size_t otherwise, std::size_t most) const;
    bool lazy_members() const { return words_.value("lazy_load_members", false); }

private:
    json words_ = json::object();
};

// Who looks, and on which device.
struct Viewer {
    std::string user;
    std::string device;
};

json shown(Homeserver const&, Room const&, Event const&, Viewer const&, bool with_room_id);
// As the invited see it.
json stripped(Event const&);

// Events of the room that this person may see, oldest first: by the history's visibility and where they were when.
std::vector<Event const*> visible_to(Room const&, std::string_view user);

// "s12_0": everything up to there was seen. Throws Refused for what is none.
std::string token_at(Position);
Position position_of(std::string_view token);

} // namespace cox::fake_homeserver
