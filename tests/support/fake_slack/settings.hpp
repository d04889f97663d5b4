#pragma once
// What a test may set: delays and habits. Each is also a field of the control call {"do":"settings", …}.
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace cox::fake_slack {

struct Settings {
    std::string app_token = "xapp-1-A0FAKE001-1-fake";
    std::string bot_token = "xoxb-1-fake"; // "account_inactive:xoxb-1-fake": it is answered with that error
    // What the bot's token may do; a method that needs more is answered `missing_scope`.
    std::vector<std::string> scopes = {"app_mentions:read", "bookmarks:write", "channels:history", "channels:join",
                                       "channels:manage",   "channels:read",   "chat:write",       "commands",
                                       "groups:history",    "groups:read",     "groups:write",     "im:history",
                                       "im:write",          "pins:write",      "reactions:read",   "reactions:write",
                                       "team:read",         "users:read",      "users:read.email"};

    // Socket Mode. Slack's own delays are 3 s to acknowledge, then at once, after 1 min, after 5 min.
    int ack_within_ms = 3000;
    std::vector<int> redeliver_after_ms = {0, 60'000, 300'000};
    bool redeliver_commands = true;     // slash commands and interactions too, not only events
    bool redeliver_with_new_id = false; // the same event in a new envelope
    int most_connections = 10;
    int lifetime_s = 18'060; // approximate_connection_time
    int ping_every_ms = 10'000;
    int recycle_after_ms = 360'000; // of connections with debug_reconnects=true
    int largest_frame = 20'480;     // bytes; a client's frame of so many is refused
    bool closes_tcp = false;        // after the close handshake; Slack leaves that to the client
    bool hello = true;              // false: it is withheld
    bool silent = false;            // no pongs, no frames, as if the other side were gone
    bool deaf = false;              // connected, but nothing that happens arrives

    // Web API.
    int posts_per_second = 0; // of chat.postMessage in one channel; 0: as many as come
    int page_size = 0;        // at most so many rows on a page, whatever `limit` says; 0: as `limit` says
    int trigger_lives_ms = 3000;
    int response_url_lives_ms = 30 * 60 * 1000;
    int response_url_uses = 5;
};

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Settings, app_token, bot_token, scopes, ack_within_ms,
                                                redeliver_after_ms, redeliver_commands, redeliver_with_new_id,
                                                most_connections, lifetime_s, ping_every_ms, recycle_after_ms,
                                                largest_frame, closes_tcp, hello, silent, deaf, posts_per_second,
                                                page_size, trigger_lives_ms, response_url_lives_ms, response_url_uses)

} // namespace cox::fake_slack
