#pragma once
// Socket Mode: does what the machine says, hands frames on, and takes acknowledgements back to where they belong.
#include "adapters/net/web_socket.hpp"
#include "adapters/slack/frame.hpp"
#include "adapters/slack/socket_machine.hpp"
#include "adapters/slack/web_api.hpp"

#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>

namespace cox::slack {

class Socket {
public:
    struct Wiring {
        boost::asio::io_context& io;
        net::Outside& outside;
        WebApi& api;
        std::function<Ourselves const&()> ourselves;
        // An envelope came in; acknowledge it by `acknowledge` with the connection's id.
        std::function<void(frame::Envelope, ConnectionId)> envelope;
        std::function<void(act::Say const&)> say;
        std::function<bool(std::string const& error)> token_refused; // true: another one is in use now
        std::function<void()> asked; // for another connection: the time of it is worth keeping
        bool loopback = false;       // plain sockets to this machine are allowed
        net::WebSocketLimits limits;
    };
    Socket(Wiring, SocketMachine::Options);

    void start(std::optional<std::chrono::steady_clock::time_point> last_asked);
    // `gone` is called once what was to be sent is out and every connection is closed.
    void stop(std::function<void()> gone);
    // On the connection that the envelope came from; where that is gone, on one that counts.
    void acknowledge(ConnectionId, std::string frame);
    bool serving() const { return machine_.serving().has_value(); }

private:
    void carry_out(std::vector<SocketAction> const&);
    void perform(act::AskUrl const&);
    void perform(act::Connect const&);
    void perform(act::Close const&);
    void perform(act::Say const& say) { wiring_.say(say); }
    void perform(act::Serving const&) {} // whoever wants to know asks
    void say_goodbye(ConnectionId);
    void left();
    void took(ConnectionId, std::string const& text);
    void arm();
    double jitter() { return std::uniform_real_distribution<double>{0.0, 1.0}(random_); }

    Wiring wiring_;
    SocketMachine machine_;
    std::map<ConnectionId, std::unique_ptr<net::WebSocket>> sockets_;
    std::set<ConnectionId> leaving_; // saying goodbye
    std::function<void()> gone_;
    boost::asio::steady_timer alarm_;
    std::minstd_rand random_{std::random_device{}()};
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

} // namespace cox::slack
