#pragma once
// What a test lets happen, by name: people talk and press buttons, channels are archived, sockets break. The same names
// in process and over HTTP; README.md lists them.
#include "slack.hpp"

#include <span>
#include <string_view>

namespace cox::fake_slack {

struct Act {
    std::string_view name;
    json (*handle)(Slack&, json const& args); // throws Refused, or json::exception where an argument is missing
};

std::span<Act const> people_acts();
std::span<Act const> interaction_acts();
std::span<Act const> world_acts();
std::span<Act const> socket_acts();

// Does it; the answer also names the envelopes that it made, as "envelopes", and says "ok".
json act(Slack&, json const& words); // {"do": NAME, …}

// What the acts share.
Channel& channel_in(Slack&, json const& args, char const* key = "channel"); // by id or name
std::string user_in(Slack&, json const& args, char const* key = "user");    // the id, by id or name
// The message that "ts" names, or the latest one whose text holds "with", or the latest.
std::string message_in(Channel&, json const& args);

} // namespace cox::fake_slack
