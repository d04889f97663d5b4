#include "core/marks.hpp"

#include <charconv>

namespace cox::marks {
namespace {

// A mark is: its opening byte, one or two fields, the closing byte.
constexpr char open_mention = '\x01';
constexpr char open_code = '\x02';
constexpr char open_moment = '\x04';
constexpr char open_place = '\x05';
constexpr char close = '\x03';
constexpr char between = '\x1f';

bool is_control(char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == '\x7f';
}

bool opens(char c) {
    return c == open_mention || c == open_code || c == open_moment || c == open_place;
}

// What a field may hold: one line, no mark.
void put_field(std::string& to, std::string_view from) {
    for (char const c : from) {
        if (c == '\n')
            to += ' ';
        else if (!is_control(c))
            to += c;
    }
}

void show_plain(std::string_view text, Visitor& visitor) {
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        if (i < text.size() && !is_control(text[i])) continue;
        if (i > begin) visitor.plain(text.substr(begin, i - begin));
        begin = i + 1;
    }
}

// `body` lies between the opening and the closing byte. False when it is not what the opening byte promises.
bool show_mark(char kind, std::string_view body, Visitor& visitor) {
    auto const cut = body.find(between);
    auto const first = body.substr(0, cut);
    if (kind == open_code) {
        if (cut != body.npos || body.empty()) return false;
        visitor.code(body);
        return true;
    }
    if (cut == body.npos || first.empty()) return false;
    auto const second = body.substr(cut + 1);
    if (second.find(between) != second.npos) return false;
    if (kind == open_mention) {
        visitor.mention(UserId{std::string{first}}, second);
        return true;
    }
    if (kind == open_place) {
        visitor.place(ChannelId{std::string{first}}, second);
        return true;
    }
    std::int64_t count = 0;
    auto const [end, error] = std::from_chars(first.data(), first.data() + first.size(), count);
    if (error != std::errc{} || end != first.data() + first.size()) return false;
    visitor.moment(Time{Duration{count}}, second);
    return true;
}

struct AsTerminal : Visitor {
    std::string out;
    void plain(std::string_view text) override { out += text; }
    void mention(UserId const&, std::string_view name) override { (out += '@') += name; }
    void code(std::string_view text) override { ((out += '`') += text) += '`'; }
    void place(ChannelId const&, std::string_view name) override { (out += '#') += name; }
    void moment(Time, std::string_view shown) override { out += shown; }
};

// An id, and what people know it by; the name alone where there is no id.
std::string named(char kind, std::string_view with_id, std::string_view with_name) {
    std::string id;
    put_field(id, with_id);
    std::string name;
    put_field(name, with_name);
    if (id.empty()) return name;
    if (name.empty()) name = id;
    return kind + id + between + name + close;
}

} // namespace

std::string mention(Person const& person) {
    return named(open_mention, person.id.value, person.name);
}

std::string place(Channel const& channel) {
    return channel.id.empty() ? "#" + named(open_place, "", channel.name)
                              : named(open_place, channel.id.value, channel.name);
}

std::string code(std::string_view typed) {
    std::string body;
    put_field(body, plain(typed));
    if (body.empty()) return body;
    return open_code + body + close;
}

std::string moment(Time at, std::string_view shown) {
    std::string mark = open_moment + std::to_string(at.time_since_epoch().count()) + between;
    put_field(mark, shown);
    return mark + close;
}

void visit(std::string_view marked, Visitor& visitor) {
    std::size_t begin = 0;
    for (std::size_t i = 0; i < marked.size(); ++i) {
        if (!opens(marked[i])) continue;
        show_plain(marked.substr(begin, i - begin), visitor);
        begin = i + 1;
        // A mark holds no control character but the one between its fields; one that does is broken.
        std::size_t end = begin;
        while (end < marked.size() && (!is_control(marked[end]) || marked[end] == between))
            ++end;
        if (end == marked.size() || marked[end] != close) continue;
        if (show_mark(marked[i], marked.substr(begin, end - begin), visitor)) {
            begin = end + 1;
            i = end;
        }
    }
    show_plain(marked.substr(begin), visitor);
}

std::string plain(std::string_view marked) {
    AsTerminal terminal;
    terminal.out.reserve(marked.size());
    visit(marked, terminal);
    return std::move(terminal.out);
}

} // namespace cox::marks
