#pragma once
// How Slack's ids stand in the rest of the house: "slack:T1:U1" for a person, "slack:T1:C1" for a channel. On an
// Enterprise Grid without a workspace the enterprise's id stands for the team.
#include "core/ids.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cox::slack {

UserId user_id(std::string_view team, std::string_view user);
ChannelId channel_id(std::string_view team, std::string_view channel);
// Slack's own part ("U1", "C1"); "" for an id of another network.
std::string_view raw(UserId const&);
std::string_view raw(ChannelId const&);
bool is_ours(std::string_view id);

} // namespace cox::slack
