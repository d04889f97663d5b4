#pragma once
// Which message each person's last command in a room was, so that an answer can stand under it, and in its thread. Kept
// in memory only.
#include "core/ids.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace cox::matrix {

class Heard {
public:
    using Moment = std::chrono::steady_clock::time_point;

    struct Place {
        std::string event;       // the command; for a button, the message that it stands under
        std::string thread_root; // "" outside threads
    };

    void heard(ChannelId const&, UserId const&, Place, Moment now);
    // None where it is long ago.
    std::optional<Place> last(ChannelId const&, UserId const&, Moment now) const;

private:
    struct Entry {
        Place place;
        Moment at;
    };

    std::map<std::pair<std::string, std::string>, Entry> places_;
};

} // namespace cox::matrix
