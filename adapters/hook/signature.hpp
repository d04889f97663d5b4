#pragma once
// How a receiver knows that it was us.
#include <cstdint>
#include <string>
#include <string_view>

namespace cox::hook {

// "sha256=" and the HMAC-SHA256 of `SECONDS.BODY` in hexadecimal digits: the moment is signed with the body, so that a
// call that somebody recorded cannot be played back a month later.
std::string signature(std::string_view secret, std::int64_t seconds, std::string_view body);

} // namespace cox::hook
