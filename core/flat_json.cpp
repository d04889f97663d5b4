#include "core/flat_json.hpp"

#include <cstdint>
#include <cstring>

namespace cox::flat_json {
namespace {

// The first byte from `at` on that is not plain: a quote, a backslash, a control character or beyond ASCII.
char const* skip_plain(char const* at, char const* end) {
    constexpr std::uint64_t ones = 0x0101010101010101;
    constexpr std::uint64_t tops = 0x8080808080808080;
    while (end - at >= 8) {
        std::uint64_t bytes;
        std::memcpy(&bytes, at, 8);
        std::uint64_t const quotes = bytes ^ (ones * '"');
        std::uint64_t const slashes = bytes ^ (ones * '\\');
        if (((bytes - ones * 0x20) | (quotes - ones) | (slashes - ones) | bytes) & tops) break;
        at += 8;
    }
    while (at != end && static_cast<unsigned char>(*at) >= 0x20 && static_cast<unsigned char>(*at) < 0x80 &&
           *at != '"' && *at != '\\')
        ++at;
    return at;
}

// The length of the UTF-8 sequence at `at`, 0 when there is none.
std::ptrdiff_t utf8_length(char const* at, char const* end) {
    auto const byte = [at](int i) { return static_cast<unsigned char>(at[i]); };
    auto const follows = [&](int i) { return (byte(i) & 0xC0) == 0x80; };
    auto const left = end - at;
    unsigned const first = byte(0);
    if (first < 0xC2) return 0;
    if (first < 0xE0) return left >= 2 && follows(1) ? 2 : 0;
    if (first < 0xF0) {
        if (left < 3 || !follows(1) || !follows(2)) return 0;
        bool const overlong = first == 0xE0 && byte(1) < 0xA0;
        bool const surrogate = first == 0xED && byte(1) >= 0xA0;
        return overlong || surrogate ? 0 : 3;
    }
    if (first > 0xF4 || left < 4 || !follows(1) || !follows(2) || !follows(3)) return 0;
    bool const overlong = first == 0xF0 && byte(1) < 0x90;
    bool const beyond = first == 0xF4 && byte(1) >= 0x90;
    return overlong || beyond ? 0 : 4;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// The four digits of a \u escape, -1 when they are none.
int code_unit(char const* at, char const* end) {
    if (end - at < 4) return -1;
    int value = 0;
    for (int i = 0; i < 4; ++i) {
        int const digit = hex_digit(at[i]);
        if (digit < 0) return -1;
        value = value * 16 + digit;
    }
    return value;
}

bool is_high_surrogate(int unit) {
    return unit >= 0xD800 && unit < 0xDC00;
}
bool is_low_surrogate(int unit) {
    return unit >= 0xDC00 && unit < 0xE000;
}

class Scanner {
public:
    explicit Scanner(std::string_view text) : begin_{text.data()}, at_{text.data()}, end_{text.data() + text.size()} {}

    bool object(Object& into) {
        into.count = 0;
        blanks();
        if (at_ == end_ || *at_ != '{') return fail("an object in braces is expected");
        ++at_;
        bool const read = members('}', [&] { return member(into); });
        if (!read) return false;
        blanks();
        return at_ == end_ || fail("something stands behind the object");
    }

    std::string reason() const { return "not JSON at column " + std::to_string(at_ - begin_ + 1) + ": " + what_; }

private:
    bool fail(char const* what) {
        what_ = what;
        return false;
    }

    void blanks() {
        while (at_ != end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\n' || *at_ == '\r'))
            ++at_;
    }

    // What stands between a bracket already read and `closing`, separated by commas.
    template <class ReadOne>
    bool members(char closing, ReadOne&& read_one) {
        blanks();
        if (at_ != end_ && *at_ == closing) {
            ++at_;
            return true;
        }
        while (true) {
            if (!read_one()) return false;
            blanks();
            if (at_ == end_) return fail("it ends too early");
            if (*at_ == closing) {
                ++at_;
                return true;
            }
            if (*at_ != ',') return fail("a comma is missing");
            ++at_;
            blanks();
        }
    }

    bool member(Object& into) {
        if (into.count == most_members) return fail("too many fields");
        Member& one = into.members[into.count];
        bool name_escaped = false;
        if (!name(one.name_at, one.name_size, name_escaped)) return false;
        one.value_at = at_;
        one.escaped = false;
        if (at_ != end_ && *at_ == '"') {
            one.kind = Kind::string;
            if (!string(one.value_at, one.value_size, one.escaped)) return false;
        } else {
            if (!value(one.kind, 1)) return false;
            one.value_size = static_cast<std::size_t>(at_ - one.value_at);
        }
        ++into.count;
        return true;
    }

    bool name(char const*& from, std::size_t& size, bool& escaped) {
        if (at_ == end_ || *at_ != '"') return fail("a field's name in quotes is expected");
        if (!string(from, size, escaped)) return false;
        blanks();
        if (at_ == end_ || *at_ != ':') return fail("a colon is missing");
        ++at_;
        blanks();
        return true;
    }

    // at_ is on the opening quote.
    bool string(char const*& from, std::size_t& size, bool& escaped) {
        from = ++at_;
        while (true) {
            at_ = skip_plain(at_, end_);
            if (at_ == end_) return fail("a text has no closing quote");
            auto const c = static_cast<unsigned char>(*at_);
            if (c == '"') {
                size = static_cast<std::size_t>(at_ - from);
                ++at_;
                return true;
            }
            if (c == '\\') {
                escaped = true;
                if (!escape()) return fail("an escape that JSON does not know");
            } else if (c < 0x20) {
                return fail("a control character inside a text");
            } else {
                auto const length = utf8_length(at_, end_);
                if (length == 0) return fail("bytes that are not UTF-8");
                at_ += length;
            }
        }
    }

    bool escape() {
        if (end_ - at_ < 2) return false;
        char const c = at_[1];
        if (c != 'u') {
            if (!std::string_view{"\"\\/bfnrt"}.contains(c)) return false;
            at_ += 2;
            return true;
        }
        int const unit = code_unit(at_ + 2, end_);
        if (unit < 0 || is_low_surrogate(unit)) return false;
        if (is_high_surrogate(unit)) {
            if (end_ - at_ < 12 || at_[6] != '\\' || at_[7] != 'u') return false;
            if (!is_low_surrogate(code_unit(at_ + 8, end_))) return false;
            at_ += 6;
        }
        at_ += 6;
        return true;
    }

    // Recursion ends at `deepest`, whatever the text holds.
    bool value(Kind& kind, int depth) {
        if (at_ == end_) return fail("a value is missing");
        char const* from = nullptr;
        std::size_t size = 0;
        bool escaped = false;
        Kind inner{};
        switch (*at_) {
        case '"': kind = Kind::string; return string(from, size, escaped);
        case 't': kind = Kind::boolean; return word("true");
        case 'f': kind = Kind::boolean; return word("false");
        case 'n': kind = Kind::null; return word("null");
        case '{':
            kind = Kind::object;
            if (depth >= deepest) return fail("brackets nested deeper than 64");
            ++at_;
            return members('}', [&] { return name(from, size, escaped) && value(inner, depth + 1); });
        case '[':
            kind = Kind::array;
            if (depth >= deepest) return fail("brackets nested deeper than 64");
            ++at_;
            return members(']', [&] { return value(inner, depth + 1); });
        default: return number(kind);
        }
    }

    bool word(std::string_view expected) {
        if (!std::string_view{at_, static_cast<std::size_t>(end_ - at_)}.starts_with(expected))
            return fail("a value that JSON does not know");
        at_ += expected.size();
        return true;
    }

    bool digits() {
        char const* const from = at_;
        while (at_ != end_ && *at_ >= '0' && *at_ <= '9')
            ++at_;
        return at_ != from;
    }

    bool number(Kind& kind) {
        kind = Kind::integer;
        char const* const from = at_;
        if (*at_ == '-') ++at_;
        char const* const first = at_;
        if (!digits()) return at_ = from, fail("a value that JSON does not know");
        if (*first == '0' && at_ - first > 1) return at_ = first, fail("a number that starts with 0");
        if (at_ != end_ && *at_ == '.') {
            kind = Kind::number;
            ++at_;
            if (!digits()) return fail("digits are missing");
        }
        if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
            kind = Kind::number;
            ++at_;
            if (at_ != end_ && (*at_ == '+' || *at_ == '-')) ++at_;
            if (!digits()) return fail("digits are missing");
        }
        return true;
    }

    char const* begin_;
    char const* at_;
    char const* end_;
    char const* what_ = "";
};

void append_utf8(std::string& out, unsigned code) {
    auto const put = [&out](unsigned byte) { out += static_cast<char>(byte); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xC0 | code >> 6);
        put(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        put(0xE0 | code >> 12);
        put(0x80 | (code >> 6 & 0x3F));
        put(0x80 | (code & 0x3F));
    } else {
        put(0xF0 | code >> 18);
        put(0x80 | (code >> 12 & 0x3F));
        put(0x80 | (code >> 6 & 0x3F));
        put(0x80 | (code & 0x3F));
    }
}

} // namespace

std::expected<void, std::string> scan(std::string_view text, Object& into) {
    Scanner scanner{text};
    if (scanner.object(into)) return {};
    return std::unexpected{scanner.reason()};
}

void take(Member const& member, std::string& into) {
    if (!member.escaped) {
        into.assign(member.value_at, member.value_size);
        return;
    }
    into.clear();
    char const* at = member.value_at;
    char const* const end = at + member.value_size;
    while (at != end) {
        auto const* slash = static_cast<char const*>(std::memchr(at, '\\', static_cast<std::size_t>(end - at)));
        if (!slash) slash = end;
        into.append(at, slash);
        if (slash == end) return;
        at = slash + 2;
        switch (slash[1]) {
        case 'b': into += '\b'; break;
        case 'f': into += '\f'; break;
        case 'n': into += '\n'; break;
        case 'r': into += '\r'; break;
        case 't': into += '\t'; break;
        case 'u': {
            auto code = static_cast<unsigned>(code_unit(at, end));
            at += 4;
            if (is_high_surrogate(static_cast<int>(code))) {
                auto const low = static_cast<unsigned>(code_unit(at + 2, end));
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                at += 6;
            }
            append_utf8(into, code);
            break;
        }
        default: into += slash[1];
        }
    }
}

void append_string(std::string& out, std::string_view text) {
    static constexpr char hex[] = "0123456789abcdef";
    out += '"';
    char const* at = text.data();
    char const* const end = at + text.size();
    while (at != end) {
        char const* const stop = skip_plain(at, end);
        out.append(at, stop);
        at = stop;
        if (at == end) break;
        auto const c = static_cast<unsigned char>(*at);
        if (c >= 0x80) {
            auto const length = utf8_length(at, end);
            if (length == 0) {
                out += "\xEF\xBF\xBD";
                ++at;
            } else {
                out.append(at, static_cast<std::size_t>(length));
                at += length;
            }
            continue;
        }
        ++at;
        switch (c) {
        case '"': out += "\\\""; break;
        case '\\': out += "\\\\"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        default:
            out += "\\u00";
            out += hex[c >> 4];
            out += hex[c & 15];
        }
    }
    out += '"';
}

} // namespace cox::flat_json
