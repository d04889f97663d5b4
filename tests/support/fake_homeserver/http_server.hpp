#pragma once
// HTTP/1.1 on a loopback port: keeps connections alive, sees when a client hangs up while it waits, and can go down
// and come up again on the same port.
#include "http.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <set>

namespace cox::fake_homeserver {

class Visit;

class HttpServer {
public:
    using Handler = std::function<void(std::shared_ptr<Request const>, std::shared_ptr<Waiting>)>;

    // 0 takes a free port.
    HttpServer(boost::asio::io_context& context, unsigned short port, Handler handler);
    ~HttpServer();
    HttpServer(HttpServer const&) = delete;
    HttpServer& operator=(HttpServer const&) = delete;

    std::string address() const { return "http://127.0.0.1:" + std::to_string(port_); }
    void go_down(); // refuses connections, and resets those that there are
    void come_up();
    void reset_connections();
    // A connection on which nothing was asked for so long is closed; 0: never.
    void close_idle_after(std::chrono::milliseconds idle) { idle_ = idle; }
    int connections_ever() const { return connections_ever_; }

private:
    friend class Visit;
    static boost::asio::awaitable<void> accept(HttpServer& self, std::shared_ptr<boost::asio::ip::tcp::acceptor>);

    boost::asio::io_context& context_;
    Handler handler_;
    unsigned short port_ = 0;
    std::shared_ptr<boost::asio::ip::tcp::acceptor> acceptor_;
    std::set<std::shared_ptr<Visit>> visits_;
    std::chrono::milliseconds idle_{0};
    int connections_ever_ = 0;
};

} // namespace cox::fake_homeserver
