#include "bot/logging.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace cox::bot {
namespace {

bool as_json = false;

// spdlog's pattern does not escape, so the JSON of the message is made here.
void write(spdlog::level::level_enum level, std::string_view text) {
    if (!as_json) {
        spdlog::log(level, "{}", text);
        return;
    }
    auto const quoted = nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    spdlog::log(level, "{}", quoted);
}

} // namespace

void set_up_logging(LogStyle style, std::string_view level) {
    as_json = style == LogStyle::json;
    auto logger = std::make_shared<spdlog::logger>("coxswain", std::make_shared<spdlog::sinks::stderr_sink_st>());
    logger->set_level(spdlog::level::from_str(std::string{level}));
    logger->flush_on(spdlog::level::trace);
    // Times in the log are UTC, as everywhere.
    if (as_json) {
        logger->set_pattern(R"({"at":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","message":%v})",
                            spdlog::pattern_time_type::utc);
    } else {
        logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l: %v", spdlog::pattern_time_type::utc);
    }
    spdlog::set_default_logger(std::move(logger));
}

void log_info(std::string_view text) {
    write(spdlog::level::info, text);
}
void log_warning(std::string_view text) {
    write(spdlog::level::warn, text);
}
void log_error(std::string_view text) {
    write(spdlog::level::err, text);
}

} // namespace cox::bot
