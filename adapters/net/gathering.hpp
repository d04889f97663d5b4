#pragma once
// A layer over a connection whose writes can be gathered: many short messages at once cost one write, not one each.
#include "adapters/net/stream.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <boost/bind/placeholders.hpp>

namespace cox::net {

class Gathering {
public:
    using executor_type = Stream::executor_type;
    using Error = Stream::Error;

    explicit Gathering(Stream& below) : below_{below} {}
    executor_type get_executor() { return below_.get_executor(); }

    // While more follows, what is written is kept and counts as written; it goes out with the first write after that,
    // whose end then tells how all of it went.
    void gather(bool more_follows) { gathering_ = more_follows; }

    template <class Buffers, class Token>
    auto async_read_some(Buffers const& buffers, Token&& token) {
        return below_.async_read_some(buffers, std::forward<Token>(token));
    }
    template <class Buffers, class Token>
    auto async_write_some(Buffers const& buffers, Token&& token) {
        return boost::asio::async_initiate<Token, void(Error, std::size_t)>(
            [this](auto&& handler, Buffers const& from) {
                if (!gathering_ && kept_.empty())
                    return void(below_.async_write_some(from, std::forward<decltype(handler)>(handler)));
                auto const size = keep(from);
                if (gathering_)
                    boost::asio::post(get_executor(), boost::beast::bind_front_handler(
                                                          std::forward<decltype(handler)>(handler), Error{}, size));
                else
                    write_all(boost::beast::bind_handler(std::forward<decltype(handler)>(handler),
                                                         boost::placeholders::_1, size));
            },
            token, buffers);
    }

    friend void beast_close_socket(Gathering& layer) { layer.below_.close(); }
    friend void teardown(boost::beast::role_type role, Gathering& layer, Error& error) {
        teardown(role, layer.below_, error);
    }
    template <class Handler>
    friend void async_teardown(boost::beast::role_type role, Gathering& layer, Handler&& handler) {
        async_teardown(role, layer.below_, std::forward<Handler>(handler));
    }

private:
    template <class Buffers>
    std::size_t keep(Buffers const& from) {
        auto const before = kept_.size();
        auto const size = boost::asio::buffer_size(from);
        kept_.resize(before + size);
        boost::asio::buffer_copy(boost::asio::buffer(kept_) + before, from);
        return size;
    }
    template <class Handler>
    void write_all(Handler&& handler) {
        going_out_ = std::exchange(kept_, {});
        boost::asio::async_write(below_, boost::asio::buffer(going_out_), std::forward<Handler>(handler));
    }

    Stream& below_;
    bool gathering_ = false;
    std::string kept_;
    std::string going_out_; // until it is written
};

} // namespace cox::net
