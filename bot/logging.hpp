#pragma once
// What the operator reads. Readable lines or one JSON object a line, on standard error.
#include <string>
#include <string_view>

namespace cox::bot {

enum class LogStyle { text, json };
// "trace", "debug", "info", "warn", "error"
void set_up_logging(LogStyle, std::string_view level);

void log_info(std::string_view);
void log_warning(std::string_view);
void log_error(std::string_view);

} // namespace cox::bot
