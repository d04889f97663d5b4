#pragma once
// The log's form: one JSON object a line,
// {"incident":"INC-1","seq":1,"at":"…","actor":"ana","name":"Ana","kind":"…","v":1,…}.
#include "core/event.hpp"

#include <expected>
#include <string>
#include <string_view>

namespace cox {

// One line without the line feed.
std::string to_json_line(Event const&);
// The reason says what is wrong in words for a person: a kind that is not known and a newer version are named.
std::expected<Event, std::string> event_from_json_line(std::string_view line);

} // namespace cox
