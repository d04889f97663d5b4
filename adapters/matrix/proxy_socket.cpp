#include "adapters/matrix/proxy_socket.hpp"

#include "core/overloaded.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace cox::matrix {
namespace {

constexpr std::string_view path = "_matrix/client/unstable/fi.mau.as_sync";

net::WebSocketLimits limits() {
    net::WebSocketLimits all;
    all.longest_message = 64 * 1024 * 1024; // a homeserver may hand over much at once
    return all;
}

auto now() {
    return std::chrono::steady_clock::now();
}

} // namespace

ProxySocket::ProxySocket(boost::asio::io_context& io, net::Outside& outside, Shared& shared, Reader& reader,
                         net::Url url, std::function<std::string()> token, ProxyMachine::Options options)
    : io_{io}, outside_{outside}, shared_{shared}, reader_{reader}, url_{std::move(url)}, token_{std::move(token)},
      machine_{options}, alarm_{io} {
    if (!url_.target.ends_with('/')) url_.target += '/';
    url_.target += path;
}

void ProxySocket::start() {
    run(machine_.start(now()));
}

void ProxySocket::stop() {
    alive_ = std::make_shared<bool>(true);
    alarm_.cancel();
    socket_.reset();
}

void ProxySocket::run(ProxyMachine::Actions actions) {
    for (auto& action : actions) {
        std::visit(overloaded{[this](act::OpenProxy const&) { open(); },
                              [this](act::CloseProxy const&) {
                                  ++connection_;
                                  socket_.reset();
                              },
                              [this](act::Send const& send) {
                                  if (socket_) socket_->send(send.frame);
                              },
                              [this](act::Take& take) { reader_.take(std::move(take.transaction.events)); },
                              [this](act::Pushed const& pushed) { reader_.pushed(pushed.yes); },
                              [this](act::Ping const& ping) {
                                  if (socket_) socket_->send(ping_frame(ping.id, shared_.desk.now()));
                              },
                              [this](act::Report const& report) {
                                  shared_.desk.tell_operator(report.error ? Weight::error : Weight::info,
                                                             "matrix: " + report.text);
                              }},
                   action);
    }
    arm();
}

void ProxySocket::open() {
    upgraded_ = false;
    auto const id = ++connection_;
    auto const mine = [this, id, alive = std::weak_ptr<bool>{alive_}] { return alive.lock() && id == connection_; };
    net::WebSocketEvents events;
    events.opened = [this, mine] {
        if (!mine()) return;
        upgraded_ = true;
        run(machine_.opened(now()));
    };
    events.text = [this, mine](std::string const& text) {
        if (mine()) run(machine_.text(text, now()));
    };
    events.closed = [this, mine](net::Failure const& failure) {
        if (!mine()) return;
        auto const reason = std::string{net::word(failure.cause)} + ": " + failure.reason;
        run(machine_.closed({reason, failure.status, upgraded_}, now()));
    };
    socket_ = net::WebSocket::open(io_, outside_, url_, std::move(events), limits(),
                                   {{"Authorization", "Bearer " + token_()}, {"X-Mautrix-Websocket-Version", "3"}});
}

void ProxySocket::arm() {
    auto const wake = machine_.wake();
    if (!wake) return;
    alarm_.expires_at(*wake);
    alarm_.async_wait([this, alive = std::weak_ptr<bool>{alive_}](boost::system::error_code const& error) {
        if (!error && alive.lock()) run(machine_.tick(now()));
    });
}

} // namespace cox::matrix
