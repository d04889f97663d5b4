#pragma once
// How much one user may send, and how a 429 says when more may come.
#include "homeserver.hpp"
#include "http.hpp"

#include <string>

namespace cox::fake_homeserver {

// One more message, state event or redaction of this user; throws Refused when the bucket is full.
void pour(Homeserver&, std::string const& user);

// Puts the wait into the header, the body or neither, and makes the body.
void say_when(Response&, json& body, Homeserver const&, std::int64_t wait_ms, std::string const& by);
void say_when(Response&, json& body, Homeserver const&, std::int64_t wait_ms);

} // namespace cox::fake_homeserver
