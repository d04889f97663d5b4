#pragma once
// Whatever a test may ask for by name: the acts, and what takes a while (a burst, waiting for something).
#include "http.hpp"
#include "slack.hpp"

#include <functional>

namespace cox::fake_slack {

// {"do": NAME, …}; `done` hears {"ok":true,…} or {"ok":false,"error":…}.
void control(Slack&, json const& words, std::function<void(json)> done);
// POST /_control with the same words, GET /_state?part=calls; others: 404.
void answer_control(Slack&, Request const&, std::function<void(Response)> done);

// What can be waited for, all of what is named:
//   {"connections":1}                             at least so many have had their hello
//   {"acked":"ENVELOPE"}                          it is acknowledged; also a list of them
//   {"decided":"ENVELOPE"}                        it is acknowledged, or will not be delivered again; also a list
//   {"calls":2,"method":"chat.postMessage"}       at least so many such calls have been answered
//   {"channel":"ops","text":"part of a message"}  somebody said it there
//   {"user":"alice","whisper":"part of it"}       she alone was told so
Slack::Condition condition_of(json const& words);

} // namespace cox::fake_slack
