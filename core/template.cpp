#include "core/template.hpp"

#include <algorithm>
#include <cctype>

namespace cox {
namespace {

using Lists = std::vector<std::pair<std::string_view, std::vector<View>>>;

std::string_view without_blanks(std::string_view text) {
    auto const blank = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
    while (!text.empty() && blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && blank(text.back()))
        text.remove_suffix(1);
    return text;
}

// The length of the line end that `text` begins with, 0 when it begins with something else.
std::size_t line_end_length(std::string_view text) {
    if (text.starts_with("\r\n")) return 2;
    return text.starts_with('\n') || text.starts_with('\r') ? 1 : 0;
}

} // namespace

Template::Template(std::string_view text) {
    std::vector<std::size_t> open;
    while (!text.empty()) {
        if (auto const length = line_end_length(text)) {
            nodes_.push_back({Kind::line_end, std::string{text.substr(0, length)}});
            text.remove_prefix(length);
            continue;
        }
        if (!text.starts_with("{{")) {
            auto const plain = text.substr(0, std::min(text.find_first_of("\r\n"), text.find("{{")));
            nodes_.push_back({Kind::text, std::string{plain}});
            text.remove_prefix(plain.size());
            continue;
        }
        bool const three = text.starts_with("{{{");
        std::string_view const closing = three ? "}}}" : "}}";
        text.remove_prefix(closing.size());
        auto const end = text.find(closing);
        auto tag = without_blanks(text.substr(0, end));
        text.remove_prefix(end == text.npos ? text.size() : end + closing.size());

        auto const sigil = three || tag.empty() ? '&' : tag.front();
        if (!three && !tag.empty() && std::string_view{"#^/!&"}.contains(sigil)) tag = without_blanks(tag.substr(1));
        auto const name = std::string{tag};
        switch (sigil) {
        case '!': break;
        case '#':
        case '^':
            open.push_back(nodes_.size());
            nodes_.push_back({sigil == '#' ? Kind::section : Kind::inverted, name});
            break;
        case '/':
            if (open.empty()) break;
            nodes_[open.back()].end = nodes_.size();
            open.pop_back();
            break;
        default: nodes_.push_back({Kind::variable, name});
        }
    }
    for (auto const at : open)
        nodes_[at].end = nodes_.size();
}

class Template::Rendering {
public:
    Rendering(std::vector<Node> const& nodes, Args const& values, Lists const& lists) : nodes_{nodes} {
        frames_.push_back({&values, &lists, nullptr});
        out_.reserve(256);
    }

    std::string run() {
        render(0, nodes_.size());
        end_line("");
        return std::move(out_);
    }

private:
    // Whose names are looked up: a view, or the text of a section, which has none.
    struct Frame {
        Args const* values;
        Lists const* lists;
        std::string const* text; // what "{{.}}" stands for
    };
    struct Found {
        std::string const* text = nullptr;
        std::vector<View> const* rows = nullptr;
        bool known = true;
        bool is_false() const { return text ? text->empty() : !rows || rows->empty(); }
    };

    // From the innermost outwards. Of two with the same name the later one counts, and a list before a text.
    Found find(std::string_view name) const {
        if (name == ".") return {frames_.back().text, nullptr};
        for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame) {
            if (!frame->values) continue;
            for (auto list = frame->lists->rbegin(); list != frame->lists->rend(); ++list)
                if (list->first == name) return {nullptr, &list->second};
            for (auto value = frame->values->rbegin(); value != frame->values->rend(); ++value)
                if (value->first == name) return {&value->second, nullptr};
        }
        return {nullptr, nullptr, false};
    }

    void render(std::size_t at, std::size_t end) {
        while (at < end) {
            auto const& node = nodes_[at];
            ++at;
            switch (node.kind) {
            case Kind::text: out_ += node.text; break;
            case Kind::line_end: end_line(node.text); break;
            case Kind::variable:
                if (auto const found = find(node.text); found.text) out_ += *found.text;
                break;
            case Kind::section: {
                auto const found = find(node.text);
                if (!found.is_false()) section(found, at, node.end);
                at = node.end;
                break;
            }
            case Kind::inverted: {
                auto const found = find(node.text);
                if (found.is_false() && found.known)
                    inside({nullptr, nullptr, nullptr}, at, node.end);
                else if (found.is_false())
                    inside(frames_.back(), at, node.end);
                at = node.end;
                break;
            }
            }
        }
    }

    void section(Found const& found, std::size_t at, std::size_t end) {
        if (found.text) return inside({nullptr, nullptr, found.text}, at, end);
        for (auto const& row : *found.rows)
            inside({&row.values, &row.lists, nullptr}, at, end);
    }

    void inside(Frame frame, std::size_t at, std::size_t end) {
        frames_.push_back(frame);
        line_has_section_ = true;
        render(at, end);
        line_has_section_ = true;
        frames_.pop_back();
    }

    // A line of blanks with a section in it was only there for the section.
    void end_line(std::string_view line_end) {
        if (line_has_section_ && out_.find_first_not_of(" \t", line_from_) == out_.npos)
            out_.resize(line_from_);
        else
            out_ += line_end;
        line_from_ = out_.size();
        line_has_section_ = false;
    }

    std::vector<Node> const& nodes_;
    std::vector<Frame> frames_;
    std::string out_;
    std::size_t line_from_ = 0;
    bool line_has_section_ = false;
};

std::string Template::render(Args const& values, Lists const& lists) const {
    return Rendering{nodes_, values, lists}.run();
}

} // namespace cox
