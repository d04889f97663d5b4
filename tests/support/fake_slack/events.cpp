#include "events.hpp"

namespace cox::fake_slack {
namespace {

json outer(Slack& slack, json event, bool ext_shared) {
    auto const& world = slack.world;
    auto const enterprise = world.enterprise.empty() ? json{} : json(world.enterprise);
    json const us = {{"enterprise_id", enterprise},
                     {"team_id", world.team},
                     {"user_id", world.bot_user},
                     {"is_bot", true},
                     {"is_enterprise_install", false}};
    if (!event.contains("event_ts")) event["event_ts"] = slack.clock.ts();
    auto event_id = slack.world.new_id("Ev");
    return {{"token", "deprecated"},
            {"team_id", world.team},
            {"context_team_id", world.team},
            {"context_enterprise_id", enterprise},
            {"api_app_id", world.app},
            {"type", "event_callback"},
            {"event_id", std::move(event_id)},
            {"event_time", slack.clock.now_ms() / 1000},
            {"event_context", "4-fake"},
            {"is_ext_shared_channel", ext_shared},
            {"authorizations", json::array({us})},
            {"event", std::move(event)}};
}

} // namespace

void tell(Slack& slack, json event, bool ext_shared) {
    slack.sockets.deliver("events_api", outer(slack, std::move(event), ext_shared), false);
}

void tell_in(Slack& slack, Channel const& channel, json event) {
    if (channel.has(slack.world.bot_user)) tell(slack, std::move(event), channel.is_ext_shared);
}

void tell_of(Slack& slack, Channel const& channel, json event) {
    if (!channel.is_private || channel.has(slack.world.bot_user)) tell(slack, std::move(event), channel.is_ext_shared);
}

void tell_app_rate_limited(Slack& slack) {
    json const words = {{"token", "deprecated"},
                        {"type", "app_rate_limited"},
                        {"team_id", slack.world.team},
                        {"minute_rate_limited", slack.clock.now_ms() / 60'000 * 60},
                        {"api_app_id", slack.world.app}};
    slack.sockets.deliver("events_api", words, false);
}

} // namespace cox::fake_slack
