#include "adapters/net/web_socket.hpp"

#include "adapters/net/dial.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <deque>
#include <optional>

namespace cox::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;

constexpr auto tupled = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t most_bytes_queued = 4 * 1024 * 1024;

bool broke_rules(boost::system::error_code error) {
    static auto const& rules = make_error_code(websocket::error::bad_opcode).category();
    static auto const& http_rules = make_error_code(http::error::bad_version).category();
    if (error == http::error::end_of_stream || error == http::error::partial_message) return false;
    return error.category() == rules || error.category() == http_rules;
}

} // namespace

struct WebSocket::Impl : std::enable_shared_from_this<Impl> {
    Impl(asio::io_context& context, Outside& world, Url address, WebSocketEvents calls, WebSocketLimits const& given,
         Headers more)
        : outside{world.impl()}, url{std::move(address)}, events{std::move(calls)}, limits{given},
          headers{std::move(more)}, line{std::make_shared<Line>(context.get_executor())}, socket{line->stream},
          ping_timer{context} {}

    asio::awaitable<void> run(std::shared_ptr<Impl>); // itself: it may be let go at any time
    asio::awaitable<std::optional<Failure>> connect();
    asio::awaitable<Failure> read();
    void finish(Failure);

    bool send(std::string);
    void write_next();
    void ping_later();
    void close();
    void say_goodbye();
    void heard();
    Failure failure_of(boost::system::error_code) const;

    std::shared_ptr<Outside::Impl> outside;
    Url url;
    WebSocketEvents events;
    WebSocketLimits limits;
    Headers headers;
    std::shared_ptr<Line> line;
    websocket::stream<Stream&, false> socket; // no compression: Slack does not need it
    asio::steady_timer ping_timer;
    std::deque<std::string> queue;
    std::size_t queued_bytes = 0;
    bool open = false;
    bool writing = false;
    bool pinging = false;
    bool closing = false;
    bool forsaken = false;     // nobody wants to hear of it any more
    std::string our_objection; // why we hung up ourselves
};

asio::awaitable<void> WebSocket::Impl::run(std::shared_ptr<Impl>) {
    auto failure = co_await connect();
    if (!failure) {
        open = true;
        heard();
        ping_later();
        if (events.opened && !forsaken) events.opened();
        // Unless that has begun to write or to close already.
        if (!writing && !closing) write_next();
        failure = co_await read();
    }
    finish(std::move(*failure));
}

asio::awaitable<std::optional<Failure>> WebSocket::Impl::connect() {
    auto refused = objection_to(url, "ws", "wss");
    if (refused) co_return refused;
    DialLimits const dial_limits{limits.connect_within, limits.tls_within};
    auto failed = co_await dial(line, outside, url, dial_limits);
    if (failed) co_return failed;

    // Slack does not put the parts of a message together again.
    socket.auto_fragment(false);
    socket.text(true);
    socket.read_message_max(limits.longest_message);
    socket.set_option(websocket::stream_base::decorator([this](websocket::request_type& request) {
        request.set(http::field::user_agent, "Coxswain");
        for (auto const& [name, value] : headers)
            request.set(name, value);
    }));
    socket.control_callback([this](websocket::frame_type, beast::string_view) { heard(); });

    bool const usual_port = url.port == (url.secure() ? 443 : 80);
    auto host = place(url);
    if (usual_port) host.resize(host.rfind(':'));
    websocket::response_type answer;
    line->within(limits.upgrade_within);
    auto const [error] = co_await socket.async_handshake(answer, host, url.target, tupled);
    if (!error) co_return std::nullopt;
    if (line->expired())
        co_return Failure{Cause::timeout, place(url) + " did not upgrade" + in_time(limits.upgrade_within), false};
    if (error != websocket::error::upgrade_declined) co_return failure_of(error);
    auto const status = static_cast<int>(answer.result_int());
    co_return Failure{Cause::upgrade, place(url) + " answered " + std::to_string(status) + " instead of a WebSocket",
                      false, status};
}

asio::awaitable<Failure> WebSocket::Impl::read() {
    for (;;) {
        std::string text;
        auto into = asio::dynamic_buffer(text);
        auto const [error, size] = co_await socket.async_read(into, tupled);
        if (error) co_return failure_of(error);
        heard();
        if (socket.got_text() && events.text && !forsaken) events.text(std::move(text));
    }
}

void WebSocket::Impl::finish(Failure failure) {
    open = false;
    line->hang_up();
    ping_timer.cancel();
    if (closing) failure = {Cause::stopped, "closed by us", true};
    closing = true;
    // What they hold is let go with them, and they may let go of this socket.
    auto const last = std::move(events);
    if (last.closed && !forsaken) last.closed(std::move(failure));
}

Failure WebSocket::Impl::failure_of(boost::system::error_code error) const {
    auto const where = place(url);
    if (line->expired())
        return {Cause::lost, where + ": nothing was heard for " + std::to_string(limits.dead_after.count()) + " ms",
                true};
    if (!our_objection.empty()) return {Cause::lost, where + ": " + our_objection, true};
    if (error == websocket::error::closed) {
        auto const code = socket.reason().code;
        return {Cause::lost, where + " closed the WebSocket (code " + std::to_string(code) + ")", true, code};
    }
    if (broke_rules(error)) return {Cause::protocol, where + " broke the protocol: " + error.message(), true};
    return {Cause::lost, where + ": the connection was lost: " + error.message(), true};
}

// Any frame is a sign of life; while it is being closed the deadline is another one.
void WebSocket::Impl::heard() {
    if (!closing) line->within(limits.dead_after);
}

bool WebSocket::Impl::send(std::string text) {
    if (closing) return false;
    queued_bytes += text.size();
    queue.push_back(std::move(text));
    if (queued_bytes > most_bytes_queued) {
        our_objection = "the server does not take what it is sent";
        line->hang_up();
        return true;
    }
    if (open && !writing) write_next();
    return true;
}

// One after the other: Beast takes one message at a time.
void WebSocket::Impl::write_next() {
    if (queue.empty() || line->hung_up()) return;
    writing = true;
    socket.async_write(asio::buffer(queue.front()),
                       [self = shared_from_this()](boost::system::error_code error, std::size_t) {
                           self->writing = false;
                           self->queued_bytes -= self->queue.front().size();
                           self->queue.pop_front();
                           // Whoever reads finds the connection broken, too.
                           if (error) return self->line->hang_up();
                           if (self->closing && self->queue.empty()) return self->say_goodbye();
                           self->write_next();
                       });
}

void WebSocket::Impl::ping_later() {
    ping_timer.expires_after(limits.ping_every);
    ping_timer.async_wait([weak = weak_from_this()](boost::system::error_code error) {
        auto const self = weak.lock();
        if (error || !self || self->closing) return;
        if (!self->pinging) {
            self->pinging = true;
            self->socket.async_ping({}, [self](boost::system::error_code) { self->pinging = false; });
        }
        self->ping_later();
    });
}

// What was promised to be sent is sent, then goodbye is said, all within the time for closing.
void WebSocket::Impl::close() {
    if (closing) return;
    closing = true;
    if (!open) return line->hang_up();
    line->within(limits.close_within);
    if (writing) return;
    if (queue.empty())
        say_goodbye();
    else
        write_next();
}

void WebSocket::Impl::say_goodbye() {
    socket.async_close(websocket::close_code::normal,
                       [self = shared_from_this()](boost::system::error_code) { self->line->hang_up(); });
}

std::unique_ptr<WebSocket> WebSocket::open(asio::io_context& io, Outside& outside, Url url, WebSocketEvents events,
                                           WebSocketLimits limits, Headers headers) {
    auto impl = std::make_shared<Impl>(io, outside, std::move(url), std::move(events), limits, std::move(headers));
    asio::post(io, [&io, impl] { asio::co_spawn(io, impl->run(impl), asio::detached); });
    return std::unique_ptr<WebSocket>{new WebSocket{std::move(impl)}};
}

WebSocket::WebSocket(std::shared_ptr<Impl> impl) : impl_{std::move(impl)} {}

WebSocket::~WebSocket() {
    impl_->forsaken = true;
    impl_->closing = true;
    impl_->line->hang_up();
    impl_->ping_timer.cancel();
}

bool WebSocket::send(std::string text) {
    return impl_->send(std::move(text));
}

void WebSocket::close() {
    impl_->close();
}

} // namespace cox::net
