#pragma once
// Which message each answer belongs under, and in which thread: that of the person's command which led to it. Words
// that no command of theirs led to belong under none. Kept in memory only.
#include "adapters/network/network.hpp"
#include "core/effect.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace cox::matrix {

class Heard {
public:
    using Moment = std::chrono::steady_clock::time_point;

    struct Place {
        std::string event;       // the command; for a button, the message that it stands under
        std::string thread_root; // "" outside threads
    };
    struct Answers {
        Place place;
        // It says that the command was not carried out, or what else is to be known about it: not what was asked for.
        bool objects = false;
    };

    // `key`: of the inbound.
    void heard(UserId const&, std::string const& key, Place, Moment now);
    // What will be shown because of that one.
    void led_to(std::string const& key, Outcome const&, Moment now);
    // None where it is long ago.
    std::optional<Answers> answered_by(effect::Tell const&, Moment now) const;

private:
    struct Entry {
        UserId user;
        Answers answers;
        Moment at;
    };
    using Words = std::tuple<std::string, std::string, std::string>; // of a channel, for a person: the text

    std::map<std::string, Entry> commands_; // whose answers are not known yet, by their keys
    std::map<Words, Entry> answers_;
};

} // namespace cox::matrix
