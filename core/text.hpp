#pragma once
// Small helpers on bytes of text. Letters outside ASCII are compared as they are.
#include <algorithm>
#include <string>
#include <string_view>

namespace cox {

constexpr bool is_blank(char c) {
    return static_cast<unsigned char>(c) <= ' ';
}

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

constexpr char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

constexpr bool same_ignoring_case(std::string_view a, std::string_view b) {
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

constexpr std::string_view trim_left(std::string_view text) {
    while (!text.empty() && is_blank(text.front()))
        text.remove_prefix(1);
    return text;
}

constexpr std::string_view trim_right(std::string_view text) {
    while (!text.empty() && is_blank(text.back()))
        text.remove_suffix(1);
    return text;
}

constexpr std::string_view trim(std::string_view text) {
    return trim_left(trim_right(text));
}

// Without any of `marks` at its end: "accept." is "accept".
constexpr std::string_view without_tail(std::string_view word, std::string_view marks) {
    while (!word.empty() && marks.find(word.back()) != marks.npos)
        word.remove_suffix(1);
    return word;
}

} // namespace cox
