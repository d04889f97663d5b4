#pragma once
// The frames of a Socket Mode connection, read by strict rules. Nothing here knows a socket.
// Sources: docs.slack.dev, "Using Socket Mode", "Events API", "Interactivity"; events.cpp, message.cpp,
// interactions.cpp and slash.cpp have the shapes.
#include "adapters/slack/happening.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace cox::slack {

namespace frame {

struct Hello {
    int connections = 0;
    std::optional<int> lifetime_s; // approximate_connection_time
};
struct Disconnect {
    std::string reason; // "refresh_requested"
};
// To be acknowledged by `envelope_id` on the connection it came from.
struct Envelope {
    std::string envelope_id;
    std::string key;                        // by meaning: the same for every delivery of the same thing; "" for Passed
    std::optional<std::int64_t> happened_s; // Unix time at which it happened, where the payload says so
    Happening happening;
};
// Not a frame that we know; nothing to acknowledge. The connection stays.
struct Junk {
    std::string why;
};

} // namespace frame

using Frame = std::variant<frame::Hello, frame::Disconnect, frame::Envelope, frame::Junk>;

// Who we are: what comes from us is passed over.
struct Ourselves {
    std::string team;
    std::string user;      // the bot's user id
    std::string bot;       // "B1"
    std::string app;       // "A1"
    bool loopback = false; // a test's Slack on this machine: response_urls may lead there
};

// Never throws, whatever came. Nesting deeper than 64 and frames over 1 MiB are Junk.
Frame read_frame(std::string_view text, Ourselves const&);
// `{"envelope_id":…}`, with `payload` (JSON text) where one is given. Always under 20,000 bytes: a larger payload is
// left out.
std::string acknowledgement(std::string_view envelope_id, std::string_view payload = {});

constexpr std::size_t longest_acknowledgement = 20'000; // bytes; Slack's server refuses frames from 20,480 on

} // namespace cox::slack
