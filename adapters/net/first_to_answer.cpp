#include "adapters/net/first_to_answer.hpp"

#include <chrono>

namespace cox::net {
namespace {

constexpr auto head_start = std::chrono::milliseconds{250};

} // namespace

FirstToAnswer::FirstToAnswer(boost::asio::any_io_executor executor, std::vector<boost::asio::ip::address> addresses,
                             std::uint16_t port)
    : over{executor, std::chrono::steady_clock::time_point::max()}, connected{executor},
      addresses_{std::move(addresses)}, port_{port}, pause_{executor} {}

void FirstToAnswer::start() {
    next();
}

void FirstToAnswer::next() {
    if (ended_ || tries_.size() == addresses_.size()) return;
    boost::asio::ip::tcp::endpoint const endpoint{addresses_[tries_.size()], port_};
    auto& socket = tries_.emplace_back(over.get_executor());
    socket.async_connect(endpoint, [self = shared_from_this(), &socket, endpoint](boost::system::error_code error) {
        if (self->ended_) return;
        if (!error) {
            self->connected = std::move(socket);
            self->last_tried = endpoint;
            return self->abandon();
        }
        self->last_tried = endpoint;
        self->last_error = error;
        if (++self->failed_ == self->addresses_.size()) return self->abandon();
        self->next();
    });
    pause_.expires_after(head_start);
    pause_.async_wait([self = shared_from_this()](boost::system::error_code error) {
        if (!error) self->next();
    });
}

void FirstToAnswer::abandon() {
    ended_ = true;
    pause_.cancel();
    boost::system::error_code ignored;
    for (auto& socket : tries_)
        socket.close(ignored);
    over.cancel();
}

} // namespace cox::net
