#pragma once
// From what somebody typed to a command, or to a word that helps.
#include "core/command.hpp"
#include "core/policy.hpp"

#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace cox {

// Who a word may mean. `mention` is true for "@ana" and for a network's own mention mark-up, whose inner id comes
// first ("U1"); a bare name must fit exactly one member, so all fits are returned.
using FindPeople = std::function<std::vector<Person>(std::string_view word, bool mention)>;

struct ParseContext {
    Policy const& policy;
    Time now;
    Person speaker; // whom `me` means
    FindPeople people;
};

enum class Form {
    message, // "!ic me", "/ic me", "!inc ic me", "@coxswain ic me": anything else is talk between people
    command  // the text after `/inc`, or a button: it is ours in any case
};

struct Parsed {
    Command command;
    std::string because;
    bool override_rules = false;
};

// Not a command of ours: talk between people, or another bot's. It gets no reply.
struct NotForUs {};

// What was typed cannot be meant as it stands. `key` and `args` name a message of the catalogue (core/words.hpp).
struct Misread {
    std::string_view key;
    std::vector<std::pair<std::string_view, std::string>> args;
};

using Reading = std::variant<Parsed, NotForUs, Misread>;

// Never throws and never reads outside `typed`, whatever its size or bytes.
Reading parse(std::string_view typed, Form, ParseContext const&);

// Text as the rest of the core takes it: valid UTF-8, no control characters but \n, blanks tidied at the ends,
// Slack's entities resolved. Applied to everything that comes in, command or not.
std::string normalise(std::string_view raw);

// The longest text that is read as a command, in bytes.
constexpr std::size_t longest_command = 4096;

} // namespace cox
