#pragma once
// Whatever a test may ask for by name: the acts, looking, and waiting for something.
#include "homeserver.hpp"
#include "http.hpp"

#include <functional>

namespace cox::fake_homeserver {

// {"do": NAME, …}; `done` hears {"ok":true,…} or {"ok":false,"error":…}.
void control(Homeserver&, json const& words, std::function<void(json)> done);
// POST /_control with the same words, GET /_state?part=calls; others: 404.
void answer_control(Homeserver&, Request const&, std::function<void(Response)> done);

// What can be waited for, all of what is named:
//   {"text":"part of a message","room":"ops"}   somebody said it there, as it is shown now
//   {"calls":2,"endpoint":"send"}               so many such calls were answered
//   {"polling":"@coxswain:lab.test"}            a poll of theirs is open
//   {"topic":"part of it","room":"ops"}
Homeserver::Condition condition_of(Homeserver&, json const& words);

// One of: calls, violations, rooms, users, settings, summary. "" for all.
json seen(Homeserver&, std::string_view part);
json seen_room(Room const&);
// Messages as a client shows them: the newest edit, nothing that was redacted.
json seen_messages(Room const&);

} // namespace cox::fake_homeserver
