#pragma once
// One WebSocket of a client: frames in, frames out.
#include "frame.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace cox::fake_slack {

class Sockets;

class Connection {
public:
    using Tcp = boost::asio::ip::tcp::socket;

    Connection(Tcp socket, int number, Sockets& sockets) : id{number}, socket_{std::move(socket)}, sockets_{sockets} {}

    // Reads until the client is gone, starting with what came along with the request to upgrade.
    static boost::asio::awaitable<void> serve(std::shared_ptr<Connection>, std::string already_read);

    static void send(std::shared_ptr<Connection> const&, std::string bytes);
    // Says goodbye; the TCP connection stays, as with Slack.
    static void send_close(std::shared_ptr<Connection> const&, std::uint16_t code, std::string const& reason);
    void reset(); // RST
    void hang_up();

    int const id;
    bool served = false;  // has had its hello, and takes part in the delivery
    bool closing = false; // a close frame was sent or received
    bool gone = false;
    bool silent = false; // no frame goes out any more
    bool deaf = false;   // nothing that happens goes out
    int pings = 0;       // of the client
    int pongs = 0;
    std::uint16_t close_code = 0; // of the client's close frame; 0: none came

private:
    static boost::asio::awaitable<void> write(std::shared_ptr<Connection>);
    static void take(std::shared_ptr<Connection> const&, Frame);

    Tcp socket_;
    Sockets& sockets_;
    FrameReader reader_;
    std::string waiting_; // bytes
    bool writing_ = false;
};

} // namespace cox::fake_slack
