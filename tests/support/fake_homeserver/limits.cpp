#include "limits.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>

namespace cox::fake_homeserver {
namespace {

std::string http_date(std::int64_t ms) {
    auto const seconds = static_cast<std::time_t>(ms / 1000);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 64> text{};
    auto const size = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    return {text.data(), size};
}

} // namespace

void pour(Homeserver& server, std::string const& user) {
    auto const rate = server.settings.messages_per_second;
    if (rate <= 0) return;
    auto const now = server.now_ms();
    auto& [level, at] = server.buckets.try_emplace(user, 0.0, now).first->second;
    level = std::max(0.0, level - static_cast<double>(now - at) * rate / 1000);
    at = now;
    auto const over = level + 1 - server.settings.messages_burst;
    if (over > 0) {
        auto const wait = static_cast<std::int64_t>(std::ceil(over * 1000 / rate));
        throw Refused{429, "M_LIMIT_EXCEEDED", "Too Many Requests", {{"retry_after_ms", wait}}};
    }
    level += 1;
}

void say_when(Response& response, json& body, Homeserver const& server, std::int64_t wait_ms, std::string const& by) {
    auto const seconds = (wait_ms + 999) / 1000;
    body.erase("retry_after_ms");
    if (by == "both" || by == "body") body["retry_after_ms"] = wait_ms;
    if (by == "both" || by == "header") response.headers.emplace_back("Retry-After", std::to_string(seconds));
    if (by == "date") response.headers.emplace_back("Retry-After", http_date(server.now_ms() + 1000 * seconds));
    response.body = body.dump();
}

void say_when(Response& response, json& body, Homeserver const& server, std::int64_t wait_ms) {
    say_when(response, body, server, wait_ms, server.settings.limited_by);
}

} // namespace cox::fake_homeserver
