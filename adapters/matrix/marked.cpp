#include "adapters/matrix/marked.hpp"

#include "adapters/matrix/names.hpp"
#include "core/grammar.hpp"
#include "core/marks.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <utility>

namespace cox::matrix {
namespace {

constexpr std::size_t longest_link = 1000;
constexpr std::string_view link_base = "https://matrix.to/#/";

// A fragment takes these as they are; ids hold ':' and '@' and read better so.
bool stays(char c) {
    return (lower(c) >= 'a' && lower(c) <= 'z') || is_digit(c) || std::string_view{"-._~!$@:"}.contains(c);
}

std::string in_fragment(std::string_view id) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (char const c : id) {
        if (stays(c)) {
            out += c;
            continue;
        }
        auto const byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4U];
        out += digits[byte & 0xFU];
    }
    return out;
}

// Bytes of the address that `text` begins with; 0 when it begins with none. One of matrix.to would be shown as a pill,
// as if we meant that person: it stays text.
std::size_t address(std::string_view text) {
    std::size_t const scheme = text.starts_with("https://") ? 8 : text.starts_with("http://") ? 7 : 0;
    if (scheme == 0) return 0;
    auto const belongs = [](char c) { return c > ' ' && c < '\x7f' && !std::string_view{"<>|\"`"}.contains(c); };
    auto const end = std::ranges::find_if_not(text, belongs);
    auto const found = without_tail({text.begin(), end}, ".,;:!?)]}'*_~");
    if (found.size() <= scheme || found.size() > longest_link) return 0;
    constexpr std::string_view pills = "matrix.to";
    return same_ignoring_case(found.substr(scheme, pills.size()), pills) ? 0 : found.size();
}

class Reader final : public marks::Visitor {
public:
    Reader(Mentions mentions, std::string_view server) : mentions_{mentions}, server_{server} { next_block(); }

    void plain(std::string_view text) override {
        std::string run;
        auto const put_run = [&] {
            if (!run.empty()) put({Inline::Kind::text, calmed(std::exchange(run, {}))});
        };
        for (char before = ' '; !text.empty();) {
            auto const plain = std::ranges::find_if(text, [](char c) { return c == '\n' || c == 'h'; });
            if (plain != text.begin()) {
                run.append(text.begin(), plain);
                before = run.back();
                text = {plain, text.end()};
                continue;
            }
            bool const inside_word = is_digit(before) || (lower(before) >= 'a' && lower(before) <= 'z');
            if (auto const size = inside_word ? 0 : address(text)) {
                put_run();
                put({Inline::Kind::link, calmed(text.substr(0, size)), std::string{text.substr(0, size)}});
                before = text[size - 1];
                text.remove_prefix(size);
                continue;
            }
            before = text.front();
            text.remove_prefix(1);
            if (before != '\n') {
                run += before;
                continue;
            }
            put_run();
            line_end();
        }
        put_run();
    }

    void mention(UserId const& id, std::string_view name) override {
        auto const user = raw(id);
        auto const shown = calmed(name.empty() ? id.value : name);
        if (mentions_ == Mentions::silent || !is_user(user)) return put({Inline::Kind::text, shown});
        put({Inline::Kind::link, shown, link_to_user(user)});
        if (std::ranges::find(out.users, user) == out.users.end()) out.users.emplace_back(user);
    }

    void code(std::string_view shown) override { put({Inline::Kind::code, calmed(as_typed(shown))}); }

    void place(ChannelId const& channel, std::string_view name) override {
        auto const room = raw(channel);
        auto const shown = calmed("#" + std::string{name});
        if (room.starts_with('!'))
            put({Inline::Kind::link, shown, link_to_room(room, server_)});
        else
            put({Inline::Kind::text, shown});
    }

    // In the zone of the policy: Matrix knows no form that each reader's client would show in its own.
    void moment(Time at, std::string_view shown) override {
        put({Inline::Kind::text, shown.empty() ? clock_text(at, Zone{}) : calmed(shown)});
    }

    Marked finish() {
        drop_line_ends();
        if (out.blocks.back().inlines.empty()) out.blocks.pop_back();
        return std::move(out);
    }

private:
    void put(Inline piece) { out.blocks.back().inlines.push_back(std::move(piece)); }
    void next_block() { out.blocks.push_back({Block::Kind::paragraph, {}}); }

    void drop_line_ends() {
        auto& inlines = out.blocks.back().inlines;
        while (!inlines.empty() && inlines.back().kind == Inline::Kind::line_end)
            inlines.pop_back();
    }

    // None at the start of a paragraph; two make a new one.
    void line_end() {
        auto const& inlines = out.blocks.back().inlines;
        if (inlines.empty()) return;
        if (inlines.back().kind != Inline::Kind::line_end) return put({Inline::Kind::line_end, {}});
        drop_line_ends();
        next_block();
    }

    Marked out;
    Mentions mentions_;
    std::string_view server_;
};

} // namespace

Marked read_marked(std::string_view marked, Mentions mentions, std::string_view server) {
    Reader reader{mentions, server};
    marks::visit(marked, reader);
    return reader.finish();
}

std::vector<Inline> read_line(std::string_view marked, std::string_view server) {
    std::string line{marked};
    std::ranges::replace(line, '\n', ' ');
    auto blocks = read_marked(line, Mentions::silent, server).blocks;
    return blocks.empty() ? std::vector<Inline>{} : std::move(blocks.front().inlines);
}

std::string link_to_user(std::string_view user) {
    return std::string{link_base} + in_fragment(user);
}

std::string link_to_room(std::string_view room, std::string_view server) {
    return std::string{link_base} + in_fragment(room) + (server.empty() ? "" : "?via=" + in_fragment(server));
}

std::string as_typed(std::string_view shown) {
    return (is_shown_command(shown) ? "!inc " : "") + std::string{shown};
}

} // namespace cox::matrix
