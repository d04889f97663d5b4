#pragma once
// The bot's latest messages with the buttons that they have now, so that most presses need no question to the
// homeserver. Kept in memory only.
#include "adapters/matrix/buttons.hpp"
#include "adapters/matrix/event.hpp"

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cox::matrix {

// A message with its buttons, as far as a press needs it.
struct OwnMessage {
    std::vector<Reaction> reactions;
    std::string thread_root;
};

class OwnMessages {
public:
    // A message of ours that stands in the room.
    void sent(std::string const& event, OwnMessage);
    // Its edit does.
    void edited(std::string const& event, std::vector<Reaction>);
    // Either of them, where a homeserver shows us what we said.
    void saw(Event const&);
    OwnMessage const* find(std::string const& event) const;

private:
    std::unordered_map<std::string, OwnMessage> known_;
    std::deque<std::string> by_age_;
};

// From the homeserver's answer to a question for one event, its latest edit counted; none where it is not `self` who
// wrote it.
std::optional<OwnMessage> own_message(Event const&, std::string_view self);
// "" where no button has this key.
std::string command_of(OwnMessage const&, std::string_view key);

} // namespace cox::matrix
