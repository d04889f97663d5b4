#pragma once
// What the readers of the three families of envelopes share. Each takes the payload and never throws on one.
#include "adapters/slack/frame.hpp"
#include "adapters/slack/json.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace cox::slack {

// An envelope's payload, read.
struct Reading {
    Happening happening;
    std::string key; // "" for Passed
    std::optional<std::int64_t> happened_s;
};

Reading read_event(nlohmann::json const& payload, Ourselves const&);       // events.cpp
Reading read_interaction(nlohmann::json const& payload, Ourselves const&); // interactions.cpp

constexpr std::string_view slash_commands = "slash_commands";
struct SlashEnvelope {
    std::string id;
    Reading reading;
};
// None when the envelope is of another family, or not as Slack makes them: what is wrong is then for others to say.
std::optional<SlashEnvelope> read_slash_envelope(std::string_view frame, Ourselves const&); // slash.cpp

Reading passed(std::string why);
// Something that the happening cannot do without is missing or of the wrong type.
Reading malformed(std::string_view what);
// "slack:msg:T1:C1:1790000002.000300"
std::string key_of(std::string_view kind, std::initializer_list<std::string_view> parts);
// The whole seconds of "1790000003.1"; none for anything else.
std::optional<std::int64_t> seconds_of(std::string_view ts);
// The response_url where it is Slack's, else "".
std::string response_url_at(nlohmann::json const& payload, Ourselves const&);

} // namespace cox::slack
