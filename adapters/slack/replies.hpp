#pragma once
// Where somebody's last command in a channel wants its answer: the address that Slack gave with it, and the thread it
// was typed in. Kept in memory only; the addresses are secrets.
#include "core/ids.hpp"

#include <chrono>
#include <map>
#include <string>
#include <utility>

namespace cox::slack {

class Replies {
public:
    using Moment = std::chrono::steady_clock::time_point;

    void heard(ChannelId const&, UserId const&, std::string response_url, std::string thread_ts, Moment now);
    // An address to answer at, counted as used; "" when there is none that Slack still takes.
    std::string take_url(ChannelId const&, UserId const&, Moment now);
    // "" outside threads.
    std::string thread(ChannelId const&, UserId const&, Moment now) const;
    // Slack would not take it.
    void drop_url(ChannelId const&, UserId const&);

private:
    struct Place {
        std::string url;
        int uses = 0;
        std::string thread_ts;
        Moment at;
    };
    using Key = std::pair<std::string, std::string>;

    void drop_old(Moment now);

    std::map<Key, Place> places_;
};

} // namespace cox::slack
