#include "connection.hpp"

#include "sockets.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>

namespace cox::fake_slack {

namespace asio = boost::asio;
constexpr auto tupled = asio::as_tuple(asio::use_awaitable);

asio::awaitable<void> Connection::serve(std::shared_ptr<Connection> self, std::string already_read) {
    self->reader_.feed(already_read);
    auto const bytes = std::make_unique<std::array<char, 64 * 1024>>();
    while (true) {
        while (auto frame = self->reader_.next())
            take(self, std::move(*frame));
        auto const room = asio::buffer(*bytes);
        auto const [failed, size] = co_await self->socket_.async_read_some(room, tupled);
        if (failed) break;
        self->reader_.feed({bytes->data(), size});
    }
    self->hang_up();
    self->sockets_.gone(*self);
}

void Connection::take(std::shared_ptr<Connection> const& self, Frame frame) {
    if (self->closing && frame.opcode != Opcode::close) return;
    if (!frame.masked) return send_close(self, 1002, "A client's frame must be masked.");
    auto& sockets = self->sockets_;
    // What came in pieces is refused like what is too long: Slack does not put it together.
    if (!frame.last || frame.opcode == Opcode::continuation || sockets.too_long(frame.payload.size())) {
        sockets.refused(self->id, frame.payload.size());
        return send_close(self, 1009, "Max frame length of 20480 has been exceeded.");
    }
    switch (frame.opcode) {
    case Opcode::text: sockets.said(*self, frame.payload); break;
    case Opcode::ping:
        ++self->pings;
        send(self, frame_bytes(Opcode::pong, frame.payload));
        break;
    case Opcode::pong: ++self->pongs; break;
    case Opcode::close: {
        auto const& text = frame.payload;
        self->close_code = text.size() < 2 ? std::uint16_t{1005}
                                           : static_cast<std::uint16_t>(static_cast<unsigned char>(text[0]) << 8 |
                                                                        static_cast<unsigned char>(text[1]));
        if (!self->closing) send(self, frame_bytes(Opcode::close, text.substr(0, 2)));
        self->closing = true;
        sockets.closed(*self);
        break;
    }
    case Opcode::binary:
    case Opcode::continuation: break;
    }
}

void Connection::send(std::shared_ptr<Connection> const& self, std::string bytes) {
    if (self->gone || self->silent) return;
    self->waiting_ += bytes;
    if (self->writing_) return;
    self->writing_ = true;
    asio::co_spawn(self->socket_.get_executor(), write(self), asio::detached);
}

asio::awaitable<void> Connection::write(std::shared_ptr<Connection> self) {
    while (!self->waiting_.empty()) {
        auto const out = std::exchange(self->waiting_, {});
        auto const bytes = asio::buffer(out);
        auto const [failed, size] = co_await asio::async_write(self->socket_, bytes, tupled);
        if (failed) break;
    }
    self->writing_ = false;
}

void Connection::send_close(std::shared_ptr<Connection> const& self, std::uint16_t code, std::string const& reason) {
    if (self->closing) return;
    send(self, close_bytes(code, reason));
    self->closing = true;
}

void Connection::reset() {
    boost::system::error_code ignored;
    socket_.set_option(asio::socket_base::linger{true, 0}, ignored);
    hang_up();
}

void Connection::hang_up() {
    boost::system::error_code ignored;
    socket_.close(ignored);
    gone = true;
    served = false;
}

} // namespace cox::fake_slack
