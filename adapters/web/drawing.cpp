#include "adapters/web/drawing.hpp"

#include "adapters/web/people.hpp"
#include "core/marks.hpp"

namespace cox::web {
namespace {

void escape(std::string& out, std::string_view text) {
    for (char const c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&#39;"; break;
        case '\n': out += "<br>"; break;
        default: out += c;
        }
    }
}

void draw_mention(std::string& out, std::string_view id, std::string_view shown) {
    out += "<span class=\"mention\" data-user=\"";
    escape(out, id);
    out += "\">";
    escape(out, shown);
    out += "</span>";
}

struct Html final : marks::Visitor {
    std::string out;

    void plain(std::string_view text) override { escape(out, text); }
    void mention(UserId const& user, std::string_view name) override {
        draw_mention(out, user.value, "@" + std::string{name});
    }
    void code(std::string_view text) override {
        out += "<code>";
        escape(out, text);
        out += "</code>";
    }
    void place(ChannelId const&, std::string_view name) override {
        out += '#';
        escape(out, name);
    }
    void moment(Time at, std::string_view shown) override {
        out += "<time datetime=\"" + rfc3339(at) + "\">";
        escape(out, shown);
        out += "</time>";
    }
};

} // namespace

std::string html_of_marked(std::string_view marked) {
    Html html;
    html.out.reserve(marked.size() + marked.size() / 4);
    marks::visit(marked, html);
    return std::move(html.out);
}

std::string html_of_typed(std::string_view typed) {
    std::string out;
    out.reserve(typed.size() + typed.size() / 8);
    std::size_t from = 0;
    for (auto const& mention : mentions_in(typed)) {
        escape(out, typed.substr(from, mention.at - from));
        draw_mention(out, mention.id, typed.substr(mention.at, mention.size));
        from = mention.at + mention.size;
    }
    escape(out, typed.substr(from));
    return out;
}

} // namespace cox::web
