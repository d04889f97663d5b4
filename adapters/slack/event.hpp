#pragma once
// One event of the Events API with what stands around it.
#include "adapters/slack/reading.hpp"

namespace cox::slack {

struct Event {
    nlohmann::json const& outer;
    nlohmann::json const& inner;
    std::string team; // where it counts
    Ourselves const& us;
};

// message.cpp
Reading read_message(Event const&);
Reading read_mention(Event const&);

Author author_of(Event const&);
bool is_own(Event const&); // we did it ourselves
// When Slack says that it happened.
std::optional<std::int64_t> event_time(Event const&);

} // namespace cox::slack
