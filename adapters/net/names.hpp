#pragma once
// From the name of a host to its addresses. The system's look-up blocks and cannot be stopped, so each one has a thread
// of its own: whoever asked waits so long and then takes the addresses that were good last. Look-ups that hang do not
// pile up: when a few do, no more are started until one comes back.
#include "adapters/net/last_good.hpp"
#include "adapters/net/line.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cox::net {

using LookUp = std::function<std::vector<std::string>(std::string const& host)>;

class Names {
public:
    using Found = std::expected<std::vector<boost::asio::ip::address>, std::string>;

    // An empty `look_up` asks the system.
    Names(boost::asio::io_context&, LookUp, LastGood, std::chrono::milliseconds within);
    // Leaves look-ups that hang to themselves; nothing is posted to the io_context any more.
    void leave();

    // At least one address, those to be tried first in front. Ends early when the line is hung up; the result means
    // nothing then.
    boost::asio::awaitable<Found> find(std::string host, std::shared_ptr<Line>);
    // The host answered there as itself.
    void proved(std::string const& host, boost::asio::ip::address const&);

private:
    struct Desk;
    std::shared_ptr<Desk> desk_;
};

} // namespace cox::net
