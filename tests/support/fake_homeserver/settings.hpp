#pragma once
// What a test may set: limits and habits. Each is also a field of the control call {"do":"settings", …}.
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace cox::fake_homeserver {

struct Settings {
    std::vector<std::string> versions = {"r0.6.1", "v1.1", "v1.2", "v1.3",  "v1.4",  "v1.5", "v1.6",
                                         "v1.7",   "v1.8", "v1.9", "v1.10", "v1.11", "v1.12"};
    std::string default_room_version = "11";
    std::string well_known = ""; // the base_url that it names; "": 404
    std::vector<std::string> login_flows = {"m.login.password", "m.login.token"};
    std::string as_token = "";                   // of the application service that there is; "": none
    int token_lives_ms = 0;                      // of a login that asks for a refresh token; 0: 5 min
    bool encrypts_new_rooms = false;             // as a server with encryption_enabled_by_default_for_room_type
    int transactions_live_ms = 24 * 3600 * 1000; // how long a transaction id is remembered
    int messages_scanned = 0;        // of the events that a page of /messages looks through; 0: as many as it takes
    std::string stuck_at = "";       // the next_batch of every /sync; "": as it is
    std::string revoked_poll = "ok"; // a poll whose token is revoked: "ok" answers it 200 first, "401" at once

    // Messages, state and redactions of one user, in a leaking bucket; 0: without limit.
    double messages_per_second = 0;
    int messages_burst = 10;
    std::string limited_by = "both"; // how a 429 says when: "both", "header", "body", "date", "none"
};

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Settings, versions, default_room_version, well_known, login_flows,
                                                as_token, token_lives_ms, encrypts_new_rooms, transactions_live_ms,
                                                messages_scanned, stuck_at, revoked_poll, messages_per_second,
                                                messages_burst, limited_by)

} // namespace cox::fake_homeserver
