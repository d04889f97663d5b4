#pragma once
// The bytes of one connection, plain or over TLS: what Beast and the HTTP client are made for, once, whichever it is.
#include "adapters/net/tls.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/role.hpp>

#include <memory>
#include <string>
#include <utility>

namespace cox::net {

class Stream {
public:
    using tcp = boost::asio::ip::tcp;
    using executor_type = tcp::socket::executor_type;
    using Error = boost::system::error_code;

    explicit Stream(executor_type executor) : plain_{std::move(executor)} {}

    executor_type get_executor() { return socket().get_executor(); }
    tcp::socket& socket() { return tls_ ? tls_->stream.next_layer() : plain_; }
    TlsStream* tls() { return tls_.get(); }

    void carry(tcp::socket&& connected) { plain_ = std::move(connected); }
    // What is sent from now on goes over TLS; the handshake is still to be made.
    TlsStream& secure(TlsContext& context, std::string const& host) {
        tls_ = tls_stream(context, std::move(plain_), host);
        return *tls_;
    }
    // Whatever is waited for ends with an error.
    void close() {
        Error ignored;
        socket().close(ignored);
    }

    template <class Buffers, class Token>
    auto async_read_some(Buffers const& buffers, Token&& token) {
        return boost::asio::async_initiate<Token, void(Error, std::size_t)>(
            [this](auto&& handler, Buffers const& into) {
                if (tls_)
                    tls_->stream.async_read_some(into, std::forward<decltype(handler)>(handler));
                else
                    plain_.async_read_some(into, std::forward<decltype(handler)>(handler));
            },
            token, buffers);
    }
    template <class Buffers, class Token>
    auto async_write_some(Buffers const& buffers, Token&& token) {
        return boost::asio::async_initiate<Token, void(Error, std::size_t)>(
            [this](auto&& handler, Buffers const& from) {
                if (tls_)
                    tls_->stream.async_write_some(from, std::forward<decltype(handler)>(handler));
                else
                    plain_.async_write_some(from, std::forward<decltype(handler)>(handler));
            },
            token, buffers);
    }

    // How Beast ends a connection. It would wait for the peer to hang up first, which Slack never does; after the
    // WebSocket's own goodbye there is nothing left to wait for.
    friend void beast_close_socket(Stream& stream) { stream.close(); }
    friend void teardown(boost::beast::role_type, Stream& stream, Error& error) {
        stream.close();
        error = {};
    }
    template <class Handler>
    friend void async_teardown(boost::beast::role_type, Stream& stream, Handler&& handler) {
        stream.close();
        boost::asio::post(stream.get_executor(),
                          boost::beast::bind_front_handler(std::forward<Handler>(handler), Error{}));
    }

private:
    tcp::socket plain_;
    std::unique_ptr<TlsStream> tls_;
};

} // namespace cox::net
