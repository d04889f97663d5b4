// HTML as Matrix allows it: these tags with these attributes, each closed, nothing else, no deeper than clients show.
#include "strict.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace cox::fake_homeserver {
namespace {

constexpr std::size_t deepest = 100;

constexpr std::array tags = std::to_array<std::string_view>(
    {"del",   "h1",    "h2", "h3", "h4", "h5",      "h6",     "blockquote", "p",    "a",       "ul",     "ol",  "sup",
     "sub",   "li",    "b",  "i",  "u",  "s",       "strong", "em",         "code", "hr",      "br",     "div", "table",
     "thead", "tbody", "tr", "th", "td", "caption", "pre",    "span",       "img",  "details", "summary"});
constexpr std::array<std::string_view, 3> without_end{"hr", "br", "img"};
constexpr std::array<std::string_view, 5> schemes{"https:", "http:", "ftp:", "mailto:", "magnet:"};

struct Allowed {
    std::string_view tag;
    std::string_view attribute;
};
constexpr std::array<Allowed, 14> attributes{{{"span", "data-mx-bg-color"},
                                              {"span", "data-mx-color"},
                                              {"span", "data-mx-spoiler"},
                                              {"span", "data-mx-maths"},
                                              {"div", "data-mx-maths"},
                                              {"a", "target"},
                                              {"a", "href"},
                                              {"img", "width"},
                                              {"img", "height"},
                                              {"img", "alt"},
                                              {"img", "title"},
                                              {"img", "src"},
                                              {"ol", "start"},
                                              {"code", "class"}}};

class Reader {
public:
    explicit Reader(std::string_view html) : html_{html} {}

    std::vector<std::string> read() {
        while (at_ < html_.size()) {
            char const each = html_[at_];
            if (each == '<')
                tag();
            else if (each == '&')
                entity();
            else if (each == '>')
                wrong("a '>' stands alone"), ++at_;
            else
                ++at_;
        }
        for (auto const& name : open_)
            wrong("<" + name + "> is not closed");
        return found_;
    }

private:
    void wrong(std::string what) { found_.push_back(std::move(what)); }

    void entity() {
        auto const end = html_.find(';', at_);
        bool const is_one = end != std::string_view::npos && end - at_ <= 8 && end > at_ + 1 &&
                            std::ranges::all_of(html_.substr(at_ + 1, end - at_ - 1), [](unsigned char letter) {
                                return std::isalnum(letter) || letter == '#';
                            });
        if (!is_one) wrong("a '&' stands alone");
        at_ = is_one ? end + 1 : at_ + 1;
    }

    std::string name() {
        auto const start = at_;
        while (at_ < html_.size() && (std::isalnum(static_cast<unsigned char>(html_[at_])) || html_[at_] == '-'))
            ++at_;
        return std::string{html_.substr(start, at_ - start)};
    }

    void spaces() {
        while (at_ < html_.size() && std::isspace(static_cast<unsigned char>(html_[at_])))
            ++at_;
    }

    void tag() {
        ++at_;
        bool const closes = at_ < html_.size() && html_[at_] == '/';
        if (closes) ++at_;
        auto const its_name = name();
        if (std::ranges::find(tags, its_name) == tags.end()) wrong("<" + its_name + "> is not allowed");
        while (true) {
            spaces();
            if (at_ >= html_.size()) return wrong("<" + its_name + " never ends");
            if (html_[at_] == '>') break;
            if (html_[at_] == '/') {
                ++at_;
                continue;
            }
            if (!attribute(its_name)) return;
        }
        ++at_;
        closes ? close(its_name) : open(its_name);
    }

    bool attribute(std::string const& of) {
        auto const its_name = name();
        spaces();
        if (its_name.empty() || at_ + 1 >= html_.size() || html_[at_] != '=' || html_[at_ + 1] != '"') {
            wrong("<" + of + "> has an attribute that is not written name=\"value\"");
            at_ = std::min(html_.find('>', at_), html_.size());
            return at_ < html_.size();
        }
        auto const end = html_.find('"', at_ + 2);
        auto const value = html_.substr(at_ + 2, end == std::string_view::npos ? 0 : end - at_ - 2);
        at_ = end == std::string_view::npos ? html_.size() : end + 1;
        bool const known = std::ranges::any_of(
            attributes, [&](Allowed const& each) { return each.tag == of && each.attribute == its_name; });
        if (!known) wrong("<" + of + "> has the attribute " + its_name);
        if (its_name == "href" && !std::ranges::any_of(schemes, [&](auto each) { return value.starts_with(each); }))
            wrong("a link goes to " + std::string{value});
        if (its_name == "src" && !value.starts_with("mxc:")) wrong("an image comes from " + std::string{value});
        if (its_name == "class" && !value.starts_with("language-")) wrong("<code> has the class " + std::string{value});
        return true;
    }

    void open(std::string const& its_name) {
        if (std::ranges::find(without_end, its_name) != without_end.end()) return;
        open_.push_back(its_name);
        if (open_.size() == deepest + 1) wrong("tags are deeper than " + std::to_string(deepest));
    }

    void close(std::string const& its_name) {
        if (open_.empty() || open_.back() != its_name) return wrong("</" + its_name + "> closes what is not open");
        open_.pop_back();
    }

    std::string_view html_;
    std::size_t at_ = 0;
    std::vector<std::string> open_;
    std::vector<std::string> found_;
};

} // namespace

std::vector<std::string> wrong_with_html(std::string_view html) {
    return Reader{html}.read();
}

} // namespace cox::fake_homeserver
