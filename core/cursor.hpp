#pragma once
// The arguments of one command, read from the left, and what readers need to make values of them.
#include "core/grammar.hpp"
#include "core/parse_time.hpp"
#include "core/text.hpp"

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cox {

// A word ends at a blank; a network's mention ("<@U1|Ana Berg>") is one word.
std::string_view first_word(std::string_view text);
// "@ana", "<@U1>"
bool is_mention(std::string_view word);
// "a1" is "A1"; none when the word is no item.
std::optional<std::string> item_of(std::string_view word);
// Text with a network's mark-up as people read it: "<@U1>" is "@Ana Berg", "<https://x|x>" is "https://x".
std::string read_aloud(std::string_view text, FindPeople const& people);
// On one line, blanks tidied.
std::string tidied(std::string_view text);

class Cursor {
public:
    Cursor(Row const& row, std::string_view arguments, ParseContext const& context, bool overrides = false)
        : row_{row}, context_{context}, rest_{trim(arguments)}, overrides_{overrides} {}

    ParseContext const& context() const { return context_; }
    Row const& row() const { return row_; }
    // `verb!`
    bool overrides() const { return overrides_; }

    bool empty() const { return rest_.empty(); }
    std::string_view peek() const { return first_word(rest_); }
    // Takes the next word.
    std::string_view word();
    // Takes the next word when it is `keyword`, case and a colon behind it ignored.
    bool take(std::string_view keyword);
    // Takes all that is left.
    std::string_view rest() { return std::exchange(rest_, {}); }
    // The same for commands that take one word: a full stop behind it does not matter.
    std::string_view last_word();

    // Takes "because REASON" off the end; the last "because" counts.
    void split_because() { rest_ = split_because(rest_); }
    // The same for a text that was taken already; gives what stands before it.
    std::string_view split_because(std::string_view text);
    // Notes the reason and leaves it in the text; where nothing else stands there, without the word.
    void note_because();
    void set_because(std::string_view reason);
    std::string take_because() { return std::move(because_); }

    // Free text as typed, with a network's mark-up as people read it.
    std::string said(std::string_view text) const;

    // An item when one stands next, otherwise "".
    std::string item();
    std::expected<Person, Misread> person(std::string_view word) const;
    // The policy's key.
    std::expected<std::string, Misread> role(std::string_view word) const;
    // "1", "sev1", "SEV 1", "p1": the policy's key; moves past it. None when no severity stands next.
    std::optional<std::string> severity();
    TimeReading reading(Nearest nearest = Nearest::next, bool bare_minutes = false) const;

    std::unexpected<Misread> usage() const;
    std::unexpected<Misread> bad_time(std::string_view text) const;
    std::unexpected<Misread> no_such_severity(std::string_view word) const;

private:
    Row const& row_;
    ParseContext const& context_;
    std::string_view rest_;
    std::string because_;
    bool overrides_;
};

} // namespace cox
