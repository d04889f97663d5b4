#pragma once
// Many slash commands at a set rate, and how soon they are acknowledged: measured in here, so that no other process
// stands between.
#include "slack.hpp"

#include <functional>

namespace cox::fake_slack {

// {"count":10000,"rate":2000,"in_flight":64,"command":"/inc","texts":["status"],"channels":["ops"],"users":["alice"],
//  "within_ms":30000}: `rate` a second, 0 for as fast as `in_flight` (0: no limit) lets them go. `done` hears, once all
// are acknowledged or `within_ms` is over since the last was sent:
// {"sent":…,"acked":…,"unacked":…,"redelivered":…,"seconds":…,"ack_us":{"p50":…,"p90":…,"p99":…,"p999":…,"max":…}}
void start_burst(Slack&, json const& args, std::function<void(json)> done);

} // namespace cox::fake_slack
