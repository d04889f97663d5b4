#include "adapters/matrix/emoji.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cox::matrix {
namespace {

constexpr auto known = std::to_array<std::pair<std::string_view, std::string_view>>({{"memo", "📝"},
                                                                                     {"pencil", "📝"},
                                                                                     {"pushpin", "📌"},
                                                                                     {"round_pushpin", "📍"},
                                                                                     {"bookmark", "🔖"},
                                                                                     {"paperclip", "📎"},
                                                                                     {"clipboard", "📋"},
                                                                                     {"eyes", "👀"},
                                                                                     {"warning", "⚠"},
                                                                                     {"rotating_light", "🚨"},
                                                                                     {"fire", "🔥"},
                                                                                     {"bulb", "💡"},
                                                                                     {"mag", "🔍"},
                                                                                     {"star", "⭐"},
                                                                                     {"white_check_mark", "✅"},
                                                                                     {"heavy_check_mark", "✔"},
                                                                                     {"x", "❌"},
                                                                                     {"question", "❓"},
                                                                                     {"exclamation", "❗"},
                                                                                     {"spiral_note_pad", "🗒"},
                                                                                     {"notebook", "📓"},
                                                                                     {"floppy_disk", "💾"},
                                                                                     {"alarm_clock", "⏰"},
                                                                                     {"stopwatch", "⏱"},
                                                                                     {"thumbsup", "👍"},
                                                                                     {"+1", "👍"},
                                                                                     {"thumbsdown", "👎"},
                                                                                     {"-1", "👎"}});

} // namespace

std::string_view emoji_of(std::string_view name) {
    auto const found = std::ranges::find(known, name, [](auto const& each) { return each.first; });
    return found == known.end() ? name : found->second;
}

} // namespace cox::matrix
