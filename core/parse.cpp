#include "core/parse.hpp"

#include "core/characters.hpp"
#include "core/cursor.hpp"
#include "core/grammar.hpp"
#include "core/marks.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <utility>

namespace cox {
namespace {

// How sure it is that a text is meant for us.
enum class Address {
    none,
    exclamation, // "!word": other bots listen to it too
    slash,       // "/word"
    ours         // "/inc word", "!inc word", a mention, the text of a slash command, a button
};

struct Addressed {
    Address address = Address::none;
    std::string_view text; // behind the prefix
};

constexpr std::string_view our_name = "coxswain";

bool is_our_verb(std::string_view word) {
    return same_ignoring_case(word, "inc") || same_ignoring_case(word, "incident");
}

std::string_view behind(std::string_view text, std::string_view word) {
    return trim_left(text.substr(word.size()));
}

// "@coxswain", "@coxswain:", "<@U0|coxswain>", and "<@U0>" where that is our name.
bool mentions_us(std::string_view word, ParseContext const& context) {
    word = without_tail(word, ":,");
    if (word.starts_with('@')) return same_ignoring_case(word.substr(1), our_name);
    if (!word.starts_with("<@") || !word.ends_with('>')) return false;
    auto const inside = word.substr(2, word.size() - 3);
    auto const cut = inside.find('|');
    if (cut != inside.npos) return same_ignoring_case(inside.substr(cut + 1), our_name);
    if (!context.people) return false;
    auto const people = context.people(inside, true);
    return people.size() == 1 && same_ignoring_case(people.front().name, our_name);
}

Addressed address_of(std::string_view text, ParseContext const& context) {
    if (text.empty()) return {};
    if (text[0] == '@' || text[0] == '<') {
        auto const word = first_word(text.substr(0, longest_command));
        if (mentions_us(word, context)) return {Address::ours, behind(text, word)};
        return {};
    }
    if (text[0] != '!' && text[0] != '/') return {};
    bool const slash = text[0] == '/';
    text.remove_prefix(1);
    // Some clients make "//" of a "/" that is meant for the room.
    bool const twice = slash && text.starts_with('/');
    if (twice) text.remove_prefix(1);
    if (text.empty() || is_blank(text[0])) return {};
    auto const word = first_word(text);
    if (is_our_verb(word)) return {Address::ours, behind(text, word)};
    if (twice) return {};
    return {slash ? Address::slash : Address::exclamation, text};
}

// The text behind `/inc`: people repeat the prefix, which does no harm.
std::string_view without_prefix(std::string_view text) {
    if (!text.empty() && (text[0] == '!' || text[0] == '/')) text = trim_left(text.substr(1));
    auto const word = first_word(text);
    return is_our_verb(word) ? behind(text, word) : text;
}

bool only_letters(std::string_view word) {
    return std::ranges::all_of(
        word, [](char c) { return (lower(c) >= 'a' && lower(c) <= 'z') || static_cast<unsigned char>(c) >= 0x80; });
}

struct Verb {
    std::string_view word;
    bool override_rules = false;
};

// "resolve!", "impact:", "status."
Verb verb_of(std::string_view first) {
    auto const word = without_tail(first, ".,:;!?");
    return {word.empty() ? first : word, first.substr(word.size()).find('!') != std::string_view::npos};
}

struct Found {
    Row const* row = nullptr;
    bool verb_is_argument = false; // "oncall @bo" is "role oncall @bo", "sev2" is "sev 2"
};

Found row_for(std::string_view word, Policy const& policy) {
    if (auto const* const row = find_row(word)) return {row};
    if (policy.role(word)) return {find_row("role"), true};
    if (same_ignoring_case(word.substr(0, 3), "sev") && policy.severity(word)) return {find_row("sev"), true};
    return {};
}

Misread unknown(std::string_view word) {
    std::string list;
    for (auto const near : suggestions(word)) {
        if (!list.empty()) list += ", ";
        list += marks::code(near);
    }
    auto shown = clipped(word.substr(0, 200), 40);
    if (list.empty()) return {"misread.unknown-command-nothing-near", {{"word", std::move(shown)}}};
    return {"misread.unknown-command", {{"word", std::move(shown)}, {"suggestions", std::move(list)}}};
}

Misread too_long() {
    return {"misread.too-long", {{"limit", std::to_string(longest_command)}}};
}

Reading read_command(Addressed const& addressed, bool fits, ParseContext const& context) {
    auto const [address, text] = addressed;
    bool const ours = address == Address::ours;
    if (ours && !fits) return too_long();
    if (text.empty()) return Parsed{command::Help{}, "", false};

    auto const first = first_word(text);
    auto const [word, override_rules] = verb_of(first);
    auto const [row, verb_is_argument] = row_for(word, context.policy);
    if (!row) {
        // "!important" is talk; "!mitigte" is a command that somebody would believe to be carried out.
        bool const near_miss = word.size() > 3 && only_letters(word) && !suggestions(word).empty();
        bool const talk =
            (address == Address::exclamation && !near_miss) || (address == Address::slash && !only_letters(word));
        if (talk) return NotForUs{};
        return fits ? unknown(word) : too_long();
    }
    if (!fits) return too_long();

    auto arguments = verb_is_argument ? text : behind(text, first);
    // The place of a text in an example, copied with it.
    if (auto const only = trim(arguments); only == "…" || only == "...") arguments = {};
    Cursor cursor{*row, arguments, context, override_rules};
    bool const apart = row->because == Because::reason || (override_rules && row->because != Because::inside);
    if (apart)
        cursor.split_because();
    else if (row->because == Because::repeated)
        cursor.note_because();
    auto command = row->read(cursor);
    if (!command) return std::move(command.error());
    return Parsed{std::move(*command), cursor.take_because(), override_rules};
}

bool holds_controls(std::string_view text) {
    return std::ranges::any_of(
        text, [](char c) { return (static_cast<unsigned char>(c) < ' ' && c != '\n') || c == '\x7f'; });
}

} // namespace

Reading parse(std::string_view typed, Form form, ParseContext const& context) {
    bool const fits = typed.size() <= longest_command;
    auto const text = trim(typed);
    Addressed addressed{Address::ours, text};
    if (form == Form::message) addressed = address_of(text, context);
    if (addressed.address == Address::none) return NotForUs{};
    // Nothing of what is kept may hold a mark, even where a caller has not normalised it.
    if (fits && holds_controls(typed)) return parse(normalise(typed), form, context);
    if (form == Form::command) addressed.text = without_prefix(text);
    return read_command(addressed, fits, context);
}

} // namespace cox
