#pragma once
// Whether two people who read a severity's definition at 3 AM choose the same one: the rule measurable-severity.
#include <string_view>

namespace cox::bot {

// True where the text names a number, a share, a length of time, or something that people can or cannot do any more
// ("users cannot log in", "export to PDF fails"). "Serious outage" and "something is badly broken" name none.
bool is_measurable(std::string_view text);

} // namespace cox::bot
