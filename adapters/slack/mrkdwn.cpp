#include "adapters/slack/mrkdwn.hpp"

#include "adapters/slack/drawing.hpp"
#include "adapters/slack/names.hpp"
#include "core/assert.hpp"
#include "core/characters.hpp"
#include "core/grammar.hpp"
#include "core/marks.hpp"
#include "core/phrases.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <utility>

namespace cox::slack {
namespace {

constexpr std::string_view like_backtick = "ˋ";
constexpr std::string_view like_greater = "›";

struct Formatting {
    char typed;
    std::string_view like;
};
constexpr Formatting formatting[] = {{'*', "∗"}, {'_', "ˍ"}, {'~', "∼"}};

// A flood of combining marks is taken apart, so that no piece outgrows the place it must fit in.
constexpr std::size_t longest_character = 64; // bytes
constexpr std::size_t longest_code = 1000;    // of one span
constexpr std::size_t longest_link = 1000;
constexpr std::size_t longest_fallback = 100;
constexpr std::size_t longest_piece = longest_code + 2; // a link's brackets, a span's marks

// What means something to Slack stands alone, whatever marks and joiners people put around it.
std::size_t next_character(std::string_view text) {
    auto const is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
    if (text.size() == 1 || is_ascii(text[1])) return 1; // most text, without asking Unicode
    if (std::string_view{"&<>`*_~\n"}.contains(text.front())) return 1;
    auto const whole = text.substr(0, first_character(text));
    auto size = static_cast<std::size_t>(std::find_if(whole.begin() + 1, whole.end(), is_ascii) - whole.begin());
    if (size <= longest_character) return size;
    size = longest_character;
    while ((static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80)
        --size;
    return size;
}

// Bytes of the address that `text` begins with; 0 when it begins with none.
std::size_t address(std::string_view text) {
    std::size_t const scheme = text.starts_with("https://") ? 8 : text.starts_with("http://") ? 7 : 0;
    if (scheme == 0) return 0;
    auto const belongs = [](char c) { return c > ' ' && c < '\x7f' && !std::string_view{"<>|\"`"}.contains(c); };
    auto const end = std::ranges::find_if_not(text, belongs);
    auto const found = without_tail({text.begin(), end}, ".,;:!?)]}'*_~");
    return found.size() > scheme && length(escaped(found)) <= longest_link ? found.size() : 0;
}

bool is_word(char typed) {
    char const c = lower(typed);
    return (c >= 'a' && c <= 'z') || is_digit(c);
}

bool ends_in_word(Piece const& piece) {
    return !piece.text.empty() && is_word(piece.text.back());
}

bool begins_in_word(Piece const& piece) {
    return !piece.text.empty() && is_word(piece.text.front());
}

// Bytes of the word that `text` begins with; 0 where that is one character, or too long to stay in one piece.
std::size_t word(std::string_view text) {
    constexpr std::size_t longest_word = 32;
    auto const size = static_cast<std::size_t>(std::ranges::find_if_not(text, is_word) - text.begin());
    bool const is_whole =
        size == text.size() || static_cast<unsigned char>(text[size]) < 0x80; // else a mark may follow
    auto const taken = is_whole ? size : size - std::min<std::size_t>(size, 1);
    return taken > 1 && taken <= longest_word ? taken : 0;
}

// What people are shown to type, as it is typed here: a command stands behind the slash command, or a mark.
std::string as_typed_on_slack(std::string_view code, Typing typing) {
    std::string_view const before = !is_shown_command(code) ? "" : typing == Typing::slash ? "/inc " : "!";
    return std::string{before} + std::string{code};
}

class Pieces final : public marks::Visitor {
public:
    Pieces(Mentions mentions, Typing typing) : mentions_{mentions}, typing_{typing} {}

    void plain(std::string_view text) override {
        while (!text.empty()) {
            bool const inside_word = !out.empty() && out.back().typed && ends_in_word(out.back());
            if (auto const size = inside_word ? 0 : address(text)) {
                put("<" + escaped(text.substr(0, size)) + ">");
                text.remove_prefix(size);
                continue;
            }
            if (auto const size = word(text)) {
                out.push_back({std::string{text.substr(0, size)}, size, true});
                text.remove_prefix(size);
                continue;
            }
            auto const size = next_character(text);
            put(text.front() == '`' ? std::string{like_backtick} : escaped(text.substr(0, size)), true);
            text.remove_prefix(size);
        }
    }

    void mention(UserId const& user, std::string_view name) override {
        auto const id = mentions_ == Mentions::notify ? linkable(user.value, "UW") : std::string_view{};
        if (id.empty())
            plain(name.empty() ? std::string_view{user.value} : name);
        else
            put("<@" + std::string{id} + ">");
    }

    void code(std::string_view command) override {
        auto const typed = as_typed_on_slack(command, typing_);
        std::string_view text{typed};
        std::string span;
        std::size_t units = 0;
        auto const close = [&] {
            put("`" + std::exchange(span, {}) + "`");
            units = 0;
        };
        while (!text.empty()) {
            auto const size = next_character(text);
            auto const shown = text.front() == '`'    ? std::string{like_backtick}
                               : text.front() == '\n' ? " "
                                                      : escaped(text.substr(0, size));
            if (units + length(shown) > longest_code) {
                close();
                put(" ");
            }
            span += shown;
            units += length(shown);
            text.remove_prefix(size);
        }
        close();
    }

    void place(ChannelId const& channel, std::string_view name) override {
        auto const id = linkable(channel.value, "CG");
        if (id.empty())
            plain("#" + std::string{name});
        else
            put("<#" + std::string{id} + ">");
    }

    void moment(Time at, std::string_view shown) override {
        auto fallback = one_line(shown, longest_fallback);
        if (fallback.empty()) fallback = clock_text(at, Zone{}); // Slack shows nothing where it is missing
        auto const unix_s = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
        constexpr std::int64_t end_of_9999 = 253'402'300'800;
        if (unix_s <= 0 || unix_s >= end_of_9999)
            plain(fallback);
        else
            put("<!date^" + std::to_string(unix_s) + "^{time}|" + escaped(fallback) + ">");
    }

    std::vector<Piece> out;

private:
    void put(std::string text, bool typed = false) {
        auto const units = length(text);
        out.push_back({std::move(text), units, typed});
    }

    Mentions mentions_;
    Typing typing_;
};

// One `~` alone ("~38% of payments") formats nothing and stays; two could strike out what lies between them. Inside a
// word ("pod_name") none of them formats.
void calm(std::vector<Piece>& pieces, Formatting const& what) {
    std::vector<Piece*> found;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        auto& piece = pieces[i];
        if (!piece.typed || piece.text.size() != 1 || piece.text.front() != what.typed) continue;
        bool const in_word =
            i > 0 && ends_in_word(pieces[i - 1]) && i + 1 < pieces.size() && begins_in_word(pieces[i + 1]);
        if (!in_word) found.push_back(&piece);
    }
    if (found.size() < 2) return;
    for (auto* piece : found)
        *piece = {std::string{what.like}, 1, true};
}

// At the start of a line even `&gt;` makes a quotation.
void calm_quotations(std::vector<Piece>& pieces) {
    bool at_start = true;
    for (auto& piece : pieces) {
        if (at_start && piece.typed && piece.text == "&gt;") piece = {std::string{like_greater}, 1, true};
        at_start = piece.text == "\n" || (at_start && piece.text == " ");
    }
}

bool is_gap(Piece const& piece) {
    return piece.text == "\n" || piece.text == " ";
}

// Where a part of at most `limit` ends: after its last line end or blank, unless that would leave half of it empty.
std::size_t end_of_part(std::span<Piece const> pieces, std::size_t limit) {
    std::size_t units = 0;
    std::size_t fits = 0;
    while (fits < pieces.size() && units + pieces[fits].length <= limit)
        units += pieces[fits++].length;
    if (fits == pieces.size()) return fits;
    for (std::string_view const gap : {"\n", " "}) {
        auto left = units;
        for (auto end = fits; end > 0 && left * 2 >= limit; --end) {
            if (pieces[end - 1].text == gap) return end;
            left -= pieces[end - 1].length;
        }
    }
    return fits;
}

} // namespace

std::string escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (char const c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        default: out += c;
        }
    }
    return out;
}

std::string mrkdwn(std::string_view marked) {
    return joined(pieces_of(marked, Mentions::notify));
}

std::string mrkdwn_silent(std::string_view marked) {
    return joined(pieces_of(marked, Mentions::silent));
}

std::vector<Piece> pieces_of(std::string_view marked, Mentions mentions, Typing typing) {
    Pieces pieces{mentions, typing};
    pieces.out.reserve(marked.size() / 2);
    marks::visit(valid_utf8(marked), pieces);
    for (auto const& what : formatting)
        calm(pieces.out, what);
    calm_quotations(pieces.out);
    return std::move(pieces.out);
}

std::string joined(std::span<Piece const> pieces) {
    std::size_t bytes = 0;
    for (auto const& piece : pieces)
        bytes += piece.text.size();
    std::string text;
    text.reserve(bytes);
    for (auto const& piece : pieces)
        text += piece.text;
    return text;
}

bool cut(std::vector<Piece>& pieces, std::size_t limit) {
    std::size_t units = 0;
    std::size_t kept = 0; // pieces that leave room for "…"
    std::size_t kept_units = 0;
    for (auto const& piece : pieces) {
        units += piece.length;
        if (units > limit) break;
        if (units < limit) {
            ++kept;
            kept_units = units;
        }
    }
    if (units <= limit) return false;
    // A word ends where the room does.
    if (auto& next = pieces[kept]; next.typed && std::ranges::all_of(next.text, is_word) && kept_units + 1 < limit) {
        next.text.resize(std::min(next.text.size(), limit - kept_units - 1));
        ++kept;
    }
    while (kept > 0 && is_gap(pieces[kept - 1]))
        --kept;
    pieces.resize(kept);
    pieces.push_back({"…", 1, false});
    return true;
}

std::vector<std::string> divided(std::span<Piece const> pieces, std::size_t limit) {
    COX_ASSERT(limit >= longest_piece);
    std::vector<std::string> parts;
    while (!pieces.empty()) {
        auto const end = end_of_part(pieces, limit);
        auto part = pieces.first(end);
        pieces = pieces.subspan(end);
        while (!part.empty() && is_gap(part.back()))
            part = part.first(part.size() - 1);
        while (!part.empty() && part.front().text == "\n")
            part = part.subspan(1);
        if (std::ranges::any_of(part, [](Piece const& piece) { return !is_gap(piece); })) parts.push_back(joined(part));
    }
    return parts;
}

std::string_view linkable(std::string_view id, std::string_view kinds) {
    if (!is_ours(id) || std::ranges::count(id, ':') != 2) return {};
    id.remove_prefix(id.rfind(':') + 1);
    auto const fits = [](char c) { return (c >= 'A' && c <= 'Z') || is_digit(c); };
    bool const known = id.size() > 1 && id.size() <= 40 && kinds.contains(id.front());
    return known && std::ranges::all_of(id, fits) ? id : std::string_view{};
}

std::string bold(std::string_view words) {
    auto pieces = pieces_of(plain_line(words, longest_bold), Mentions::silent);
    std::erase_if(pieces, [](Piece const& piece) { return piece.text == "*"; });
    cut(pieces, longest_bold - 2);
    return pieces.empty() ? std::string{} : "*" + joined(pieces) + "*";
}

std::string plain_line(std::string_view marked, std::size_t limit) {
    return one_line(marks::plain(valid_utf8(marked)), limit);
}

std::string plain_lines(std::string_view marked, std::size_t limit) {
    auto const text = marks::plain(valid_utf8(marked));
    return clipped(trim(text), limit);
}

} // namespace cox::slack
