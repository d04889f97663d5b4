#include "bot/config/yaml_tree.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <unordered_map>
#include <utility>

namespace cox::bot {
namespace {

struct Place {
    int line;
    int column;
};

bool continues(char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// Bytes of the valid UTF-8 character at the start of `rest`; 0: it is none.
std::size_t character_at(std::string_view rest) {
    auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
    auto const first = byte(0);
    if (first < 0x80) return 1;
    std::size_t const size = first >= 0xC2 && first <= 0xDF   ? 2
                             : (first & 0xF0) == 0xE0         ? 3
                             : first >= 0xF0 && first <= 0xF4 ? 4
                                                              : 0;
    if (size == 0 || rest.size() < size) return 0;
    if (!std::ranges::all_of(rest.substr(1, size - 1), continues)) return 0;
    bool const overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
    bool const beyond = (first == 0xED && byte(1) > 0x9F) || (first == 0xF4 && byte(1) > 0x8F);
    return overlong || beyond ? 0 : size;
}

// Where the lines of a text start: the parser counts bytes, people count characters.
class Lines {
public:
    explicit Lines(std::string_view text) : text_{text} {
        starts_.push_back(0);
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '\n') starts_.push_back(i + 1);
        }
    }

    std::size_t byte(YAML::Mark const& mark) const {
        if (mark.is_null() || mark.line < 0 || mark.column < 0) return 0;
        auto const line = std::min(static_cast<std::size_t>(mark.line), starts_.size() - 1);
        return std::min(starts_[line] + static_cast<std::size_t>(mark.column), text_.size());
    }
    Place place(YAML::Mark const& mark) { return place(byte(mark)); }
    Place place(std::size_t byte) {
        auto const line = static_cast<std::size_t>(std::ranges::upper_bound(starts_, byte) - starts_.begin()) - 1;
        // Marks come in order: counting goes on from the last one, or a long line would be counted once for each.
        if (last_.byte < starts_[line] || last_.byte > byte) last_ = {starts_[line], 0};
        auto const between = text_.substr(last_.byte, byte - last_.byte);
        last_ = {byte, last_.characters + std::ranges::count_if(between, [](char c) { return !continues(c); })};
        return {static_cast<int>(line) + 1, static_cast<int>(last_.characters) + 1};
    }
    // A text in quotes that starts at `byte` has its end. Where the file ends first, the parser takes what there is.
    bool closes(std::size_t byte) const {
        auto const quote = byte < text_.size() ? text_[byte] : ' ';
        if (quote != '"' && quote != '\'') return true;
        for (auto i = byte + 1; i < text_.size(); ++i) {
            if (quote == '"' && text_[i] == '\\') {
                ++i;
            } else if (text_[i] == quote) {
                bool const doubled = quote == '\'' && i + 1 < text_.size() && text_[i + 1] == quote;
                if (!doubled) return true;
                ++i;
            }
        }
        return false;
    }
    bool indented_with_tab(int line) const {
        auto rest = text_.substr(starts_[static_cast<std::size_t>(line) - 1]);
        rest = rest.substr(0, std::min(rest.find('\n'), rest.size()));
        auto const ink = std::min(rest.find_first_not_of(" \t"), rest.size());
        return rest.substr(0, ink).contains('\t');
    }

private:
    struct Counted {
        std::size_t byte = 0;
        std::ptrdiff_t characters = 0; // since the start of its line
    };

    std::string_view text_;
    std::vector<std::size_t> starts_;
    Counted last_;
};

struct Stop {}; // thrown through the parser to leave it; the reason is reported already

class Builder final : public YAML::EventHandler {
public:
    Builder(Lines& lines, Report& report) : lines_{lines}, report_{report} {}

    bool begun() const { return documents_ > 0; }
    YamlNode take() { return std::move(root_); }

    void OnDocumentStart(YAML::Mark const& mark) override {
        if (++documents_ == 1) return;
        stop(lines_.place(mark), "a second document starts here; keep one document in a file (remove the --- line)");
    }
    void OnDocumentEnd() override {}

    void OnNull(YAML::Mark const& mark, YAML::anchor_t) override { put(fresh(mark, YamlNode::Kind::nothing)); }

    void OnAlias(YAML::Mark const& mark, YAML::anchor_t) override {
        report(mark, "an alias (*name) is not read here; write the value out");
        put(fresh(mark, YamlNode::Kind::refused));
    }
    void OnAnchor(YAML::Mark const& mark, std::string const& name) override {
        report(mark, "an anchor (&" + name.substr(0, 40) +
                         ") is not read here; remove it and write the value out "
                         "where it is used");
    }
    void OnScalar(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t, std::string const& value) override {
        auto node = fresh(mark, YamlNode::Kind::text);
        check_tag(mark, tag);
        if (tag == "!" && !lines_.closes(lines_.byte(mark))) {
            stop({node.line, node.column}, "a quote opens here and the file ends before it closes; close it");
        }
        node.text = value;
        put(std::move(node));
    }
    void OnSequenceStart(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t,
                         YAML::EmitterStyle::value) override {
        open(mark, tag, YamlNode::Kind::list);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t,
                    YAML::EmitterStyle::value) override {
        open(mark, tag, YamlNode::Kind::map);
    }
    void OnMapEnd() override { close(); }

private:
    struct Open {
        YamlNode node;
        std::optional<YamlKey> key; // of the value that comes next
        bool skip = false;          // that value
        std::unordered_map<std::string, int> lines_of_keys;
    };

    void report(YAML::Mark const& mark, std::string what) {
        auto const place = lines_.place(mark);
        report_.add(place.line, place.column, std::move(what));
    }
    [[noreturn]] void stop(Place place, std::string what) {
        report_.add(place.line, place.column, std::move(what));
        throw Stop{};
    }
    // A value that is not tagged has "?", and one in quotes "!".
    void check_tag(YAML::Mark const& mark, std::string const& tag) {
        if (tag.empty() || tag == "?" || tag == "!") return;
        report(mark, "a tag (" + tag.substr(0, 40) + ") is not read here; remove it, the value says what it is");
    }
    YamlNode fresh(YAML::Mark const& mark, YamlNode::Kind kind) {
        auto const place = lines_.place(mark);
        if (++nodes_ > most_yaml_nodes) {
            stop(place, "more than " + std::to_string(most_yaml_nodes) + " values in one file; make it smaller");
        }
        YamlNode node;
        node.kind = kind;
        node.line = place.line;
        node.column = place.column;
        return node;
    }
    void open(YAML::Mark const& mark, std::string const& tag, YamlNode::Kind kind) {
        auto node = fresh(mark, kind);
        check_tag(mark, tag);
        if (open_.size() >= deepest_yaml) {
            stop({node.line, node.column}, "nested more than " + std::to_string(deepest_yaml) +
                                               " levels deep; nothing here needs that, check the brackets");
        }
        open_.push_back({std::move(node), {}, false, {}});
    }
    void close() {
        auto node = std::move(open_.back().node);
        open_.pop_back();
        put(std::move(node));
    }
    void put(YamlNode node) {
        if (open_.empty()) {
            root_ = std::move(node);
            return;
        }
        auto& parent = open_.back();
        if (parent.node.kind == YamlNode::Kind::list) {
            parent.node.items.push_back(std::move(node));
        } else if (parent.skip) {
            parent.skip = false;
        } else if (parent.key) {
            // A missing value is told at its key; the parser marks whatever comes next.
            if (node.kind == YamlNode::Kind::nothing) {
                node.line = parent.key->line;
                node.column = parent.key->column;
            }
            parent.node.keys.push_back(*std::exchange(parent.key, {}));
            parent.node.items.push_back(std::move(node));
        } else {
            put_key(parent, std::move(node));
        }
    }
    void put_key(Open& parent, YamlNode node) {
        auto const refuse = [&](std::string what) {
            if (node.kind != YamlNode::Kind::refused) report_.add(node.line, node.column, std::move(what));
            parent.skip = true;
        };
        if (node.kind != YamlNode::Kind::text) return refuse("a key is a word; write it as word: value");
        if (node.text == "<<") return refuse("a merge key (<<) is not read here; write the values out");
        auto const [first, is_new] = parent.lines_of_keys.emplace(node.text, node.line);
        if (!is_new) {
            return refuse("\"" + node.text.substr(0, 80) + "\" stands here for the second time (first in line " +
                          std::to_string(first->second) + "); keep one");
        }
        parent.key = YamlKey{std::move(node.text), node.line, node.column};
    }

    Lines& lines_;
    Report& report_;
    YamlNode root_;
    std::vector<Open> open_;
    std::size_t nodes_ = 0;
    int documents_ = 0;
};

// The parser takes some control characters for the end of the file, and broken characters for others: it never sees
// them.
bool check_characters(std::string_view text, Lines& lines, Report& report) {
    for (std::size_t i = 0; i < text.size();) {
        auto const size = character_at(text.substr(i));
        auto const c = static_cast<unsigned char>(text[i]);
        bool const control =
            (c < 0x20 && c != '\n' && c != '\t' && !(c == '\r' && text.substr(i).starts_with("\r\n"))) || c == 0x7F;
        if (size == 0 || control) {
            auto const place = lines.place(i);
            report.add(place.line, place.column,
                       size == 0 ? "this is not UTF-8; save the file as UTF-8"
                                 : "a control character stands here; remove it");
            return false;
        }
        i += size;
    }
    return true;
}

std::optional<YamlNode> parse(std::string_view text, Lines& lines, Report& report) {
    Builder builder{lines, report};
    try {
        std::istringstream stream{std::string{text}};
        YAML::Parser parser{stream};
        // Twice at most: a second document is reported by the builder, and leaves.
        if (parser.HandleNextDocument(builder)) parser.HandleNextDocument(builder);
        return builder.take();
    } catch (Stop const&) {
        return {};
    } catch (YAML::Exception const& error) {
        auto const place = lines.place(error.mark);
        std::string const hint = lines.indented_with_tab(place.line)
                                     ? "this line is indented with a tab, use blanks"
                                     : "check indentation, colons, brackets and quotes here and in the line above";
        report.add(place.line, place.column, "this is not YAML (" + error.msg + "); " + hint);
        return {};
    } catch (std::exception const& error) {
        report.add(1, 1,
                   std::string{"this cannot be read as YAML ("} + error.what() + "); write it anew in simple lines");
        return {};
    }
}

} // namespace

std::optional<YamlNode> read_yaml(std::string_view text, Report& report) {
    if (text.size() > longest_yaml) {
        report.add(0, 0,
                   "the file is larger than 1 MiB; a configuration is a few pages, check that it is the right file");
        return {};
    }
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    Lines lines{text};
    if (!check_characters(text, lines, report)) return {};
    return parse(text, lines, report);
}

} // namespace cox::bot
