#pragma once
// What a channel looks like from outside.
#include "adapters/web/channel.hpp"
#include "adapters/web/desk.hpp"

#include <nlohmann/json_fwd.hpp>

namespace cox::web {

// {id,name,topic,incident,now,rate}
nlohmann::json row_of(WebChannel const&, Desk&);
// The incident that is open in a channel, "INC-1" or null.
nlohmann::json incident_of(ChannelId const&, Desk&);

} // namespace cox::web
