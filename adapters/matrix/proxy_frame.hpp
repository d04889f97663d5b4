#pragma once
// What comes by the WebSocket of an application service's proxy (mautrix-wsproxy and its like): the transactions that
// the homeserver gave it, and answers to what we ask it.
#include "adapters/matrix/event.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cox::matrix {

namespace frame {
// It speaks to us.
struct Connected {};
struct Transaction {
    std::int64_t id = 0;                              // 0: nobody wants to hear that it arrived
    std::string txn;                                  // the homeserver's; it may begin anew
    std::map<std::string, std::vector<Event>> events; // by room, in order
};
struct Answered { // to what we asked
    std::int64_t id = 0;
    bool good = true;
};
struct Asked { // something of us
    std::int64_t id = 0;
    std::string command;
};
struct Junk {
    std::string why;
};
} // namespace frame
using ProxyFrame = std::variant<frame::Connected, frame::Transaction, frame::Answered, frame::Asked, frame::Junk>;

ProxyFrame read_proxy_frame(std::string_view text);

// What we say there.
std::string ping_frame(std::int64_t id, Time now);
std::string arrived_frame(std::int64_t id, std::string const& txn);
std::string refused_frame(std::int64_t id);

} // namespace cox::matrix
