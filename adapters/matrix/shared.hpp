#pragma once
// What the parts of the network share.
#include "adapters/matrix/api.hpp"
#include "adapters/matrix/heard.hpp"
#include "adapters/matrix/own_messages.hpp"
#include "adapters/matrix/people.hpp"
#include "adapters/matrix/rooms.hpp"
#include "adapters/network/desk.hpp"
#include "adapters/store/store.hpp"

#include <chrono>
#include <string>

namespace cox::matrix {

struct Shared {
    Api& api;
    store::Store& store;
    Desk& desk;
    Rooms& rooms;
    People& people;
    Heard& heard;
    OwnMessages& own;
    std::string self = {};     // "@coxswain:example.org", once the homeserver has told it
    std::string device = {};   // in whose name transaction ids count
    std::string house = {};    // tells our operations from those of another database
    bool federate = false;     // the rooms it makes
    bool public_rooms = false; // anybody on the homeserver may join those
    Duration topic_spacing = std::chrono::seconds{30};
    std::string trouble = {}; // why nothing can be sent at all, in words; "" while all is well
};

} // namespace cox::matrix
