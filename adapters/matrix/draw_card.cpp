// The live card: what the commander must see at a glance on a phone. The most urgent stands first.
#include "adapters/matrix/below.hpp"
#include "adapters/matrix/drawing.hpp"
#include "adapters/matrix/fitting.hpp"
#include "adapters/matrix/marked.hpp"
#include "core/marks.hpp"
#include "core/phrases.hpp"

#include <algorithm>
#include <span>

namespace cox::matrix {
namespace {

constexpr std::size_t longest_word = 40;  // a severity, a status, an id, an ETA, a state
constexpr std::size_t longest_name = 100; // of a person, of a role
constexpr std::size_t longest_title = 200;
constexpr std::size_t longest_fact = 800;
constexpr std::size_t longest_what = 240; // of an item
constexpr std::size_t longest_call = 1000;
constexpr std::size_t most_roles = 12;
constexpr std::size_t most_items = 12;
constexpr std::size_t longest_line = 240; // of what else holds now
constexpr std::size_t most_lines = 8;

// Draws pieces of the card and remembers whether all of it could be shown.
class Face {
public:
    Face(Card const& card, std::string_view server) : card_{card}, server_{server} {}

    Document document() {
        Document out;
        out.push_back({Block::Kind::paragraph, {{Inline::Kind::strong, headline()}}});
        if (!card_.roles.empty()) out.push_back(roles());
        out.push_back(facts());
        put_items(out);
        if (!card_.more.empty()) out.push_back(lines());
        out.push_back(times());
        return out;
    }
    bool is_cut() const { return cut_; }

private:
    static bool is_missing(std::string_view value) { return value.empty() || value == "—"; }

    // One line of `value`; what is missing says so.
    std::string shown(std::string_view value, std::size_t longest, std::string_view none) {
        auto const plain = marks::plain(value);
        auto const whole = one_line(plain, plain.size());
        if (is_missing(whole)) return std::string{none};
        auto line = one_line(whole, longest);
        if (line != whole) cut_ = true;
        return line;
    }

    static void put(Block& block, std::string_view text, Inline::Kind kind = Inline::Kind::text) {
        block.inlines.push_back({kind, calmed(text)});
    }
    void put_line(Block& block, std::string_view marked) {
        for (auto& piece : read_line(marked, server_))
            block.inlines.push_back(std::move(piece));
    }

    std::string headline() {
        return calmed(shown(card_.severity, longest_word, "no severity") + " " +
                      shown(card_.title, longest_title, "no title") + " · " +
                      shown(card_.status, longest_word, "status not known"));
    }

    Block roles() {
        Block block;
        for (auto const& role : std::span{card_.roles}.first(std::min(card_.roles.size(), most_roles))) {
            if (!block.inlines.empty()) put(block, " · ");
            put(block, shown(role.tag, longest_name, role.title), Inline::Kind::strong);
            put(block, " " + shown(role.person, longest_name, "nobody"));
        }
        if (card_.roles.size() > most_roles) cut_ = true;
        return block;
    }

    // A line of its own: "Impact: …".
    void put_fact(Block& block, std::string_view label, std::string const& value) {
        if (!block.inlines.empty()) block.inlines.push_back({Inline::Kind::line_end, {}});
        put(block, label, Inline::Kind::strong);
        put_line(block, " " + value);
    }

    Block facts() {
        Block block;
        put_fact(block, "Impact:", shown(card_.impact, longest_fact, "not known yet"));
        put_fact(block, "Hypothesis:", shown(card_.hypothesis, longest_fact, "none yet"));
        put_fact(block, "Decision needed:", shown(card_.need, longest_fact, "none"));
        if (!card_.call.empty()) put_fact(block, "Call:", shown(card_.call, longest_call, "none"));
        return block;
    }

    Block lines() {
        Block block;
        auto const count = std::min(card_.more.size(), most_lines);
        for (auto const& line : std::span{card_.more}.first(count))
            put_fact(block, shown(line.name, longest_word, "?") + ":", shown(line.text, longest_line, "none"));
        if (count < card_.more.size()) cut_ = true;
        return block;
    }

    void put_items(Document& out) {
        Block title;
        put(title, "Actions:", Inline::Kind::strong);
        if (card_.items.empty()) put(title, " none");
        out.push_back(std::move(title));
        auto const count = std::min(card_.items.size(), most_items);
        for (auto const& item : std::span{card_.items}.first(count)) {
            Block block{Block::Kind::item, {}};
            put(block, shown(item.id, longest_word, "?"), Inline::Kind::strong);
            put_line(block, " " + shown(item.what, longest_what, "not said what") + " · " +
                                shown(item.owner, longest_name, "no owner") + " · ETA " +
                                shown(item.eta, longest_word, "not given") + " · " +
                                shown(item.state, longest_word, "state not known") +
                                (item.mitigation ? " · mitigation" : ""));
            out.push_back(std::move(block));
        }
        if (auto const more = card_.items.size() - count; more > 0) {
            Block block{Block::Kind::item, {}};
            put_line(block, "… and " + std::to_string(more) + " more: " + marks::code("actions"));
            out.push_back(std::move(block));
        }
    }

    Block times() {
        Block block;
        put(block, text(card_.incident) + " · last update " + shown(card_.last_update, longest_word, "none yet") +
                       " · next update " + shown(card_.next_update_text, longest_name, "as needed"));
        return block;
    }

    Card const& card_;
    std::string_view server_;
    bool cut_ = false;
};

} // namespace

Drawn draw(Card const& card, std::string_view server) {
    Face face{card, server};
    auto document = face.document();
    if (face.is_cut()) {
        for (auto const& block : rest_in_status())
            document.push_back(block);
    }
    Drawn drawn;
    drawn.reactions = reactions_for(card.buttons);
    auto forms = fitted(document, rest_in_status(), legend(card.buttons, drawn.reactions, {}), longest_card);
    drawn.body = std::move(forms.body);
    drawn.html = std::move(forms.html);
    return drawn;
}

} // namespace cox::matrix
