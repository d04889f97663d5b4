#pragma once
// How long a server asks us to wait. Source: RFC 9110, section 10.2.3.
#include <chrono>
#include <optional>
#include <string_view>

namespace cox::net {

// Nobody waits for ever because a server says so.
constexpr std::chrono::milliseconds longest_retry_after{std::chrono::hours{1}};

// The header's seconds or HTTP date, within 0 and the longest; none where it is neither.
std::optional<std::chrono::milliseconds> read_retry_after(std::string_view header,
                                                          std::chrono::sys_time<std::chrono::milliseconds> now);

} // namespace cox::net
