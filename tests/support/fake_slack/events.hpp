#pragma once
// Telling the app what happened, in the outer form of the Events API.
#include "slack.hpp"

namespace cox::fake_slack {

// An event of the workspace: told always.
void tell(Slack&, json event, bool ext_shared = false);
// An event in a channel: told when the bot is in it.
void tell_in(Slack&, Channel const&, json event);
// A public channel's own fate (archived, renamed) is told wherever the bot is; a private one's to its members.
void tell_of(Slack&, Channel const&, json event);
// "Too many events": the one kind that has no event inside.
void tell_app_rate_limited(Slack&);

} // namespace cox::fake_slack
