#include "core/cursor.hpp"

#include "core/characters.hpp"
#include "core/marks.hpp"
#include "core/phrases.hpp"

#include <algorithm>

namespace cox {
namespace {

// What people may have put behind a word that stands at the end of a clause.
constexpr std::string_view punctuation = ".,;:!?)";

// How much of a text that was not understood is shown again.
constexpr std::size_t shown = 40;

struct Markup {
    std::string_view id;
    std::string_view label;
};

// "@U1|ana" in "<@U1|ana>", with the sign taken off.
Markup markup(std::string_view inside) {
    auto const cut = inside.find('|');
    return {inside.substr(0, cut), cut == inside.npos ? std::string_view{} : inside.substr(cut + 1)};
}

std::string or_list(std::string list, std::string_view entry) {
    if (!list.empty()) list += ", ";
    return list += entry;
}

std::string mean_one_of(std::vector<Person> const& people) {
    std::string list;
    for (auto const& one : people)
        list = or_list(std::move(list), one.name + " (" + one.id.value + ")");
    return list;
}

constexpr std::string_view because = "because";

// Where the last "because" that is a word of its own begins.
std::size_t because_at(std::string_view text) {
    for (auto at = text.size(); at-- > 0;) {
        if (lower(text[at]) != 'b' || !same_ignoring_case(text.substr(at, because.size()), because)) continue;
        auto const end = at + because.size();
        bool const begins = at == 0 || is_blank(text[at - 1]);
        bool const ends = end == text.size() || is_blank(text[end]) || text[end] == ':';
        if (begins && ends) return at;
    }
    return text.npos;
}

std::string_view reason_in(std::string_view text, std::size_t at) {
    auto reason = text.substr(at + because.size());
    if (reason.starts_with(':')) reason.remove_prefix(1);
    return trim(reason);
}

// What stands between "<" and ">" as people read it; "" when it is no mark-up.
std::string mark_aloud(std::string_view inside, FindPeople const& find) {
    if (inside.size() < 2) return {};
    auto const [id, label] = markup(inside.substr(1));
    bool const blank_inside = std::ranges::any_of(id, is_blank);
    if (blank_inside) return {};
    if (inside[0] == '@') {
        if (!label.empty()) return "@" + std::string{label};
        auto const people = find ? find(id, true) : std::vector<Person>{};
        return "@" + (people.size() == 1 ? people.front().name : std::string{id});
    }
    if (inside[0] == '#') return "#" + std::string{label.empty() ? id : label};
    if (inside[0] == '!') {
        auto const group = label.empty() ? id : label;
        return group.starts_with('@') ? std::string{group} : "@" + std::string{group};
    }
    if (inside.starts_with("http://") || inside.starts_with("https://"))
        return std::string{inside.substr(0, inside.find('|'))};
    return {};
}

} // namespace

std::string_view first_word(std::string_view text) {
    std::size_t end = 0;
    if (text.starts_with("<@")) {
        auto const closing = text.find_first_of(">\n");
        if (closing != text.npos && text[closing] == '>') end = closing;
    }
    while (end < text.size() && !is_blank(text[end]))
        ++end;
    return text.substr(0, end);
}

bool is_mention(std::string_view word) {
    if (word.starts_with("<@")) return word.find('>') != word.npos;
    return word.size() > 1 && word[0] == '@' && punctuation.find(word[1]) == punctuation.npos;
}

std::optional<std::string> item_of(std::string_view word) {
    word = without_tail(word, punctuation);
    if (word.size() < 2 || word.size() > 6) return std::nullopt;
    char const kind = static_cast<char>(lower(word[0]) - ('a' - 'A'));
    if (kind != 'A' && kind != 'P' && kind != 'F') return std::nullopt;
    if (!std::ranges::all_of(word.substr(1), is_digit)) return std::nullopt;
    return kind + std::string{word.substr(1)};
}

std::string tidied(std::string_view text) {
    std::string line;
    line.reserve(text.size());
    for (char const c : trim(text)) {
        if (!is_blank(c))
            line += c;
        else if (line.back() != ' ')
            line += ' ';
    }
    return line;
}

std::string read_aloud(std::string_view text, FindPeople const& people) {
    std::string out;
    for (;;) {
        auto const open = text.find('<');
        auto const close = open == text.npos ? open : text.find('>', open);
        if (close == text.npos) return out += text;
        auto const aloud = mark_aloud(text.substr(open + 1, close - open - 1), people);
        out += text.substr(0, open);
        if (aloud.empty()) {
            out += '<';
            text.remove_prefix(open + 1);
        } else {
            out += aloud;
            text.remove_prefix(close + 1);
        }
    }
}

std::string_view Cursor::word() {
    auto const word = first_word(rest_);
    rest_ = trim_left(rest_.substr(word.size()));
    return word;
}

bool Cursor::take(std::string_view keyword) {
    if (!same_ignoring_case(without_tail(peek(), ":"), keyword)) return false;
    word();
    return true;
}

std::string_view Cursor::last_word() {
    return trim_right(without_tail(rest(), "."));
}

std::string_view Cursor::split_because(std::string_view text) {
    auto const at = because_at(text);
    if (at == text.npos) return text;
    set_because(reason_in(text, at));
    return trim_right(text.substr(0, at));
}

void Cursor::note_because() {
    auto const at = because_at(rest_);
    if (at == rest_.npos) return;
    auto const reason = reason_in(rest_, at);
    set_because(reason);
    // "…" is the place of a reason, not a reason.
    if (because_.empty())
        rest_ = trim_right(rest_.substr(0, at));
    else if (at == 0)
        rest_ = reason;
}

void Cursor::set_because(std::string_view reason) {
    reason = trim(reason);
    // The place of a reason in an example, copied with it.
    if (reason == "…" || reason == "...") return;
    because_ = said(reason);
}

std::string Cursor::said(std::string_view text) const {
    return read_aloud(trim(text), context_.people);
}

std::string Cursor::item() {
    auto found = item_of(peek());
    if (!found) return {};
    word();
    return std::move(*found);
}

std::expected<Person, Misread> Cursor::person(std::string_view word) const {
    word = without_tail(trim(word), punctuation);
    if (same_ignoring_case(word, "me") || same_ignoring_case(word, "@me")) return context_.speaker;
    auto const find = [&](std::string_view name, bool mention) {
        return context_.people && !name.empty() ? context_.people(name, mention) : std::vector<Person>{};
    };
    std::vector<Person> people;
    auto name = word;
    if (word.starts_with("<@")) {
        auto const [id, label] = markup(word.substr(2, word.find('>') == word.npos ? word.npos : word.find('>') - 2));
        people = find(id, true);
        if (people.empty()) people = find(label, true);
        name = label.empty() ? id : label;
    } else if (word.starts_with('@')) {
        name.remove_prefix(1);
        people = find(name, true);
    } else {
        people = find(word, false);
    }
    if (people.size() == 1) return std::move(people.front());
    if (people.empty()) return std::unexpected{Misread{"misread.nobody-fits", {{"name", clipped(name, shown)}}}};
    return std::unexpected{
        Misread{"misread.two-fit", {{"name", clipped(name, shown)}, {"people", mean_one_of(people)}}}};
}

std::expected<std::string, Misread> Cursor::role(std::string_view word) const {
    word = without_tail(trim(word), punctuation);
    if (auto const* const found = context_.policy.role(word)) return found->key;
    std::string roles;
    for (auto const& one : context_.policy.roles)
        roles = or_list(std::move(roles), marks::code(role_verb(one)));
    return std::unexpected{
        Misread{"misread.no-such-role", {{"word", clipped(word, shown)}, {"roles", std::move(roles)}}}};
}

std::optional<std::string> Cursor::severity() {
    auto const name = without_tail(peek(), punctuation);
    if (auto const* const found = context_.policy.severity(name)) {
        word();
        return found->key;
    }
    if (!same_ignoring_case(name.substr(0, 3), "sev")) return std::nullopt;
    // "sev1", "SEV-1" with whatever dash the keyboard made of it, "sev 1".
    auto number = name.substr(3);
    while (!number.empty() && !is_digit(number[0]))
        number.remove_prefix(1);
    auto const before = rest_;
    word();
    if (name.size() == 3) number = without_tail(word(), punctuation);
    if (!number.empty())
        if (auto const* const found = context_.policy.severity(number)) return found->key;
    rest_ = before;
    return std::nullopt;
}

TimeReading Cursor::reading(Nearest nearest, bool bare_minutes) const {
    return {context_.now, context_.policy.zone, nearest, bare_minutes};
}

std::unexpected<Misread> Cursor::usage() const {
    return std::unexpected{
        Misread{"misread.usage", {{"usage", marks::code(row_.usage)}, {"example", marks::code(row_.example)}}}};
}

std::unexpected<Misread> Cursor::bad_time(std::string_view text) const {
    std::string examples;
    for (auto const one : {"15m", "1h30m", "14:30", "tomorrow 09:00"})
        examples = or_list(std::move(examples), marks::code(one));
    return std::unexpected{
        Misread{"misread.bad-time",
                {{"text", clipped(tidied(text.substr(0, longest_command)), shown)}, {"examples", examples}}}};
}

std::unexpected<Misread> Cursor::no_such_severity(std::string_view word) const {
    std::string severities;
    for (auto const& one : context_.policy.severities)
        severities = or_list(std::move(severities), marks::code(one.key));
    return std::unexpected{Misread{"misread.no-such-severity",
                                   {{"word", clipped(tidied(word), shown)}, {"severities", std::move(severities)}}}};
}

} // namespace cox
