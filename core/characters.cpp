#include "core/characters.hpp"

#include <algorithm>
#include <cstdint>

namespace cox {
namespace {

struct Point {
    std::uint32_t value = 0;
    std::size_t bytes = 0;
};

// The text is valid UTF-8 (normalise() saw to it); a stray byte counts as a point of its own.
Point first_point(std::string_view text) {
    auto const lead = static_cast<unsigned char>(text.front());
    std::size_t bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (lead >= 0x80 && lead < 0xC0) bytes = 1;
    bytes = std::min(bytes, text.size());
    if (bytes == 1) return {lead, 1};
    std::uint32_t value = lead & (0xFFU >> (bytes + 1));
    for (std::size_t i = 1; i < bytes; ++i)
        value = (value << 6) | (static_cast<unsigned char>(text[i]) & 0x3FU);
    return {value, bytes};
}

struct Range {
    std::uint32_t from;
    std::uint32_t to;
};

// Points that belong to the character before them.
constexpr Range extenders[] = {{0x0300, 0x036F}, {0x0483, 0x0489},   {0x0591, 0x05BD},  {0x0610, 0x061A},
                               {0x064B, 0x065F}, {0x0900, 0x0903},   {0x093A, 0x094F},  {0x0E31, 0x0E3A},
                               {0x0E47, 0x0E4E}, {0x1160, 0x11FF},   {0x1AB0, 0x1AFF},  {0x1DC0, 0x1DFF},
                               {0x200D, 0x200D}, {0x20D0, 0x20FF},   {0x3099, 0x309A},  {0xFE00, 0xFE0F},
                               {0xFE20, 0xFE2F}, {0x1F3FB, 0x1F3FF}, {0xE0100, 0xE01EF}};

bool extends(std::uint32_t point) {
    return std::ranges::any_of(extenders, [&](Range r) { return point >= r.from && point <= r.to; });
}

bool is_flag_half(std::uint32_t point) {
    return point >= 0x1F1E6 && point <= 0x1F1FF;
}

constexpr std::uint32_t joiner = 0x200D;

} // namespace

std::size_t length(std::string_view text) {
    std::size_t units = 0;
    while (!text.empty()) {
        if (static_cast<unsigned char>(text.front()) < 0x80) {
            ++units;
            text.remove_prefix(1);
            continue;
        }
        auto const point = first_point(text);
        units += point.value > 0xFFFF ? 2 : 1;
        text.remove_prefix(point.bytes);
    }
    return units;
}

std::size_t first_character(std::string_view text) {
    if (text.empty()) return 0;
    auto last = first_point(text);
    auto size = last.bytes;
    bool flag_open = is_flag_half(last.value);
    while (size < text.size()) {
        auto const next = first_point(text.substr(size));
        bool const joined = last.value == joiner || (flag_open && is_flag_half(next.value));
        if (!joined && !extends(next.value)) break;
        flag_open = false;
        size += next.bytes;
        last = next;
    }
    return size;
}

std::string clipped(std::string_view text, std::size_t limit) {
    // Bytes are never fewer than UTF-16 units, so most text is done here.
    if (text.size() <= limit || length(text) <= limit) return std::string{text};
    if (limit == 0) return {};
    std::size_t kept = 0;
    std::size_t units = 0;
    while (kept < text.size()) {
        auto const bytes = first_character(text.substr(kept));
        auto const more = length(text.substr(kept, bytes));
        if (units + more > limit - 1) break;
        units += more;
        kept += bytes;
    }
    while (kept > 0 && text[kept - 1] == ' ')
        --kept;
    return std::string{text.substr(0, kept)} + "…";
}

} // namespace cox
