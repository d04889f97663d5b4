#pragma once
// From the configuration to what the Slack network takes.
#include "adapters/slack/slack_network.hpp"
#include "bot/config/settings.hpp"

#include <filesystem>
#include <optional>

namespace cox::bot {

slack::SlackOptions slack_options(Settings::Slack const&, std::filesystem::path const& data);
// As they are now where they are kept, so that a new one is taken without a restart. None: they cannot be read.
std::optional<slack::Tokens> slack_tokens();

} // namespace cox::bot
