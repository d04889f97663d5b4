#include "http_server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <array>

namespace cox::fake_homeserver {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

constexpr auto tupled = asio::as_tuple(asio::use_awaitable);
constexpr auto an_hour = std::chrono::hours{1};
constexpr std::uint64_t largest_body = 64 << 20;
constexpr std::size_t chunk_size = 64 << 10;

Request request_of(http::request<http::string_body> const& message) {
    auto field = [&](http::field name) { return std::string{message[name]}; };
    return {.verb = std::string{message.method_string()},
            .target = std::string{message.target()},
            .content_type = field(http::field::content_type),
            .authorization = field(http::field::authorization),
            .has_length = message.has_content_length() || message.chunked(),
            .body = message.body()};
}

std::string hexadecimal(std::size_t number) {
    std::string digits;
    for (; number > 0; number /= 16)
        digits.insert(digits.begin(), "0123456789abcdef"[number % 16]);
    return digits;
}

std::string in_chunks(std::string_view body) {
    std::string text;
    for (; !body.empty(); body.remove_prefix(std::min(chunk_size, body.size()))) {
        auto const piece = body.substr(0, chunk_size);
        text += hexadecimal(piece.size()) + "\r\n" + std::string{piece} + "\r\n";
    }
    return text + "0\r\n\r\n";
}

std::string head_of(Response const& response, bool keep_alive) {
    auto head = "HTTP/1.1 " + std::to_string(response.status) + ' ';
    auto const reason = http::obsolete_reason(static_cast<http::status>(response.status));
    // Twisted does not know this status.
    head += response.status == 429 ? "Unknown Status" : std::string{reason};
    head += "\r\nContent-Type: " + response.type + "\r\n";
    head += response.chunked ? "Transfer-Encoding: chunked\r\n"
                             : "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
    for (auto const& [name, value] : response.headers)
        head += name + ": " + value + "\r\n";
    return head + (keep_alive ? "\r\n" : "Connection: close\r\n\r\n");
}

} // namespace

// One client's TCP connection.
class Visit {
public:
    Visit(HttpServer& server, tcp::socket socket)
        : server_{server}, socket_{std::move(socket)}, timer_{server.context_}, idle_{server.context_} {}

    static asio::awaitable<void> run(std::shared_ptr<Visit> self) {
        bool going_on = true;
        while (going_on) {
            http::request_parser<http::string_body> parser;
            parser.body_limit(largest_body);
            close_if_idle(self);
            auto const [failed, size] = co_await http::async_read(self->socket_, self->buffer_, parser, tupled);
            self->idle_.cancel();
            if (failed) break;
            auto const message = parser.release();
            auto const request = std::make_shared<Request const>(request_of(message));
            self->hung_up_ = std::make_shared<bool>(false);
            self->ask(self, request);
            watch(self, self->hung_up_);
            while (self->is_waiting())
                co_await self->pause(an_hour);
            if (!self->answer_) break;
            auto const response = *std::exchange(self->answer_, {});
            going_on = co_await self->send(response, message.keep_alive());
        }
        self->hang_up();
        if (!self->server_is_gone_) self->server_.visits_.erase(self);
    }

    void reset() {
        boost::system::error_code ignored;
        socket_.set_option(asio::socket_base::linger{true, 0}, ignored);
        socket_.close(ignored);
        timer_.cancel();
    }

    void forget_server() {
        server_is_gone_ = true;
        when_hung_up_ = {};
    }

private:
    static void close_if_idle(std::shared_ptr<Visit> const& self) {
        if (self->server_.idle_.count() == 0) return;
        self->idle_.expires_after(self->server_.idle_);
        self->idle_.async_wait([self](boost::system::error_code cancelled) {
            boost::system::error_code ignored;
            if (!cancelled) self->socket_.shutdown(tcp::socket::shutdown_both, ignored);
        });
    }

    // A mistake in here must not look like a network's.
    void ask(std::shared_ptr<Visit> const& self, std::shared_ptr<Request const> const& request) {
        auto const waiting = std::make_shared<Waiting>(Waiting{[self, asked = hung_up_](Response response) {
                                                                   if (*asked || self->answer_) return;
                                                                   self->answer_ = std::move(response);
                                                                   self->timer_.cancel();
                                                               },
                                                               hung_up_, when_hung_up_});
        try {
            server_.handler_(request, waiting);
        } catch (std::exception const& mistake) {
            answer_ = {.status = 500, .body = std::string{"the fake homeserver is wrong: "} + mistake.what()};
        }
    }

    // While an answer is awaited nothing should come but the end.
    static void watch(std::shared_ptr<Visit> const& self, std::shared_ptr<bool> const& hung_up) {
        if (self->answer_) return;
        self->socket_.async_wait(tcp::socket::wait_read, [self, hung_up](boost::system::error_code failed) {
            boost::system::error_code ignored;
            bool const ended = failed || self->socket_.available(ignored) == 0;
            if (!ended || self->hung_up_ != hung_up || self->answered_) return;
            self->hang_up();
        });
    }

    void hang_up() {
        if (hung_up_) *hung_up_ = true;
        if (auto const told = std::exchange(when_hung_up_, {})) told();
        boost::system::error_code ignored;
        if (socket_.is_open()) socket_.shutdown(tcp::socket::shutdown_both, ignored);
        timer_.cancel();
    }

    bool is_waiting() const { return !answer_ && !*hung_up_; }

    asio::awaitable<void> pause(std::chrono::steady_clock::duration wait) {
        timer_.expires_after(wait);
        auto const [woken] = co_await timer_.async_wait(tupled);
        static_cast<void>(woken);
    }

    // Whether the connection may be used again.
    asio::awaitable<bool> send(Response const& response, bool keep_alive) {
        using Way = Response::Way;
        when_hung_up_ = {};
        answered_ = true;
        auto const body = response.chunked ? in_chunks(response.body) : response.body;
        auto const whole = head_of(response, keep_alive) + body;
        bool fine = false;
        switch (response.way) {
        case Way::whole:
            if (response.pace.count() > 0) co_await pause(response.pace);
            fine = co_await write(whole);
            fine = fine && keep_alive;
            break;
        case Way::never: co_await wait_for_the_end(); break;
        case Way::reset: reset(); break;
        case Way::cut: co_await write(whole.substr(0, whole.size() - body.size() / 2 - 1)); break;
        case Way::drip:
            fine = keep_alive;
            for (std::size_t i = 0; fine && i < whole.size(); ++i) {
                auto const one = whole.substr(i, 1);
                fine = co_await write(one);
                co_await pause(response.pace);
            }
            break;
        }
        answered_ = false;
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

    HttpServer& server_;
    tcp::socket socket_;
    asio::steady_timer timer_;
    asio::steady_timer idle_;
    boost::beast::flat_buffer buffer_;
    std::optional<Response> answer_;
    std::shared_ptr<bool> hung_up_;
    std::function<void()> when_hung_up_;
    bool answered_ = false;
    bool server_is_gone_ = false;
};

HttpServer::HttpServer(asio::io_context& context, unsigned short port, Handler handler)
    : context_{context}, handler_{std::move(handler)}, port_{port} {
    come_up();
}

HttpServer::~HttpServer() {
    for (auto const& visit : visits_)
        visit->forget_server();
}

void HttpServer::come_up() {
    if (acceptor_) return;
    auto const here = tcp::endpoint{asio::ip::address_v4::loopback(), port_};
    acceptor_ = std::make_shared<tcp::acceptor>(context_, here); // with SO_REUSEADDR
    port_ = acceptor_->local_endpoint().port();
    asio::co_spawn(context_, accept(*this, acceptor_), asio::detached);
}

void HttpServer::go_down() {
    if (acceptor_) acceptor_->close();
    acceptor_.reset();
    reset_connections();
}

void HttpServer::reset_connections() {
    for (auto const& visit : std::set{visits_})
        visit->reset();
}

asio::awaitable<void> HttpServer::accept(HttpServer& self, std::shared_ptr<tcp::acceptor> acceptor) {
    while (acceptor->is_open()) {
        auto [failed, socket] = co_await acceptor->async_accept(tupled);
        if (failed) continue;
        socket.set_option(tcp::no_delay{true}, failed);
        ++self.connections_ever_;
        auto const visit = std::make_shared<Visit>(self, std::move(socket));
        self.visits_.insert(visit);
        asio::co_spawn(self.context_, Visit::run(visit), asio::detached);
    }
}

} // namespace cox::fake_homeserver
