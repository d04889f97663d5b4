#include "core/parse.hpp"
#include "core/text.hpp"

namespace cox {
namespace {

constexpr char32_t replacement = 0xFFFD;

struct Character {
    char32_t code;
    std::size_t length; // bytes read
};

// The character that starts at text[at]; a byte that starts none is one U+FFFD.
Character character_at(std::string_view text, std::size_t at) {
    auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    unsigned char const lead = byte(0);
    if (lead < 0x80) return {lead, 1};
    std::size_t const length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() - at < length) return {replacement, 1};
    char32_t code = lead & (0xFFu >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return {replacement, 1};
        code = code << 6 | (byte(i) & 0x3Fu);
    }
    bool const overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    bool const surrogate = code >= 0xD800 && code <= 0xDFFF;
    if (overlong || surrogate || code > 0x10FFFF) return {replacement, 1};
    return {code, length};
}

// Characters that show nothing themselves but change what stands around them: a name or a command must not be able
// to look like another one.
bool is_invisible(char32_t code) {
    return code < 0x20 || (code >= 0x7F && code <= 0x9F) || code == 0xAD || code == 0x61C ||
           (code >= 0x200B && code <= 0x200F) || (code >= 0x202A && code <= 0x202E) ||
           (code >= 0x2060 && code <= 0x2064) || (code >= 0x2066 && code <= 0x206F) || code == 0xFEFF ||
           (code >= 0xFFF9 && code <= 0xFFFB) || (code >= 0xE0000 && code <= 0xE007F);
}

// The joiners of emoji families and of Indic and Persian words stand between two characters beyond ASCII; beside a
// letter that a command or a name could be made of they are only there to deceive.
bool joins(std::string_view before, char32_t code, std::string_view after) {
    auto const beyond_ascii = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
    return (code == 0x200C || code == 0x200D) && !before.empty() && beyond_ascii(before.back()) && !after.empty() &&
           beyond_ascii(after.front());
}

// Phones and office programs put these where a plain blank is meant.
bool is_wide_blank(char32_t code) {
    return code == 0xA0 || (code >= 0x2000 && code <= 0x200A) || code == 0x202F || code == 0x205F || code == 0x3000;
}

bool is_line_end(char32_t code) {
    return code == '\n' || code == '\r' || code == 0x85 || code == 0x2028 || code == 0x2029;
}

// Bytes from `at` on that stay as they are: the printable ASCII characters but '&'.
std::size_t plain_run(std::string_view text, std::size_t at) {
    auto end = at;
    while (end < text.size() && text[end] >= ' ' && text[end] < 0x7F && text[end] != '&')
        ++end;
    return end - at;
}

struct Entity {
    std::string_view written;
    char meant;
};
constexpr Entity entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}};

} // namespace

std::string normalise(std::string_view raw) {
    std::string text;
    text.reserve(raw.size());
    for (std::size_t i = 0; i < raw.size();) {
        if (auto const run = plain_run(raw, i)) {
            text.append(raw, i, run);
            i += run;
            continue;
        }
        if (raw[i] == '&') {
            auto const rest = raw.substr(i);
            auto const* const found =
                std::ranges::find_if(entities, [&](Entity const& one) { return rest.starts_with(one.written); });
            bool const is_entity = found != std::end(entities);
            text += is_entity ? found->meant : '&';
            i += is_entity ? found->written.size() : 1;
            continue;
        }
        auto const [code, length] = character_at(raw, i);
        if (is_line_end(code)) {
            text += '\n';
            if (code == '\r' && i + 1 < raw.size() && raw[i + 1] == '\n') ++i;
        } else if (code == '\t' || is_wide_blank(code)) {
            text += ' ';
        } else if (code == replacement) {
            text += "\xEF\xBF\xBD";
        } else if (!is_invisible(code) || joins(text, code, raw.substr(i + length))) {
            text.append(raw, i, length);
        }
        i += length;
    }
    auto const kept = trim(text);
    if (kept.size() == text.size()) return text;
    return std::string{kept};
}

} // namespace cox
