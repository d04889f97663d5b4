#include "core/words.hpp"

#include "core/assert.hpp"
#include "core/template.hpp"

#include <kainjow/mustache.hpp>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

namespace cox {
namespace {

using Mustache = kainjow::mustache::mustache;

constexpr std::string_view catalogue_name = "messages.mustache";

// A template with the place it came from.
struct Piece {
    std::string key;
    std::string text;
    std::string path;
    int line = 1; // of its first line of text
};

std::string_view file_name(std::string_view path) {
    auto const slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string without_trailing_line_feeds(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
        text.pop_back();
    return text;
}

// messages.mustache: everything before the first "## key" is comment.
std::vector<Piece> split_catalogue(TemplateFile const& file) {
    std::vector<Piece> pieces;
    std::size_t at = 0;
    int line = 1;
    while (at < file.text.size()) {
        auto end = file.text.find('\n', at);
        if (end == std::string::npos) end = file.text.size();
        auto const row = std::string_view{file.text}.substr(at, end - at);
        if (row.starts_with("## ")) {
            auto key = std::string{row.substr(3)};
            while (!key.empty() && std::isspace(static_cast<unsigned char>(key.back())))
                key.pop_back();
            pieces.push_back({key, "", file.path, line + 1});
        } else if (!pieces.empty()) {
            pieces.back().text.append(row).push_back('\n');
        }
        at = end + 1;
        ++line;
    }
    for (auto& piece : pieces)
        piece.text = without_trailing_line_feeds(std::move(piece.text));
    return pieces;
}

std::vector<Piece> split(TemplateFile const& file) {
    auto const name = file_name(file.path);
    if (name == catalogue_name) return split_catalogue(file);
    auto const key = name.substr(0, name.rfind('.'));
    return {{std::string{key}, without_trailing_line_feeds(file.text), file.path, 1}};
}

struct Tag {
    std::string name;
    char sigil = 0; // '#', '^', '/', '!', '>', '=', '&', '{' or 0
    std::size_t at = 0;
};

std::vector<Tag> tags_in(std::string_view text) {
    std::vector<Tag> tags;
    for (auto at = text.find("{{"); at != std::string_view::npos; at = text.find("{{", at + 2)) {
        auto const end = text.find("}}", at);
        if (end == std::string_view::npos) break;
        auto inside = text.substr(at + 2, end - at - 2);
        Tag tag;
        tag.at = at;
        if (!inside.empty() && std::string_view{"#^/!>=&{"}.contains(inside.front())) {
            tag.sigil = inside.front();
            inside.remove_prefix(1);
        }
        while (!inside.empty() && inside.front() == ' ')
            inside.remove_prefix(1);
        while (!inside.empty() && inside.back() == ' ')
            inside.remove_suffix(1);
        tag.name = std::string{inside};
        tags.push_back(std::move(tag));
    }
    return tags;
}

// The names a shipped template uses, and those it offers in a comment: {{! also: person, at }}.
std::set<std::string> names_offered(std::string_view text) {
    std::set<std::string> names;
    for (auto const& tag : tags_in(text)) {
        if (tag.sigil != '!') {
            names.insert(tag.name);
        } else if (tag.name.starts_with("also:")) {
            std::string name;
            for (char const c : tag.name.substr(5) + ",") {
                if (c == ',' || c == ' ') {
                    if (!name.empty()) names.insert(std::exchange(name, {}));
                } else {
                    name.push_back(c);
                }
            }
        }
    }
    return names;
}

std::string listed(std::set<std::string> const& names) {
    std::string text;
    for (auto const& name : names)
        text += (text.empty() ? "" : ", ") + name;
    return text.empty() ? "none" : text;
}

TemplateProblem problem_at(Piece const& piece, std::size_t at, std::string what) {
    auto const before = std::string_view{piece.text}.substr(0, std::min(at, piece.text.size()));
    auto const lines = static_cast<int>(std::ranges::count(before, '\n'));
    auto const start = before.rfind('\n');
    auto const column = before.size() - (start == std::string_view::npos ? 0 : start + 1);
    return {piece.path, piece.line + lines, static_cast<int>(column) + 1, std::move(what)};
}

// What is wrong with a team's template; nothing when it may be used.
std::vector<TemplateProblem> check(Piece const& piece, std::set<std::string> const& offered) {
    std::vector<TemplateProblem> problems;
    for (auto const& tag : tags_in(piece.text)) {
        if (tag.sigil == '!') continue;
        if (tag.sigil == '>' || tag.sigil == '=') {
            problems.push_back(
                problem_at(piece, tag.at, "partials and other delimiters are not read here; write the text out"));
        } else if (tag.name != "." && !offered.contains(tag.name)) {
            problems.push_back(problem_at(piece, tag.at,
                                          "\"" + tag.name + "\" is not known to \"" + piece.key +
                                              "\"; use one of: " + listed(offered)));
        }
    }
    Mustache parsed{piece.text};
    if (!parsed.is_valid()) {
        auto const& message = parsed.error_message();
        std::size_t at = 0;
        if (auto const digits = message.find_last_of(' '); digits != std::string::npos) {
            for (auto i = digits + 1; i < message.size() && std::isdigit(static_cast<unsigned char>(message[i])); ++i) {
                at = at * 10 + static_cast<std::size_t>(message[i] - '0');
            }
        }
        problems.push_back(problem_at(piece, at, message + "; close every {{#section}} with {{/section}}"));
    }
    return problems;
}

// A line that holds nothing but the start or the end of a section, or a comment, leaves no line behind, whether the
// section is shown or not.
std::string without_tag_lines(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        auto const end = text.find('\n');
        auto const line = text.substr(0, end);
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
        bool const one_tag = line.starts_with("{{") && line.find("}}") == line.size() - 2 && line.size() > 4;
        out.append(line);
        if (end != std::string_view::npos && !(one_tag && std::string_view{"#^/!"}.contains(line[2])))
            out.push_back('\n');
    }
    return out;
}

// What a template shows between backticks is something to type. Done before anything is filled in, so that a backtick
// in somebody's text stays a backtick.
std::string with_code_marks(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        auto const open = text.find('`');
        auto const close = open == std::string_view::npos ? open : text.find('`', open + 1);
        if (close == std::string_view::npos) break;
        out.append(text.substr(0, open)).append(marks::code(text.substr(open + 1, close - open - 1)));
        text.remove_prefix(close + 1);
    }
    return out.append(text);
}

} // namespace

struct Words::Impl {
    std::map<std::string, Template, std::less<>> templates;
    std::map<std::string, std::set<std::string>, std::less<>> offered; // what a shipped template may use

    void put(Piece const& piece) {
        // Text is escaped by the network that draws it, not here.
        templates.insert_or_assign(piece.key, Template{with_code_marks(without_tag_lines(piece.text))});
    }
    std::string fill(std::string_view key, Args const& values,
                     std::vector<std::pair<std::string_view, std::vector<View>>> const& lists) const;
};

namespace {

#ifndef NDEBUG
// False where a list is empty: nobody can tell what its rows would have held.
bool collect_names(View const& view, std::set<std::string, std::less<>>& names) {
    for (auto const& [name, value] : view.values)
        names.emplace(name);
    bool whole = true;
    for (auto const& [name, rows] : view.lists) {
        names.emplace(name);
        whole = whole && !rows.empty();
        for (auto const& row : rows)
            whole = collect_names(row, names) && whole;
    }
    return whole;
}

// Everything that the shipped template offers to a team must really be there.
bool gives_what_is_offered(std::string_view key, std::set<std::string> const& offered, View const& view) {
    std::set<std::string, std::less<>> given;
    if (!collect_names(view, given)) return true;
    for (auto const& name : offered) {
        if (given.contains(name)) continue;
        std::fprintf(stderr, "coxswain: nothing gives \"%s\" to \"%.*s\"\n", name.c_str(), static_cast<int>(key.size()),
                     key.data());
        return false;
    }
    return true;
}
#endif

} // namespace

Words::Words(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
Words::Words(Words&&) noexcept = default;
Words& Words::operator=(Words&&) noexcept = default;
Words::~Words() = default;

std::expected<Words, std::vector<TemplateProblem>> Words::load(std::vector<TemplateFile> const& shipped,
                                                               std::vector<TemplateFile> const& own) {
    auto impl = std::make_unique<Impl>();
    auto& offered = impl->offered;
    for (auto const& file : shipped) {
        for (auto const& piece : split(file)) {
            offered[piece.key] = names_offered(piece.text);
            impl->put(piece);
        }
    }
    std::vector<TemplateProblem> problems;
    for (auto const& file : own) {
        std::set<std::string> seen;
        for (auto const& piece : split(file)) {
            auto const known = offered.find(piece.key);
            if (known == offered.end()) {
                problems.push_back({piece.path, std::max(1, piece.line - 1), 1,
                                    "there is no message \"" + piece.key +
                                        "\"; take its name from the shipped templates or remove it"});
                continue;
            }
            if (!seen.insert(piece.key).second) {
                problems.push_back(
                    {piece.path, std::max(1, piece.line - 1), 1, "\"" + piece.key + "\" stands here twice; keep one"});
                continue;
            }
            auto wrong = check(piece, known->second);
            if (wrong.empty()) impl->put(piece);
            problems.insert(problems.end(), wrong.begin(), wrong.end());
        }
    }
    if (!problems.empty()) return std::unexpected{std::move(problems)};
    return Words{std::move(impl)};
}

std::string Words::Impl::fill(std::string_view key, Args const& values,
                              std::vector<std::pair<std::string_view, std::vector<View>>> const& lists) const {
    auto const found = templates.find(key);
    if (found == templates.end()) {
        std::fprintf(stderr, "coxswain: no message \"%.*s\"\n", static_cast<int>(key.size()), key.data());
    }
    COX_ASSERT(found != templates.end());
#ifndef NDEBUG
    COX_ASSERT(gives_what_is_offered(key, offered.find(key)->second, View{values, lists}));
#endif
    return without_trailing_line_feeds(found->second.render(values, lists));
}

std::string Words::render(std::string_view key, View const& view) const {
    return impl_->fill(key, view.values, view.lists);
}

std::string Words::say(std::string_view key, Args const& args) const {
    return impl_->fill(key, args, {});
}

bool Words::has(std::string_view key) const {
    return impl_->templates.contains(key);
}

} // namespace cox
