#include "adapters/web/server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket.hpp>

#include <deque>
#include <optional>
#include <unordered_set>

namespace cox::web {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using std::chrono::seconds;
using Moment = std::chrono::steady_clock::time_point;
using WebSocket = websocket::stream<tcp::socket, false>; // no compression: it would cost memory for every viewer

constexpr auto header_time = seconds{10};
constexpr auto body_time = seconds{30};
constexpr auto idle_time = seconds{60};
constexpr auto write_time = seconds{30};
// The engine answers in milliseconds; moving a manual clock by months may take a while.
constexpr auto answer_time = seconds{120};
constexpr auto linger_time = seconds{2};
constexpr auto accept_pause = seconds{1};
constexpr auto sweep_every = seconds{1};
constexpr std::uint32_t header_limit = 8 * 1024;
constexpr std::uint64_t body_limit = 64 * 1024;
constexpr std::size_t most_connections = 256;
constexpr std::size_t most_refusals = 64; // told so at the same time; beyond that they are just hung up on
constexpr std::size_t most_frames_queued = 1000;
constexpr std::size_t most_bytes_queued = 1024 * 1024;
constexpr std::size_t room_again = 64 * 1024;

constexpr auto tupled = asio::as_tuple(asio::use_awaitable);

std::string_view plain(beast::string_view text) {
    return {text.data(), text.size()};
}

// One socket, and the moment at which it is hung up on unless something happens before.
struct Connection {
    explicit Connection(tcp::socket accepted) : socket{std::move(accepted)}, wake{socket.get_executor()} {}
    virtual ~Connection() = default;
    Connection(Connection const&) = delete;
    Connection& operator=(Connection const&) = delete;

    virtual void hang_up() {
        boost::system::error_code ignored;
        socket.close(ignored);
        wake.cancel();
    }

    tcp::socket socket;
    asio::steady_timer wake; // nothing to wait for but being woken
    Moment deadline = Moment::max();
    bool expired = false;
};

struct HttpConnection final : Connection {
    using Connection::Connection;

    beast::flat_buffer read{header_limit + body_limit};
    std::string written;
    std::optional<Response> answer;
    std::uint64_t exchange = 0; // which request is being answered: a late answer to an earlier one is dropped
};

struct WebSocketConnection final : Connection, Viewer {
    explicit WebSocketConnection(tcp::socket accepted) : Connection{std::move(accepted)}, stream{std::move(socket)} {}

    void hang_up() override {
        boost::system::error_code ignored;
        beast::get_lowest_layer(stream).close(ignored);
        closed = true;
        wake.cancel();
    }

    void send(Frame frame) override {
        if (closed) return;
        queued_bytes += frame->size();
        queue.push_back(std::move(frame));
        // Whoever reads this slowly comes back and reads what was missed.
        if (queue.size() > most_frames_queued || queued_bytes > most_bytes_queued) return hang_up();
        wake.cancel();
    }
    std::size_t backlog() const override { return queued_bytes; }

    WebSocket stream;
    std::deque<Frame> queue;
    std::size_t queued_bytes = 0;
    std::uint64_t ticket = 0;
    bool closed = false;
};

} // namespace

struct Server::Impl : std::enable_shared_from_this<Impl> {
    Impl(asio::io_context& context, Api& the_api, Live& the_live)
        : api{the_api}, live{the_live}, acceptor{context}, pause{context}, sweeper{context} {}

    asio::awaitable<void> accept();
    asio::awaitable<void> refuse(std::shared_ptr<HttpConnection>);
    asio::awaitable<void> serve(std::shared_ptr<HttpConnection>);
    asio::awaitable<bool> read_head(HttpConnection&, http::request_parser<http::string_body>&, bool first);
    asio::awaitable<bool> read_body(HttpConnection&, http::request_parser<http::string_body>&);
    asio::awaitable<bool> write(HttpConnection&, Response const&, bool keep_alive, bool with_body);
    asio::awaitable<void> linger(Connection&);
    asio::awaitable<void> converse(std::shared_ptr<WebSocketConnection>, http::request<http::string_body>);
    asio::awaitable<void> write_frames(std::shared_ptr<WebSocketConnection>);
    void ask(std::shared_ptr<HttpConnection> const&, Request const&);

    void due(Connection&, std::chrono::steady_clock::duration);
    asio::awaitable<void> sweep();
    void stop();

    Api& api;
    Live& live;
    tcp::acceptor acceptor;
    asio::steady_timer pause;
    asio::steady_timer sweeper;
    bool sweeping = false;
    bool stopped = false;
    std::unordered_set<Connection*> connections;
    std::size_t refusals = 0;
};

namespace {

// Keeps a connection among those that stop() and the sweeper know.
class Listed {
public:
    Listed(std::unordered_set<Connection*>& all, Connection& one) : all_{all}, one_{one} { all_.insert(&one_); }
    ~Listed() { all_.erase(&one_); }
    Listed(Listed const&) = delete;
    Listed& operator=(Listed const&) = delete;

private:
    std::unordered_set<Connection*>& all_;
    Connection& one_;
};

Request request_of(http::request<http::string_body> const& message) {
    Request request;
    request.method = plain(message.method_string());
    request.target = plain(message.target());
    request.body = message.body();
    request.content_type = plain(message[http::field::content_type]);
    request.host = plain(message[http::field::host]);
    request.origin = plain(message[http::field::origin]);
    request.authorization = plain(message[http::field::authorization]);
    request.cookie = plain(message[http::field::cookie]);
    request.if_none_match = plain(message[http::field::if_none_match]);
    request.upgrade = websocket::is_upgrade(message);
    return request;
}

Fault fault_of(boost::system::error_code error) {
    if (error == http::error::header_limit) {
        return {431, "header-too-long", "The header of the request is longer than 8 KiB.",
                "Send fewer or shorter header fields; clear this site's cookies."};
    }
    if (error == http::error::body_limit) {
        return {413, "body-too-long", "The body of the request is longer than 64 KiB.",
                "Send it in parts, or a link to it."};
    }
    return {400, "bad-request", "That is not an HTTP/1.1 request.", "Check the client, or a proxy in between."};
}

// Whether the other side is still there to read why.
bool is_fault_of_request(boost::system::error_code error) {
    return error.category() == make_error_code(http::error::bad_method).category() &&
           error != http::error::end_of_stream && error != http::error::partial_message;
}

} // namespace

void Server::Impl::due(Connection& connection, std::chrono::steady_clock::duration in) {
    connection.deadline = std::chrono::steady_clock::now() + in;
    if (sweeping) return;
    sweeping = true;
    asio::co_spawn(acceptor.get_executor(), sweep(), asio::detached);
}

// One timer for every deadline there is, and none while there is no deadline.
asio::awaitable<void> Server::Impl::sweep() {
    auto const self = shared_from_this();
    for (;;) {
        sweeper.expires_after(sweep_every);
        co_await sweeper.async_wait(tupled);
        bool any = false;
        auto const now = std::chrono::steady_clock::now();
        for (auto* connection : connections) {
            if (connection->deadline == Moment::max()) continue;
            if (connection->deadline > now) {
                any = true;
            } else {
                connection->deadline = Moment::max();
                connection->expired = true;
                connection->hang_up();
            }
        }
        if (!any || stopped) break;
    }
    sweeping = false;
}

void Server::Impl::stop() {
    stopped = true;
    boost::system::error_code ignored;
    acceptor.close(ignored);
    pause.cancel();
    sweeper.cancel();
    for (auto* connection : connections)
        connection->hang_up();
}

asio::awaitable<void> Server::Impl::accept() {
    auto const self = shared_from_this();
    while (!stopped) {
        auto [error, socket] = co_await acceptor.async_accept(tupled);
        if (stopped) break;
        if (error) {
            // Out of file descriptors, most likely: those that are open go on, new ones wait.
            pause.expires_after(accept_pause);
            co_await pause.async_wait(tupled);
            continue;
        }
        boost::system::error_code ignored;
        socket.set_option(tcp::no_delay{true}, ignored);
        if (connections.size() - refusals < most_connections) {
            asio::co_spawn(acceptor.get_executor(), serve(std::make_shared<HttpConnection>(std::move(socket))),
                           asio::detached);
        } else if (refusals < most_refusals) {
            asio::co_spawn(acceptor.get_executor(), refuse(std::make_shared<HttpConnection>(std::move(socket))),
                           asio::detached);
        }
    }
}

asio::awaitable<void> Server::Impl::refuse(std::shared_ptr<HttpConnection> connection) {
    auto const self = shared_from_this();
    Listed const listed{connections, *connection};
    ++refusals;
    auto response = response_of({503, "too-many-connections", "Too many connections are open.",
                                 "Close pages that are not needed, and try again in a moment."});
    response.headers.emplace_back("Retry-After", "2");
    co_await write(*connection, response, false, true);
    co_await linger(*connection);
    --refusals;
}

// Closing a socket with unread bytes makes the system throw away what was just written; so the rest is read first.
asio::awaitable<void> Server::Impl::linger(Connection& connection) {
    boost::system::error_code error;
    connection.socket.shutdown(tcp::socket::shutdown_send, error);
    if (error) co_return;
    due(connection, linger_time);
    std::array<char, 4096> waste;
    for (std::size_t total = 0; total < body_limit * 4;) {
        auto const room = asio::buffer(waste);
        auto const [failed, size] = co_await connection.socket.async_read_some(room, tupled);
        if (failed) break;
        total += size;
    }
    connection.deadline = Moment::max();
}

asio::awaitable<bool> Server::Impl::write(HttpConnection& connection, Response const& response, bool keep_alive,
                                          bool with_body) {
    auto& out = connection.written;
    out.clear();
    write_head(out, response, keep_alive);
    if (with_body) out += response.content();
    due(connection, write_time);
    auto const bytes = asio::buffer(out);
    auto const [error, size] = co_await asio::async_write(connection.socket, bytes, tupled);
    connection.deadline = Moment::max();
    // A page's file is not kept in memory once more for everybody who ever loaded it.
    if (out.capacity() > body_limit) out = {};
    co_return !error;
}

asio::awaitable<bool> Server::Impl::read_head(HttpConnection& connection,
                                              http::request_parser<http::string_body>& parser, bool first) {
    if (connection.read.size() == 0) {
        if (first)
            due(connection, header_time);
        else
            due(connection, idle_time);
        auto const room = connection.read.prepare(4096);
        auto const [error, size] = co_await connection.socket.async_read_some(room, tupled);
        if (error) co_return false;
        connection.read.commit(size);
    }
    due(connection, header_time);
    auto const [error, size] = co_await http::async_read_header(connection.socket, connection.read, parser, tupled);
    if (!error) co_return true;
    connection.deadline = Moment::max();
    if (is_fault_of_request(error)) {
        auto const response = response_of(fault_of(error));
        co_await write(connection, response, false, true);
        co_await linger(connection);
    }
    co_return false;
}

asio::awaitable<bool> Server::Impl::read_body(HttpConnection& connection,
                                              http::request_parser<http::string_body>& parser) {
    if (parser.is_done()) co_return true;
    due(connection, body_time);
    auto const& head = parser.get();
    if (beast::iequals(head[http::field::expect], "100-continue")) {
        connection.written = "HTTP/1.1 100 Continue\r\n\r\n";
        auto const bytes = asio::buffer(connection.written);
        auto const [error, size] = co_await asio::async_write(connection.socket, bytes, tupled);
        if (error) co_return false;
    }
    auto const [error, size] = co_await http::async_read(connection.socket, connection.read, parser, tupled);
    if (!error) co_return true;
    connection.deadline = Moment::max();
    if (is_fault_of_request(error)) {
        auto const response = response_of(fault_of(error));
        co_await write(connection, response, false, true);
        co_await linger(connection);
    }
    co_return false;
}

void Server::Impl::ask(std::shared_ptr<HttpConnection> const& connection, Request const& request) {
    connection->answer.reset();
    auto const exchange = ++connection->exchange;
    api.handle(request, [weak = std::weak_ptr{connection}, exchange](Response response) {
        auto const waiting = weak.lock();
        if (!waiting || waiting->exchange != exchange || waiting->answer) return;
        waiting->answer = std::move(response);
        waiting->wake.cancel();
    });
}

asio::awaitable<void> Server::Impl::serve(std::shared_ptr<HttpConnection> connection) {
    auto const self = shared_from_this();
    std::optional<Listed> listed;
    listed.emplace(connections, *connection);
    for (bool first = true; !stopped; first = false) {
        http::request_parser<http::string_body> parser;
        parser.header_limit(header_limit);
        parser.body_limit(body_limit);
        bool const has_head = co_await read_head(*connection, parser, first);
        if (!has_head) break;
        bool const has_body = co_await read_body(*connection, parser);
        if (!has_body || stopped) break;

        auto const request = request_of(parser.get());
        if (request.upgrade && request.path() == "/ws" && !api.objection(request)) {
            auto upgraded = std::make_shared<WebSocketConnection>(std::move(connection->socket));
            auto message = parser.release();
            listed.reset();
            co_await converse(std::move(upgraded), std::move(message));
            co_return;
        }
        ask(connection, request);
        due(*connection, answer_time);
        while (!connection->answer && !connection->expired && !stopped) {
            connection->wake.expires_at(Moment::max());
            co_await connection->wake.async_wait(tupled);
        }
        if (!connection->answer) break;
        bool const keep_alive = parser.get().keep_alive();
        bool const with_body = parser.get().method() != http::verb::head && connection->answer->status != 304;
        auto const response = std::move(*connection->answer);
        bool const written = co_await write(*connection, response, keep_alive, with_body);
        if (!written) break;
        if (!keep_alive) {
            co_await linger(*connection);
            break;
        }
    }
}

asio::awaitable<void> Server::Impl::converse(std::shared_ptr<WebSocketConnection> connection,
                                             http::request<http::string_body> request) {
    Listed const listed{connections, *connection};
    auto& stream = connection->stream;
    websocket::stream_base::timeout times;
    times.handshake_timeout = header_time;
    times.idle_timeout = idle_time;
    times.keep_alive_pings = true;
    stream.set_option(times);
    stream.read_message_max(body_limit);
    stream.text(true);
    auto const [refused] = co_await stream.async_accept(request, tupled);
    if (refused || stopped) co_return;

    connection->ticket = live.join(*connection);
    asio::co_spawn(acceptor.get_executor(), write_frames(connection), asio::detached);
    beast::flat_buffer frame;
    while (!connection->closed) {
        auto const [error, size] = co_await stream.async_read(frame, tupled);
        if (error || stopped || connection->closed) break;
        auto const data = frame.cdata();
        live.take(connection->ticket, {static_cast<char const*>(data.data()), data.size()});
        frame.consume(size);
    }
    if (!stopped) live.leave(connection->ticket);
    connection->hang_up();
}

asio::awaitable<void> Server::Impl::write_frames(std::shared_ptr<WebSocketConnection> connection) {
    auto const self = shared_from_this();
    while (!connection->closed) {
        if (connection->queue.empty()) {
            connection->wake.expires_at(Moment::max());
            co_await connection->wake.async_wait(tupled);
            continue;
        }
        // The frame stays counted until it has left.
        auto const frame = connection->queue.front();
        due(*connection, write_time);
        auto const bytes = asio::buffer(*frame);
        auto const [error, size] = co_await connection->stream.async_write(bytes, tupled);
        connection->deadline = Moment::max();
        if (error) break;
        connection->queue.pop_front();
        connection->queued_bytes -= frame->size();
        if (connection->queued_bytes < room_again && !stopped) live.drained(connection->ticket);
    }
    connection->hang_up();
}

Server::Server(asio::io_context& context, Api& api, Live& live) : impl_{std::make_shared<Impl>(context, api, live)} {}

Server::~Server() {
    stop();
}

void Server::stop() {
    impl_->stop();
}

std::expected<unsigned short, std::string> Server::listen(std::string const& address, unsigned short port) {
    boost::system::error_code error;
    auto const ip = asio::ip::make_address(address == "localhost" ? "127.0.0.1" : address, error);
    if (error) {
        return std::unexpected{"web.address: \"" + address +
                               "\" is no IP address; use one such as 127.0.0.1, or "
                               "0.0.0.0 for every network of this machine"};
    }
    tcp::endpoint const endpoint{ip, port};
    auto& acceptor = impl_->acceptor;
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address{true}, error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) {
        auto const where = address + ":" + std::to_string(port);
        boost::system::error_code ignored;
        acceptor.close(ignored);
        if (error == asio::error::address_in_use) {
            return std::unexpected{where + " is used by another program; stop that one, or choose another port with "
                                           "--port (0 takes any that is free)"};
        }
        return std::unexpected{where + " cannot be listened on: " + error.message() +
                               "; choose another address or port"};
    }
    asio::co_spawn(acceptor.get_executor(), impl_->accept(), asio::detached);
    return acceptor.local_endpoint(error).port();
}

} // namespace cox::web
