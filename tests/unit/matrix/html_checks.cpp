#include "html_checks.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cox::matrix {
namespace {

constexpr std::array allowed{"p", "br", "strong", "code", "a", "ul", "li", "blockquote"};
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> entities{
    {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#x27;", "'"}}};
constexpr std::size_t deepest = 100;

class Reader {
public:
    explicit Reader(std::string_view html) : rest_{html} {}

    SeenHtml read() {
        while (!rest_.empty()) {
            if (rest_.front() == '<')
                tag();
            else
                seen_.text += character();
        }
        if (!open_.empty()) fault("left open: " + open_.back());
        return std::move(seen_);
    }

private:
    void fault(std::string what) { seen_.faults.push_back(std::move(what)); }

    std::string character() {
        if (rest_.front() == '&') {
            for (auto const& [entity, shown] : entities) {
                if (!rest_.starts_with(entity)) continue;
                rest_.remove_prefix(entity.size());
                return std::string{shown};
            }
            fault("a bare &");
        }
        char const c = rest_.front();
        if (c == '>' || c == '"') fault(std::string{"not escaped: "} + c);
        rest_.remove_prefix(1);
        return {c};
    }

    void tag() {
        auto const end = rest_.find('>');
        if (end == rest_.npos) {
            fault("a tag without an end");
            rest_ = {};
            return;
        }
        auto const inside = rest_.substr(1, end - 1);
        rest_.remove_prefix(end + 1);
        if (inside.starts_with('/')) return close(std::string{inside.substr(1)});
        std::string const name{inside.substr(0, inside.find_first_of(" /"))};
        if (std::ranges::find(allowed, name) == allowed.end()) fault("not allowed: <" + std::string{inside} + ">");
        seen_.tags.push_back(name);
        if (name == "br") {
            if (inside != "br /") fault("odd: <" + std::string{inside} + ">");
            return;
        }
        attributes(name, inside.substr(name.size()));
        open_.push_back(name);
        if (open_.size() > deepest) fault("too deep");
    }

    void attributes(std::string const& name, std::string_view text) {
        constexpr std::string_view before = " href=\"";
        if (text.empty()) return;
        if (name != "a" || !text.starts_with(before) || !text.ends_with('"')) return fault("attributes of " + name);
        auto const link = text.substr(before.size(), text.size() - before.size() - 1);
        if (link.find('"') != link.npos) fault("a second attribute");
        if (!link.starts_with("https://") && !link.starts_with("http://")) fault("a link to " + std::string{link});
        seen_.links.emplace_back(link);
    }

    void close(std::string const& name) {
        if (open_.empty() || open_.back() != name) return fault("closed out of turn: " + name);
        open_.pop_back();
    }

    std::string_view rest_;
    std::vector<std::string> open_;
    SeenHtml seen_;
};

} // namespace

SeenHtml read_html(std::string_view html) {
    return Reader{html}.read();
}

} // namespace cox::matrix
