#pragma once
#include "slack.hpp"

namespace cox::fake_slack {

// Somebody types a slash command. The envelope's id.
std::string type_command(Slack&, std::string const& user, Channel const&, std::string const& command,
                         std::string const& text);

} // namespace cox::fake_slack
