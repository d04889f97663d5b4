#pragma once
// What a homeserver answered to a call of its client-server API, and how long it asks us to wait. Source: the Matrix
// specification, client-server API, "Standard error response" and "Rate limiting".
#include "adapters/net/http_client.hpp"
#include "core/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cox::matrix {

struct Answer {
    int status = 0;                      // HTTP's; 0 when nobody answered as a homeserver does, `error` says why
    std::string errcode;                 // "M_FORBIDDEN"; "" where the body names none
    std::string error;                   // in words: the server's own, or the network's; no secret is in it
    std::optional<Duration> retry_after; // of a 429: not before this has passed
    bool soft_logout = false;            // of a 401: the same device may log in again
    bool unknown = false;                // it may have been done: a lost answer, or 5xx
    std::string body;                    // JSON as it came, of any status

    bool ok() const { return status >= 200 && status < 300; }
    // Surely not done, and it may go at another time.
    bool passing() const { return status == 429 || (status == 0 && !unknown); }
};

// "M_FORBIDDEN: you are not in the room", "503", "network: timeout": for the log and for people.
std::string in_words(Answer const&);

// `now` is for a Retry-After that names a date.
Answer read_answer(net::HttpResult const&, Time now);

} // namespace cox::matrix
