#pragma once
// Connects to whichever of several addresses answers first: they are tried in turn, the next one when one fails or has
// not answered after a short while (RFC 8305).
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <memory>
#include <vector>

namespace cox::net {

class FirstToAnswer : public std::enable_shared_from_this<FirstToAnswer> {
public:
    FirstToAnswer(boost::asio::any_io_executor, std::vector<boost::asio::ip::address>, std::uint16_t port);

    // `over` is cancelled when it is.
    void start();
    void abandon();

    boost::asio::steady_timer over;
    boost::asio::ip::tcp::socket connected;
    boost::asio::ip::tcp::endpoint last_tried;
    boost::system::error_code last_error; // of no meaning once connected

private:
    void next();

    std::vector<boost::asio::ip::address> addresses_;
    std::uint16_t port_;
    std::deque<boost::asio::ip::tcp::socket> tries_;
    std::size_t failed_ = 0;
    bool ended_ = false;
    boost::asio::steady_timer pause_;
};

} // namespace cox::net
