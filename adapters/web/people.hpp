#pragma once
// Who there is in the web channel: whoever spoke or was mentioned exists.
#include "core/ids.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cox::web {

// The bot's own name, which nobody else may take.
constexpr std::string_view bot_id = "coxswain";
constexpr std::string_view bot_name = "Coxswain";

// Where a mention stands in typed text: [at, at + size) with its "@".
struct MentionSpan {
    std::size_t at = 0;
    std::size_t size = 0;
    std::string id;
};
std::vector<MentionSpan> mentions_in(std::string_view typed);

class People {
public:
    // The id that a word can be: letters, digits, ".", "_" and "-", at most 32, in lower case. None for anything else,
    // for the bot, and for words that address a room ("@here").
    static std::optional<UserId> plausible(std::string_view word);

    // The person with this id; `is_new` when nobody had it before.
    struct Met {
        Person person;
        bool is_new = false;
    };
    Met meet(UserId const&);

    Person const* find(UserId const&) const;
    // Whom a bare word means: the one with this id or name, else everybody whose id or name begins with it (from three
    // letters on). Case does not matter.
    std::vector<Person> fits(std::string_view word) const;
    // The name to show; the bot's for "".
    std::string name_of(UserId const&) const;
    std::vector<Person> all() const;

private:
    std::map<UserId, Person> people_;
};

} // namespace cox::web
