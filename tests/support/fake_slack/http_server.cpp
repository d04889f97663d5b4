#include "http_server.hpp"

#include "api.hpp"
#include "args.hpp"
#include "control.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <array>

namespace cox::fake_slack {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

constexpr auto tupled = asio::as_tuple(asio::use_awaitable);
constexpr auto an_hour = std::chrono::hours{1};
constexpr std::uint64_t largest_body = 64 << 20;

Request request_of(http::request<http::string_body> const& message) {
    auto field = [&](http::field name) { return std::string{message[name]}; };
    return {.verb = std::string{message.method_string()},
            .target = std::string{message.target()},
            .content_type = field(http::field::content_type),
            .authorization = field(http::field::authorization),
            .body = message.body()};
}

std::string head_of(Response const& response, bool keep_alive) {
    auto const reason = http::obsolete_reason(static_cast<http::status>(response.status));
    auto head = "HTTP/1.1 " + std::to_string(response.status) + ' ' + std::string{reason} +
                "\r\nContent-Type: " + response.type + "\r\nContent-Length: " + std::to_string(response.body.size()) +
                "\r\n";
    for (auto const& [name, value] : response.headers)
        head += name + ": " + value + "\r\n";
    return head + (keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n");
}

// One client's TCP connection, until it is closed or becomes a WebSocket.
class Visit {
public:
    Visit(Slack& slack, tcp::socket socket) : slack_{slack}, socket_{std::move(socket)}, timer_{slack.context} {}

    static asio::awaitable<void> run(std::shared_ptr<Visit> self) {
        bool going_on = true;
        while (going_on) {
            http::request_parser<http::string_body> parser;
            parser.body_limit(largest_body);
            auto const [failed, size] = co_await http::async_read(self->socket_, self->buffer_, parser, tupled);
            if (failed) break;
            auto const message = parser.release();
            auto const request = request_of(message);
            if (request.path() == "/link/") {
                co_await self->upgrade(message, request);
                break;
            }
            self->ask_safely(request);
            while (!self->answer_)
                co_await self->pause(an_hour);
            auto const response = *std::exchange(self->answer_, {});
            going_on = co_await self->send(response, message.keep_alive());
        }
        boost::system::error_code ignored;
        if (self->socket_.is_open()) self->socket_.shutdown(tcp::socket::shutdown_both, ignored);
    }

private:
    // A mistake in here must not look like a network's.
    void ask_safely(Request const& request) {
        try {
            ask(request);
        } catch (std::exception const& mistake) {
            answer_ = {.status = 500, .body = std::string{"the fake Slack is wrong: "} + mistake.what()};
        }
    }

    void ask(Request const& request) {
        auto const path = request.path();
        if (path.starts_with("/api/"))
            answer_ = answer_api(slack_, request);
        else if (is_response_url(path))
            answer_ = answer_response_url(slack_, request);
        else
            answer_control(slack_, request, [this](Response response) {
                answer_ = std::move(response);
                timer_.cancel();
            });
    }

    asio::awaitable<void> pause(std::chrono::steady_clock::duration wait) {
        timer_.expires_after(wait);
        auto const [woken] = co_await timer_.async_wait(tupled);
        static_cast<void>(woken);
    }

    // Whether the connection may be used again.
    asio::awaitable<bool> send(Response const& response, bool keep_alive) {
        using Way = Response::Way;
        auto const whole = head_of(response, keep_alive) + response.body;
        bool fine = keep_alive;
        switch (response.way) {
        case Way::whole:
            if (response.pace.count() > 0) co_await pause(response.pace);
            fine = co_await write(whole);
            fine = fine && keep_alive;
            break;
        case Way::never:
            co_await wait_for_the_end();
            fine = false;
            break;
        case Way::reset:
            reset();
            fine = false;
            break;
        case Way::cut:
            co_await write(whole.substr(0, whole.size() - response.body.size() / 2 - 1));
            fine = false;
            break;
        case Way::drip:
            for (std::size_t i = 0; fine && i < whole.size(); ++i) {
                auto const one = whole.substr(i, 1);
                fine = co_await write(one);
                co_await pause(response.pace);
            }
            break;
        }
        co_return fine;
    }

    asio::awaitable<bool> write(std::string const& text) {
        auto const bytes = asio::buffer(text);
        auto const [failed, size] = co_await asio::async_write(socket_, bytes, tupled);
        co_return !failed;
    }

    asio::awaitable<void> wait_for_the_end() {
        std::array<char, 1024> waste;
        boost::system::error_code failed;
        while (!failed) {
            auto const room = asio::buffer(waste);
            auto const [error, size] = co_await socket_.async_read_some(room, tupled);
            failed = error;
        }
    }

    void reset() {
        boost::system::error_code ignored;
        socket_.set_option(asio::socket_base::linger{true, 0}, ignored);
        socket_.close(ignored);
    }

    asio::awaitable<void> upgrade(http::request<http::string_body> const& message, Request const& request) {
        auto const query = form_args(request.query());
        auto const refused = slack_.faults.take(Fault::Kind::upgrade);
        int status = 101;
        if (!beast::websocket::is_upgrade(message))
            status = 400;
        else if (refused)
            status = refused->how.value("status", 409);
        else if (!slack_.sockets.use_ticket(query.text("ticket")))
            status = 408;
        slack_.log.calls.push_back({.at_ms = slack_.clock.now_ms(),
                                    .method = "link",
                                    .verb = request.verb,
                                    .content_type = "",
                                    .token = "none",
                                    .args = query.all(),
                                    .status = status,
                                    .answer = status == 101 ? "ok" : "refused"});
        slack_.changed();
        if (status != 101) {
            Response response;
            response.status = status;
            response.type = "text/plain";
            co_await send(response, false);
            co_return;
        }
        auto const key = std::string{message[http::field::sec_websocket_key]};
        auto const head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Accept: " +
                          accept_key(key) + "\r\n\r\n";
        slack_.sockets.adopt(std::move(socket_), head, beast::buffers_to_string(buffer_.data()),
                             query.flag("debug_reconnects"));
    }

    Slack& slack_;
    tcp::socket socket_;
    asio::steady_timer timer_;
    beast::flat_buffer buffer_;
    std::optional<Response> answer_;
};

} // namespace

HttpServer::HttpServer(Slack& slack, unsigned short port)
    : slack_{slack}, acceptor_{slack.context, tcp::endpoint{asio::ip::address_v4::loopback(), port}} {
    slack_.address = "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
    asio::co_spawn(slack_.context, accept(), asio::detached);
}

asio::awaitable<void> HttpServer::accept() {
    while (true) {
        auto [failed, socket] = co_await acceptor_.async_accept(tupled);
        if (failed) continue;
        socket.set_option(tcp::no_delay{true}, failed);
        auto const visit = std::make_shared<Visit>(slack_, std::move(socket));
        asio::co_spawn(slack_.context, Visit::run(visit), asio::detached);
    }
}

} // namespace cox::fake_slack
