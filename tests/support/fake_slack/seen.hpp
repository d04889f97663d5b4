#pragma once
// The whole fake Slack as JSON, for those who look at it from another process: GET /_state.
#include "slack.hpp"

#include <string_view>

namespace cox::fake_slack {

json seen_channel(Channel const&);
json seen_message(Message const&);
json seen_ephemeral(Ephemeral const&);
json seen_view(Slack const&, View const&);
// `part`: "calls", "channels", "ephemerals", "views", "users", "connections", "envelopes", "strange", "settings",
// "summary"; "" for all of them.
json seen(Slack const&, std::string_view part);

} // namespace cox::fake_slack
