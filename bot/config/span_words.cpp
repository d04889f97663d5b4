#include "bot/config/span_words.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

namespace cox::bot {
namespace {

struct Unit {
    std::string_view word;
    std::int64_t seconds;
};

constexpr Unit units[] = {
    {"s", 1},      {"sec", 1},     {"secs", 1},     {"second", 1},   {"seconds", 1}, {"m", 60},
    {"min", 60},   {"mins", 60},   {"minute", 60},  {"minutes", 60}, {"h", 3600},    {"hr", 3600},
    {"hrs", 3600}, {"hour", 3600}, {"hours", 3600}, {"d", 86400},    {"day", 86400}, {"days", 86400},
};
constexpr std::int64_t most_seconds = std::int64_t{366} * 86400;
constexpr std::size_t most_digits = 9;

bool digit(char c) {
    return c >= '0' && c <= '9';
}
bool letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

template <class Is>
std::string_view take(std::string_view& text, Is is) {
    auto const end = std::ranges::find_if_not(text, is);
    auto const taken = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(taken.size());
    return taken;
}

} // namespace

std::optional<Duration> read_span(std::string_view text) {
    auto const blank = [](char c) { return c == ' '; };
    std::int64_t total = 0;
    take(text, blank);
    if (text.empty()) return {};
    while (!text.empty()) {
        auto const digits = take(text, digit);
        take(text, blank);
        std::string word{take(text, letter)};
        take(text, blank);
        if (digits.empty() || digits.size() > most_digits) return {};
        std::ranges::transform(word, word.begin(), [](char c) { return static_cast<char>(c | 0x20); });
        auto const unit = std::ranges::find(units, word, &Unit::word);
        if (unit == std::end(units)) return {};
        total += std::stoll(std::string{digits}) * unit->seconds;
        if (total > most_seconds) return {};
    }
    return std::chrono::seconds{total};
}

} // namespace cox::bot
