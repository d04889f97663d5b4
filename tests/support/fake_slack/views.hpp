#pragma once
// Modals and App Homes: what views.* and the answers to a submission do to them.
#include "slack.hpp"

namespace cox::fake_slack {

// A new view on top of `beneath` ("" for the first). Throws Refused when Block Kit would not take it.
View& open_view(Slack&, std::string const& user, std::string const& beneath, json shown);
void change_view(Slack&, View&, json shown);
json described(Slack const&, View const&);

} // namespace cox::fake_slack
