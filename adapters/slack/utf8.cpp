#include "adapters/slack/mrkdwn.hpp"

#include <algorithm>

namespace cox::slack {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

// Bytes of the well-formed code point that `text` begins with; 0 when there is none.
std::size_t well_formed(std::string_view text) {
    auto const at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    auto const lead = at(0);
    if (lead < 0x80) return 1;
    if (lead < 0xC2 || lead > 0xF4) return 0;
    std::size_t const size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (text.size() < size) return 0;
    // The second byte's range keeps out overlong forms, surrogates and what lies beyond Unicode.
    unsigned const low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned const high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (at(1) < low || at(1) > high) return 0;
    for (std::size_t i = 2; i < size; ++i) {
        if ((at(i) & 0xC0U) != 0x80) return 0;
    }
    return size;
}

} // namespace

std::string valid_utf8(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        auto const ascii = std::ranges::find_if(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
        out.append(text.begin(), ascii);
        text = {ascii, text.end()};
        if (text.empty()) break;
        auto const size = well_formed(text);
        out += size == 0 ? replacement : text.substr(0, size);
        text.remove_prefix(size == 0 ? 1 : size);
    }
    return out;
}

} // namespace cox::slack
