#pragma once
// App Home: what it shows to each person who opens it, kept true for those who looked at it lately. Nothing that this
// person could not see otherwise: no private channel's incidents to others than its members, and to guests none at all.
#include "adapters/slack/delivery.hpp"
#include "adapters/slack/people.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <string>

namespace cox::slack {

class Homes {
public:
    Homes(boost::asio::io_context&, Shared&, People&);

    void opened(std::string const& user);
    // Something about an incident is different now: shown a few seconds later, many changes as one.
    void changed();
    void stop();

private:
    void publish(std::string const& user);
    void publish_all();
    std::string view_for(std::string const& user);
    bool may_see(std::string const& user, Incident const&);

    Shared& shared_;
    People& people_;
    boost::asio::steady_timer alarm_;
    bool armed_ = false;
    std::map<std::string, std::chrono::steady_clock::time_point> looked_; // when each opened it last
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

} // namespace cox::slack
