#pragma once
// Asks Slack whether the tokens are good and what they may do. Blocks until it is answered.
#include "adapters/slack/slack_network.hpp"

#include <string>
#include <vector>

namespace cox::slack {

struct OnlineCheck {
    enum class Result { good, incomplete, refused, not_reached } result = Result::good;
    std::vector<std::string> lines; // for people, each a finding and what to do
};
OnlineCheck check_online(SlackOptions const&, Tokens const&);

} // namespace cox::slack
