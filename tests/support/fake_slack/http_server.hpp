#pragma once
// The one port of the fake Slack: Web API, response_urls, the way into Socket Mode, and the control.
#include "slack.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace cox::fake_slack {

// Listens on loopback; 0 takes a free port. Sets `slack.address`.
class HttpServer {
public:
    HttpServer(Slack& slack, unsigned short port);

private:
    boost::asio::awaitable<void> accept();

    Slack& slack_;
    boost::asio::ip::tcp::acceptor acceptor_;
};

} // namespace cox::fake_slack
