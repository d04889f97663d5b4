#pragma once
// HTTP/1.1 and WebSocket on one listening socket. Everything that knows Asio and Beast is behind this.
#include "adapters/web/api.hpp"
#include "adapters/web/live.hpp"

#include <expected>
#include <memory>
#include <string>

namespace boost::asio {
class io_context;
}

namespace cox::web {

class Server {
public:
    Server(boost::asio::io_context&, Api&, Live&);
    ~Server();

    // The port it listens on; with port 0 the system chooses one. The error says what is wrong and what to do.
    std::expected<unsigned short, std::string> listen(std::string const& address, unsigned short port);
    // Takes nobody in any more and hangs up on everybody.
    void stop();

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

} // namespace cox::web
