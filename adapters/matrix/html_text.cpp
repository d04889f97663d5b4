#include "adapters/matrix/html_text.hpp"

#include "adapters/matrix/names.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

namespace cox::matrix {
namespace {

constexpr auto entities = std::to_array<std::pair<std::string_view, std::string_view>>(
    {{"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}, {"nbsp", " "}});
constexpr std::size_t longest_entity = 10;

constexpr std::string_view blocks[] = {"br", "p",  "div", "li",         "ul", "ol",  "h1", "h2",
                                       "h3", "h4", "h5",  "blockquote", "tr", "pre", "hr", "h6"};

std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned byte = 0;
        auto const* at = text.data() + i + 1;
        bool const encoded =
            text[i] == '%' && i + 2 < text.size() && std::from_chars(at, at + 2, byte, 16).ptr == at + 2;
        out += encoded ? static_cast<char>(byte) : text[i];
        if (encoded) i += 2;
    }
    return out;
}

void append_utf8(std::string& out, std::uint32_t code) {
    if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) code = 0xFFFD;
    auto const tail = [&](int shift) { out += static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xC0 | (code >> 6));
        tail(0);
    } else if (code < 0x10000) {
        out += static_cast<char>(0xE0 | (code >> 12));
        tail(6), tail(0);
    } else {
        out += static_cast<char>(0xF0 | (code >> 18));
        tail(12), tail(6), tail(0);
    }
}

// What "&lt;" or "&#60;" at the start of the text means; moves past it. What is no entity is itself.
void append_entity(std::string& out, std::string_view& text) {
    auto const end = text.substr(0, longest_entity + 2).find(';');
    auto const name = end == text.npos ? std::string_view{} : text.substr(1, end - 1);
    auto const known = std::ranges::find(entities, name, [](auto const& each) { return each.first; });
    if (known != entities.end()) {
        out += known->second;
    } else if (name.starts_with('#')) {
        bool const hex = name.starts_with("#x") || name.starts_with("#X");
        auto const digits = name.substr(hex ? 2 : 1);
        std::uint32_t code = 0;
        auto const [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
        append_utf8(out, error == std::errc{} && stop == digits.data() + digits.size() ? code : 0);
    } else {
        out += '&';
        text.remove_prefix(1);
        return;
    }
    text.remove_prefix(end + 1);
}

std::string decoded(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        if (text.front() == '&') {
            append_entity(out, text);
        } else {
            out += text.front();
            text.remove_prefix(1);
        }
    }
    return out;
}

struct Tag {
    std::string name; // lower case
    bool closes = false;
    std::string_view rest; // its attributes
};

Tag read_tag(std::string_view inside) {
    Tag tag;
    tag.closes = inside.starts_with('/');
    if (tag.closes) inside.remove_prefix(1);
    auto const end = std::ranges::find_if(inside, [](char c) { return is_blank(c) || c == '/'; });
    for (auto at = inside.begin(); at != end; ++at)
        tag.name += lower(*at);
    tag.rest = {end, inside.end()};
    return tag;
}

std::string attribute(std::string_view rest, std::string_view wanted) {
    for (auto at = rest.find(wanted); at != rest.npos; at = rest.find(wanted, at + 1)) {
        auto const before = at == 0 ? ' ' : rest[at - 1];
        auto value = trim_left(rest.substr(at + wanted.size()));
        if (!is_blank(before) || !value.starts_with('=')) continue;
        value = trim_left(value.substr(1));
        auto const quote = value.empty() ? ' ' : value.front();
        if (quote != '"' && quote != '\'') return decoded(value.substr(0, value.find(' ')));
        value.remove_prefix(1);
        return decoded(value.substr(0, value.find(quote)));
    }
    return {};
}

// The tag's end; a ">" inside quotes is none.
std::size_t end_of_tag(std::string_view html) {
    char quote = 0;
    for (std::size_t i = 1; i < html.size(); ++i) {
        char const c = html[i];
        if (quote != 0) {
            if (c == quote) quote = 0;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '>') {
            return i;
        }
    }
    return html.npos;
}

class Reader {
public:
    HtmlText read(std::string_view html) {
        while (!html.empty()) {
            if (html.front() == '<') {
                auto const end = end_of_tag(html);
                if (end == html.npos) break;
                on_tag(read_tag(html.substr(1, end - 1)));
                html.remove_prefix(end + 1);
            } else if (hidden()) {
                html.remove_prefix(1);
            } else if (html.front() == '&') {
                append_entity(out_.text, html);
            } else {
                char const c = html.front();
                out_.text += is_blank(c) && !preformatted_ ? ' ' : c;
                html.remove_prefix(1);
            }
        }
        return std::move(out_);
    }

private:
    // A quotation, or the words of a pill that stands there by its id already.
    bool hidden() const { return quoted_ || in_pill_; }

    void on_tag(Tag const& tag) {
        if (tag.name == "mx-reply") quoted_ = !tag.closes;
        if (tag.name == "a" && tag.closes) in_pill_ = false;
        if (quoted_) return;
        if (tag.name == "pre") preformatted_ = !tag.closes;
        bool const block = std::ranges::find(blocks, tag.name) != std::end(blocks);
        if (block && !out_.text.empty() && !out_.text.ends_with('\n')) out_.text += '\n';
        if (tag.name != "a" || tag.closes) return;
        auto const user = user_of_link(attribute(tag.rest, "href"));
        if (!user) return;
        out_.text += "<@" + *user + ">";
        out_.pills.push_back(*user);
        in_pill_ = true;
    }

    HtmlText out_;
    bool quoted_ = false;
    bool in_pill_ = false;
    bool preformatted_ = false;
};

} // namespace

std::optional<std::string> user_of_link(std::string_view href) {
    constexpr std::string_view to = "://matrix.to/#/";
    std::string user;
    if (auto const at = href.find(to); at != href.npos && (href.starts_with("https") || href.starts_with("http"))) {
        user = percent_decoded(href.substr(at + to.size()));
    } else if (href.starts_with("matrix:u/")) {
        user = "@" + percent_decoded(href.substr(9));
    }
    user.resize(std::min(user.find('?'), user.size()));
    // It becomes part of a mark, which it must not end.
    bool const odd = std::ranges::any_of(user, [](char c) { return is_blank(c) || c == '>' || c == '|' || c == '<'; });
    return is_user(user) && !odd ? std::optional{std::move(user)} : std::nullopt;
}

HtmlText text_of_html(std::string_view html) {
    return Reader{}.read(html);
}

} // namespace cox::matrix
