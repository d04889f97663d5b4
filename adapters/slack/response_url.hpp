#pragma once
// A payload names the address to answer at. Only Slack's own is believed: a hostile one would make us ask, and tell,
// whomever it names.
#include <string_view>

namespace cox::slack {

// `https://hooks.slack.com/…` and nothing that merely looks like it. `loopback_allowed` is for tests, whose Slack is on
// this machine: then `http://127.0.0.1:PORT/…` too.
bool is_response_url(std::string_view url, bool loopback_allowed);

} // namespace cox::slack
