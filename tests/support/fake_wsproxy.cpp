#include "fake_wsproxy.hpp"

#include "fake_slack/frame.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <array>
#include <future>
#include <thread>

namespace cox::test {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using fake_slack::close_bytes;
using fake_slack::Frame;
using fake_slack::frame_bytes;
using fake_slack::FrameReader;
using fake_slack::Opcode;
using nlohmann::json;

constexpr auto tupled = asio::as_tuple(asio::use_awaitable);
constexpr std::string_view path = "/_matrix/client/unstable/fi.mau.as_sync";
constexpr std::uint16_t replaced = 4001;

std::string refusal(std::string_view status, std::string_view errcode) {
    auto const body = json{{"errcode", errcode}, {"error", "no"}}.dump();
    return "HTTP/1.1 " + std::string{status} +
           "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

// One WebSocket of the bot.
struct Line {
    explicit Line(tcp::socket accepted) : socket{std::move(accepted)} {}

    tcp::socket socket;
    FrameReader frames;
    std::string waiting;
    bool writing = false;
    bool closing = false;
};

asio::awaitable<void> write(std::shared_ptr<Line> line) {
    while (!line->waiting.empty()) {
        auto const out = std::exchange(line->waiting, {});
        auto const bytes = asio::buffer(out);
        auto const [failed, size] = co_await asio::async_write(line->socket, bytes, tupled);
        if (failed) break;
    }
    line->writing = false;
}

void send(std::shared_ptr<Line> const& line, std::string const& bytes) {
    line->waiting += bytes;
    if (std::exchange(line->writing, true)) return;
    asio::co_spawn(line->socket.get_executor(), write(line), asio::detached);
}

void send_json(std::shared_ptr<Line> const& line, json const& value) {
    send(line, frame_bytes(Opcode::text, value.dump() + "\n"));
}

} // namespace

struct FakeWsproxy::Impl {
    explicit Impl(std::string as_token) : token{std::move(as_token)} {
        asio::co_spawn(io, accept(*this), asio::detached);
        thread = std::thread{[this] { io.run(); }};
    }
    ~Impl() {
        io.stop();
        thread.join();
    }

    static asio::awaitable<void> accept(Impl&);
    static asio::awaitable<void> serve(Impl&, std::shared_ptr<Line>);
    // What is answered in place of the WebSocket; "" where it is let in.
    std::string objection(http::request<http::string_body> const&) const;
    void greet(std::shared_ptr<Line> const&, http::request<http::string_body> const&);
    void take(std::shared_ptr<Line> const&, Frame const&);
    void take(std::shared_ptr<Line> const&, json const&);

    template <class Does>
    auto inside(Does does) {
        std::packaged_task<decltype(does())()> task{std::move(does)};
        auto answer = task.get_future();
        asio::post(io, [&task] { task(); });
        return answer.get();
    }
    // To whom it speaks at present.
    template <class Does>
    bool to_line(Does does) {
        return inside([&] {
            if (!line || line->closing) return false;
            does(line);
            return true;
        });
    }

    asio::io_context io{1};
    tcp::acceptor acceptor{io, tcp::endpoint{asio::ip::address_v4::loopback(), 0}};
    std::string address = "ws://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port());
    std::string token;
    std::shared_ptr<Line> line;
    int connections_ever = 0;
    int refused = 0;
    std::vector<std::string> asked;
    std::vector<json> heard;
    int pings = 0;
    int pongs = 0;
    bool answers_pings = true;
    bool there = true;
    std::thread thread;
};

asio::awaitable<void> FakeWsproxy::Impl::accept(Impl& self) {
    while (true) {
        auto [failed, socket] = co_await self.acceptor.async_accept(tupled);
        if (failed) co_return;
        auto serving = serve(self, std::make_shared<Line>(std::move(socket)));
        asio::co_spawn(self.io, std::move(serving), asio::detached);
    }
}

asio::awaitable<void> FakeWsproxy::Impl::serve(Impl& self, std::shared_ptr<Line> line) {
    beast::flat_buffer buffer;
    http::request_parser<http::string_body> parser;
    auto const [broken, head_size] = co_await http::async_read(line->socket, buffer, parser, tupled);
    if (broken) co_return;
    auto const request = parser.release();
    self.asked.emplace_back(request.target());
    if (auto const answer = self.objection(request); !answer.empty()) {
        ++self.refused;
        send(line, answer);
        co_return;
    }
    self.greet(line, request);
    line->frames.feed(beast::buffers_to_string(buffer.data()));
    std::array<char, 16 * 1024> room;
    while (true) {
        while (auto const frame = line->frames.next())
            self.take(line, *frame);
        auto const into = asio::buffer(room);
        auto const [failed, size] = co_await line->socket.async_read_some(into, tupled);
        if (failed) break;
        line->frames.feed({room.data(), size});
    }
    boost::system::error_code ignored;
    line->socket.close(ignored);
    if (self.line == line) self.line.reset();
}

std::string FakeWsproxy::Impl::objection(http::request<http::string_body> const& request) const {
    auto const given = request[http::field::authorization];
    if (!there) return refusal("503 Service Unavailable", "M_UNKNOWN");
    if (!beast::websocket::is_upgrade(request) || request.target() != path)
        return refusal("404 Not Found", "M_NOT_FOUND");
    if (given.empty()) return refusal("403 Forbidden", "M_MISSING_TOKEN");
    if (given != "Bearer " + token) return refusal("403 Forbidden", "M_UNKNOWN_TOKEN");
    return {};
}

void FakeWsproxy::Impl::greet(std::shared_ptr<Line> const& came, http::request<http::string_body> const& request) {
    auto const key = std::string{request[http::field::sec_websocket_key]};
    send(came, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
               "Sec-WebSocket-Accept: " +
                   fake_slack::accept_key(key) + "\r\n\r\n");
    if (line) send(line, close_bytes(replaced, R"({"command": "disconnect", "status": "conn_replaced"})"));
    line = came;
    ++connections_ever;
    send_json(line, {{"status", "connected"}});
}

void FakeWsproxy::Impl::take(std::shared_ptr<Line> const& from, Frame const& frame) {
    switch (frame.opcode) {
    case Opcode::text: {
        auto const said = json::parse(frame.payload, nullptr, false);
        // It hangs up on whoever speaks no JSON, without a goodbye.
        if (!said.is_object()) return from->socket.close();
        return take(from, said);
    }
    case Opcode::ping: return send(from, frame_bytes(Opcode::pong, frame.payload));
    case Opcode::pong: ++pongs; return;
    case Opcode::close:
        if (!from->closing) send(from, frame_bytes(Opcode::close, frame.payload));
        from->closing = true;
        return;
    case Opcode::binary:
    case Opcode::continuation: return;
    }
}

void FakeWsproxy::Impl::take(std::shared_ptr<Line> const& from, json const& said) {
    heard.push_back(said);
    auto const command = said.value("command", "");
    if (command == "response") return;
    if (command != "ping") {
        return send_json(
            from,
            {{"id", said.value("id", 0)}, {"command", "error"}, {"data", {{"message", "unknown command " + command}}}});
    }
    ++pings;
    if (!answers_pings) return;
    send_json(from, {{"id", said.value("id", 0)}, {"command", "response"}, {"data", said.value("data", json{})}});
}

FakeWsproxy::FakeWsproxy(std::string as_token) : impl_{std::make_unique<Impl>(std::move(as_token))} {}
FakeWsproxy::~FakeWsproxy() = default;

std::string const& FakeWsproxy::address() const {
    return impl_->address;
}
bool FakeWsproxy::is_connected() const {
    return impl_->inside([this] { return impl_->line && !impl_->line->closing; });
}
int FakeWsproxy::connections_ever() const {
    return impl_->inside([this] { return impl_->connections_ever; });
}
int FakeWsproxy::refused() const {
    return impl_->inside([this] { return impl_->refused; });
}
std::vector<std::string> FakeWsproxy::asked() const {
    return impl_->inside([this] { return impl_->asked; });
}
std::vector<json> FakeWsproxy::heard() const {
    return impl_->inside([this] { return impl_->heard; });
}
int FakeWsproxy::pings() const {
    return impl_->inside([this] { return impl_->pings; });
}
int FakeWsproxy::pongs() const {
    return impl_->inside([this] { return impl_->pongs; });
}

bool FakeWsproxy::say(std::string_view text) {
    return impl_->to_line([&](auto const& line) { send(line, frame_bytes(Opcode::text, text)); });
}

bool FakeWsproxy::say_binary(std::string_view bytes) {
    return impl_->to_line([&](auto const& line) { send(line, frame_bytes(Opcode::binary, bytes)); });
}

bool FakeWsproxy::transaction(std::string_view txn, json events, std::int64_t id) {
    json frame{{"status", "ok"}, {"txn_id", txn}, {"events", std::move(events)}};
    if (id != 0) {
        frame["id"] = id;
        frame["command"] = "transaction";
    }
    return say(frame.dump() + "\n");
}

bool FakeWsproxy::ping() {
    return impl_->to_line([](auto const& line) { send(line, frame_bytes(Opcode::ping, "")); });
}

bool FakeWsproxy::close(std::uint16_t code, std::string_view reason) {
    return impl_->to_line([&](auto const& line) {
        send(line, close_bytes(code, reason));
        line->closing = true;
    });
}

bool FakeWsproxy::reset() {
    return impl_->to_line([](auto const& line) {
        boost::system::error_code ignored;
        line->socket.set_option(asio::socket_base::linger{true, 0}, ignored);
        line->socket.close(ignored);
    });
}

void FakeWsproxy::accept_token(std::string token) {
    impl_->inside([&] { impl_->token = std::move(token); });
}
void FakeWsproxy::answer_pings(bool yes) {
    impl_->inside([&] { impl_->answers_pings = yes; });
}
void FakeWsproxy::be_there(bool yes) {
    impl_->inside([&] { impl_->there = yes; });
}

} // namespace cox::test
