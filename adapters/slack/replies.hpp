#pragma once
// Where somebody's last commands in a channel want their answers: the addresses that Slack gave with them, and the
// thread the last one was typed in. Kept in memory only; the addresses are secrets.
#include "core/ids.hpp"

#include <chrono>
#include <deque>
#include <map>
#include <string>
#include <string_view>
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
    // Slack would not take an answer at this one.
    void drop_url(ChannelId const&, UserId const&, std::string_view url);

private:
    struct Address {
        std::string url;
        int uses = 0;
        Moment at;
    };
    struct Place {
        std::deque<Address> addresses; // the newest at the end
        std::string thread_ts;
        Moment at;
    };
    using Key = std::pair<std::string, std::string>;

    void drop_old(Moment now);

    std::map<Key, Place> places_;
};

} // namespace cox::slack
