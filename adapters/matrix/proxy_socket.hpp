#pragma once
// Does what the proxy's machine says.
#include "adapters/matrix/proxy_machine.hpp"
#include "adapters/matrix/reader.hpp"
#include "adapters/net/web_socket.hpp"

#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <string>

namespace cox::matrix {

class ProxySocket {
public:
    // `token` is asked for each connection anew: whoever mends it need not start the bot again.
    ProxySocket(boost::asio::io_context&, net::Outside&, Shared&, Reader&, net::Url, std::function<std::string()> token,
                ProxyMachine::Options = {});

    void start();
    void stop();
    std::string const& trouble() const { return machine_.trouble(); }

private:
    void run(ProxyMachine::Actions);
    void open();
    void arm();

    boost::asio::io_context& io_;
    net::Outside& outside_;
    Shared& shared_;
    Reader& reader_;
    net::Url url_;
    std::function<std::string()> token_;
    ProxyMachine machine_;
    std::unique_ptr<net::WebSocket> socket_;
    std::uint64_t connection_ = 0; // what an older one still says is not heard
    bool upgraded_ = false;
    boost::asio::steady_timer alarm_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

} // namespace cox::matrix
