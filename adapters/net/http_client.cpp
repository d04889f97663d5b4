#include "adapters/net/http_client.hpp"

#include "adapters/net/dial.hpp"
#include "adapters/net/http_wire.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <deque>

namespace cox::net {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

constexpr auto tupled = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t read_at_once = 16 * 1024;

struct Connection {
    explicit Connection(asio::any_io_executor const& executor) : line{std::make_shared<Line>(executor)} {}

    std::shared_ptr<Line> line;
    boost::beast::flat_buffer read;
    std::string head;
};

struct Exchange {
    HttpRequest request;
    std::function<void(HttpResult)> done; // empty once it was called
    bool sent = false;                    // at least a part
};

// What one coroutine is busy with.
struct Worker {
    std::shared_ptr<Exchange> exchange;
    std::shared_ptr<Connection> connection;
};

// All there is to do with one server.
struct Server {
    std::string scheme;
    std::string host;
    std::uint16_t port = 0;
    std::deque<std::shared_ptr<Exchange>> waiting;
    std::vector<std::shared_ptr<Connection>> kept; // the one used last is at the end
    std::vector<Worker*> workers;
    std::size_t busy = 0; // workers, and those about to start

    bool is(Url const& url) const { return host == url.host && port == url.port && scheme == url.scheme; }
};

class AtWork {
public:
    AtWork(Server& server, Worker& worker) : server_{server}, worker_{worker} { server_.workers.push_back(&worker_); }
    ~AtWork() { std::erase(server_.workers, &worker_); }
    AtWork(AtWork const&) = delete;
    AtWork& operator=(AtWork const&) = delete;

private:
    Server& server_;
    Worker& worker_;
};

// Between two requests a server has nothing to say but that it hangs up.
bool is_stale(Connection& connection) {
    char byte = 0;
    auto const got = ::recv(connection.line->stream.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

} // namespace

struct HttpClient::Impl : std::enable_shared_from_this<Impl> {
    Impl(asio::io_context& context, Outside& world, HttpLimits const& given)
        : io{context}, outside{world.impl()}, limits{given} {}

    void send(HttpRequest, std::function<void(HttpResult)>);
    void stop();

    std::shared_ptr<Server> server_of(Url const&);
    std::shared_ptr<Connection> take_kept(Server&);
    std::shared_ptr<Connection> new_connection(std::shared_ptr<Server> const&);
    void keep(Server&, std::shared_ptr<Connection>);
    void forget_if_idle(Server const&);

    asio::awaitable<void> work(std::shared_ptr<Impl>, std::shared_ptr<Server>); // itself: it may be let go at any time
    asio::awaitable<HttpResult> converse(std::shared_ptr<Server>, Worker&);
    asio::awaitable<HttpResult> ask(Connection&, Exchange&, bool& may_keep);
    asio::awaitable<HttpResult> hear(Connection&, Exchange const&, Clock::time_point end, bool& may_keep);

    asio::io_context& io;
    std::shared_ptr<Outside::Impl> outside;
    HttpLimits limits;
    std::vector<std::shared_ptr<Server>> servers;
    bool stopped = false;
};

void HttpClient::Impl::send(HttpRequest request, std::function<void(HttpResult)> done) {
    auto objection = objection_to(request.url, "http", "https");
    if (auto const wrong = unspeakable(request); wrong && !objection)
        objection = Failure{Cause::protocol, place(request.url) + ": " + std::string{*wrong}, false};
    if (stopped) objection = Failure{Cause::stopped, "we are stopping", false};
    if (objection) {
        asio::post(io, [done = std::move(done), failure = std::move(*objection)]() mutable {
            done(std::unexpected{std::move(failure)});
        });
        return;
    }
    auto const server = server_of(request.url);
    server->waiting.push_back(std::make_shared<Exchange>(std::move(request), std::move(done)));
    if (server->busy >= limits.connections_per_host) return;
    ++server->busy;
    asio::co_spawn(io, work(shared_from_this(), server), rethrown);
}

// Everybody hears of it before this returns, and nobody hears anything afterwards.
void HttpClient::Impl::stop() {
    if (stopped) return;
    stopped = true;
    std::vector<std::shared_ptr<Exchange>> open;
    for (auto const& server : servers) {
        for (auto* worker : server->workers) {
            if (worker->connection) worker->connection->line->hang_up();
            if (worker->exchange) open.push_back(worker->exchange);
        }
        open.insert(open.end(), server->waiting.begin(), server->waiting.end());
        server->waiting.clear();
        for (auto const& connection : server->kept)
            connection->line->hang_up();
        server->kept.clear();
    }
    servers.clear();
    for (auto const& exchange : open) {
        if (auto const done = std::exchange(exchange->done, nullptr))
            done(std::unexpected{Failure{Cause::stopped, "we are stopping", exchange->sent}});
    }
}

std::shared_ptr<Server> HttpClient::Impl::server_of(Url const& url) {
    auto const at = std::ranges::find_if(servers, [&](auto const& server) { return server->is(url); });
    if (at != servers.end()) return *at;
    auto server = std::make_shared<Server>();
    server->scheme = url.scheme;
    server->host = url.host;
    server->port = url.port;
    servers.push_back(server);
    return server;
}

std::shared_ptr<Connection> HttpClient::Impl::take_kept(Server& server) {
    while (!server.kept.empty()) {
        auto connection = std::move(server.kept.back());
        server.kept.pop_back();
        if (!is_stale(*connection)) return connection;
        connection->line->hang_up();
    }
    return nullptr;
}

std::shared_ptr<Connection> HttpClient::Impl::new_connection(std::shared_ptr<Server> const& server) {
    auto connection = std::make_shared<Connection>(io.get_executor());
    connection->line->when_expired = [self = weak_from_this(), server = std::weak_ptr{server},
                                      expired = connection.get()] {
        auto const client = self.lock();
        auto const its = server.lock();
        if (!client || !its) return;
        std::erase_if(its->kept, [&](auto const& each) { return each.get() == expired; });
        client->forget_if_idle(*its);
    };
    return connection;
}

void HttpClient::Impl::keep(Server& server, std::shared_ptr<Connection> connection) {
    connection->line->within(limits.keep_alive);
    server.kept.push_back(std::move(connection));
}

void HttpClient::Impl::forget_if_idle(Server const& server) {
    if (server.busy > 0 || !server.kept.empty() || !server.waiting.empty()) return;
    std::erase_if(servers, [&](auto const& each) { return each.get() == &server; });
}

asio::awaitable<void> HttpClient::Impl::work(std::shared_ptr<Impl>, std::shared_ptr<Server> server) {
    // send() may have called this, and nothing is to be answered from in there.
    co_await asio::post(io, asio::use_awaitable);
    Worker worker;
    AtWork const at_work{*server, worker};
    while (!server->waiting.empty()) {
        worker.exchange = std::move(server->waiting.front());
        server->waiting.pop_front();
        auto result = co_await converse(server, worker);
        worker.connection.reset();
        auto const exchange = std::move(worker.exchange);
        if (auto const done = std::exchange(exchange->done, nullptr)) done(std::move(result));
    }
    --server->busy;
    forget_if_idle(*server);
}

asio::awaitable<HttpResult> HttpClient::Impl::converse(std::shared_ptr<Server> server, Worker& worker) {
    auto& exchange = *worker.exchange;
    DialLimits const dial_limits{limits.connect_within, limits.tls_within};
    worker.connection = take_kept(*server);
    bool kept = worker.connection != nullptr;
    for (;;) {
        if (!kept) {
            worker.connection = new_connection(server);
            auto failed = co_await dial(worker.connection->line, outside, exchange.request.url, dial_limits);
            if (failed) co_return std::unexpected{std::move(*failed)};
        }
        bool may_keep = false;
        auto result = co_await ask(*worker.connection, exchange, may_keep);
        if (may_keep && !stopped)
            keep(*server, worker.connection);
        else
            worker.connection->line->hang_up();
        if (result || !kept || result.error().cause != Cause::lost) co_return result;
        // The server had given the connection up just before we wrote to it.
        if (result.error().may_have_acted && !exchange.request.idempotent) co_return result;
        kept = false;
    }
}

asio::awaitable<HttpResult> HttpClient::Impl::ask(Connection& connection, Exchange& exchange, bool& may_keep) {
    auto& line = *connection.line;
    auto const& request = exchange.request;
    write_head(connection.head, request);
    auto const end = Clock::now() + limits.whole_within;
    line.within(limits.whole_within);
    std::array<asio::const_buffer, 2> const bytes{asio::buffer(connection.head), asio::buffer(request.body)};
    exchange.sent = true; // until the opposite is known
    auto const [error, size] = co_await asio::async_write(line.stream, bytes, tupled);
    // Of a TLS record that was not written whole the other side can read nothing.
    exchange.sent = size > 0;
    if (!error) co_return co_await hear(connection, exchange, end, may_keep);
    auto const where = place(request.url);
    if (line.expired())
        co_return std::unexpected{
            Failure{Cause::timeout, where + " did not take the request" + in_time(limits.whole_within), exchange.sent}};
    if (line.hung_up()) co_return std::unexpected{Failure{Cause::stopped, "we are stopping", exchange.sent}};
    co_return std::unexpected{
        Failure{Cause::lost, where + ": the connection broke while the request was sent", exchange.sent}};
}

asio::awaitable<HttpResult> HttpClient::Impl::hear(Connection& connection, Exchange const& exchange,
                                                   Clock::time_point end, bool& may_keep) {
    auto& line = *connection.line;
    AnswerReader reader{exchange.request.method, limits};
    auto const left = [end] { return std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()); };
    auto const failure = [&](Cause cause, std::string const& what) {
        return std::unexpected{Failure{cause, place(exchange.request.url) + what, true}};
    };
    line.within(std::min(limits.first_byte_within, left()));
    for (;;) {
        auto const room = connection.read.prepare(read_at_once);
        auto const [error, size] = co_await line.stream.async_read_some(room, tupled);
        connection.read.commit(size);
        if (line.expired() && reader.begun())
            co_return failure(Cause::timeout, " did not finish its answer" + in_time(limits.whole_within));
        if (line.expired())
            co_return failure(Cause::timeout, " did not begin to answer" + in_time(limits.first_byte_within));
        if (line.hung_up()) co_return failure(Cause::stopped, ": we are stopping");

        bool const first = !reader.begun();
        auto const state = error ? reader.end() : reader.take(connection.read);
        if (state == AnswerReader::State::whole) {
            may_keep = !error && connection.read.size() == 0 && reader.may_keep_connection();
            co_return reader.release();
        }
        if (!error && state == AnswerReader::State::broken)
            co_return failure(Cause::protocol, ": " + reader.objection());
        if (error && first) co_return failure(Cause::lost, " hung up before it answered");
        if (error) co_return failure(Cause::lost, " hung up in the middle of its answer");
        if (first) line.within(left());
    }
}

HttpClient::HttpClient(asio::io_context& io, Outside& outside, HttpLimits limits)
    : impl_{std::make_shared<Impl>(io, outside, limits)} {}

HttpClient::~HttpClient() {
    impl_->stop();
}

void HttpClient::send(HttpRequest request, std::function<void(HttpResult)> done) {
    impl_->send(std::move(request), std::move(done));
}

void HttpClient::stop() {
    impl_->stop();
}

} // namespace cox::net
