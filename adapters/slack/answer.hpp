#pragma once
// What Slack answered to a call of its Web API, and what that means for us. Source: docs.slack.dev, each method's page
// and "Rate limits".
#include "adapters/net/http_client.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace cox::slack {

enum class Verdict {
    done,
    wait,    // rate limited: `retry_after` says how long
    again,   // surely not done; try later
    unknown, // it may have been done: look before doing it again
    channel, // the channel is the obstacle: archived, gone, or we are not in it
    token,   // the token is: revoked, expired, of a deactivated account
    scope,   // a right is missing: `needed` names it
    refused  // it will never be done as asked; `error` says why
};

struct Answer {
    Verdict verdict = Verdict::unknown;
    std::string error;  // Slack's word ("not_in_channel") or ours: "network: timeout", "not_slack" (no JSON, or an
                        // address elsewhere), "bad_answer" (broken JSON, or not of Slack's form), "http_503"
    std::string needed; // scope: what is missing
    std::optional<std::chrono::milliseconds> retry_after; // within 0 s to 300 s
    std::string body;                                     // JSON; "" unless done, or refused with details
    std::string scopes; // of the token, "chat:write,commands", where the answer's headers name them
    std::string detail; // what else was said about it, secrets hidden: for the log

    bool ok() const { return verdict == Verdict::done; }
};

// The error with what else was said about it: "network: certificate: self-signed certificate".
std::string in_words(Answer const&);
// Slack did not answer, or not now.
bool may_come_later(Answer const&);

// Words that mean "it is so already" count as done: already_pinned, already_in_channel, already_reacted, …
// `writes`: whether a lost answer leaves it unknown; a call that only reads is just tried again.
Answer read_answer(net::HttpResult const&, bool writes);
// The same for a message sent to a response_url, which answers in plain words and dies of age and use.
Answer read_hook_answer(net::HttpResult const&);

} // namespace cox::slack
