// The live card: what the commander must see at a glance on a phone. The most urgent stands first.
#include "adapters/slack/blocks.hpp"
#include "adapters/slack/drawing.hpp"
#include "core/characters.hpp"
#include "core/marks.hpp"

#include <algorithm>

namespace cox::slack {
namespace {

constexpr std::size_t longest_severity = 30;
constexpr std::size_t longest_status = 30;
constexpr std::size_t longest_name = 100;
constexpr std::size_t longest_word = 40; // an id, a state
constexpr std::size_t longest_fact = 800;
constexpr std::size_t longest_what = 220;  // of an item,
constexpr std::size_t longest_state = 190; // its owner, ETA and state
constexpr std::size_t longest_times = 1000;
constexpr std::size_t most_items = 7;
constexpr std::size_t longest_line = 190; // of what else holds now, beside its name
constexpr std::size_t most_lines = 5;

// Each section holds its part, and all of it is under Slack's 12,000 with every button there can be.
constexpr std::size_t labels = 100;
static_assert(3 * longest_fact + labels <= limit::section);
static_assert(most_items * (longest_what + longest_state + 4) + labels <= limit::section);
static_assert(most_lines * (longest_word + longest_line + 6) <= limit::section);
static_assert(limit::header + limit::fields * (longest_bold + 1 + longest_name) + 3 * longest_fact + labels +
                  most_items * (longest_what + longest_state + 4) + labels +
                  most_lines * (longest_word + longest_line + 6) + longest_times + labels +
                  limit::buttons * limit::label <=
              12'000);

bool is_missing(std::string_view value) {
    auto const line = plain_line(value, 2);
    return line.empty() || line == "—";
}

std::string given(std::string_view value, std::string_view none) {
    return is_missing(value) ? std::string{none} : std::string{value};
}

std::string cut_short() {
    return "Cut short: " + marks::code("status") + " shows all of it, " + marks::code("actions") + " every action.";
}

// Draws pieces of the card and remembers whether all of it could be shown.
class Face {
public:
    explicit Face(Card const& card) : card_{card} {}

    Json blocks() {
        auto blocks = Json::array({header(headline())});
        if (!card_.roles.empty()) blocks.push_back(section_of_fields(roles()));
        blocks.push_back(section(facts()));
        blocks.push_back(section(items()));
        if (!card_.more.empty()) blocks.push_back(section(lines()));
        blocks.push_back(context(times()));
        // The parts above have told by now.
        if (cut_) blocks.push_back(context(mrkdwn(cut_short())));
        std::vector<Json> more;
        // A closed incident has no buttons, and nothing to update.
        if (!card_.buttons.empty()) more.push_back(button(action_open_update, "Update…", "update"));
        put_buttons(blocks, card_.buttons, std::move(more));
        return blocks;
    }

    std::string headline() {
        auto const severity = plain_line(card_.severity, longest_severity);
        auto const status = " · " + plain_line(given(card_.status, "status not known"), longest_status);
        auto const room = limit::header - length(severity) - length(status) - 1;
        auto const title = given(card_.title, "no title");
        auto const shown_title = plain_line(title, room);
        if (shown_title != plain_line(title, title.size())) cut_ = true;
        return severity + " " + shown_title + status;
    }

private:
    std::string shown(std::string_view marked, std::size_t limit) {
        auto pieces = pieces_of(marked, Mentions::silent);
        for (auto& piece : pieces) {
            if (piece.text == "\n") piece.text = " "; // a fact is one line
        }
        if (cut(pieces, limit)) cut_ = true;
        return joined(pieces);
    }

    std::vector<std::string> roles() {
        std::vector<std::string> fields;
        for (auto const& role : card_.roles) {
            if (fields.size() == limit::fields) {
                cut_ = true;
                break;
            }
            fields.push_back(bold(given(role.title, role.tag)) + "\n" +
                             shown(given(role.person, "nobody"), longest_name));
        }
        return fields;
    }

    std::string facts() {
        return bold("Impact:") + " " + shown(given(card_.impact, "not known yet"), longest_fact) + "\n" +
               bold("Hypothesis:") + " " + shown(given(card_.hypothesis, "none yet"), longest_fact) + "\n" +
               bold("Decision needed:") + " " + shown(given(card_.need, "none"), longest_fact);
    }

    std::string line(CardItem const& item) {
        auto const what = plain_line(item.id, longest_word) + " " + item.what;
        auto const owner = plain_line(given(item.owner, "no owner"), longest_name);
        auto const eta = is_missing(item.eta) ? "no ETA" : "ETA " + item.eta;
        auto const state = plain_line(given(item.state, "in progress"), longest_word);
        auto const rest = " · " + owner + " · " + eta + " · " + state + (item.mitigation ? " · mitigation" : "");
        return "• " + shown(what, longest_what) + shown(rest, longest_state);
    }

    std::string items() {
        if (card_.items.empty()) return bold("Actions:") + " none";
        auto text = bold("Actions:");
        auto const count = std::min(card_.items.size(), most_items);
        for (auto const& item : std::span{card_.items}.first(count))
            text += "\n" + line(item);
        if (auto const more = card_.items.size() - count; more > 0) {
            text += "\n… and " + std::to_string(more) + " more: " + mrkdwn(marks::code("actions"));
        }
        return text;
    }

    std::string lines() {
        std::string text;
        auto const count = std::min(card_.more.size(), most_lines);
        for (auto const& line : std::span{card_.more}.first(count))
            text += (text.empty() ? "" : "\n") + bold(plain_line(line.name, longest_word) + ":") + " " +
                    shown(line.text, longest_line);
        if (count < card_.more.size()) cut_ = true;
        return text;
    }

    std::string times() {
        auto const next = plain_line(given(card_.next_update_text, "as needed"), longest_name);
        auto const marked = text(card_.incident) + " · last update " + given(card_.last_update, "none yet") +
                            " · next update " + (card_.next_update ? marks::moment(*card_.next_update, next) : next);
        return shown(marked, longest_times);
    }

    Card const& card_;
    bool cut_ = false;
};

} // namespace

Drawn draw(Card const& card) {
    Face face{card};
    auto beside = pieces_of(card.text, Mentions::silent);
    if (beside.empty()) beside = pieces_of(face.headline(), Mentions::silent);
    cut(beside, limit::message_text);
    return {joined(beside), written(face.blocks())};
}

} // namespace cox::slack
