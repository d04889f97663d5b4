#include "bad_peer.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>

#include <set>
#include <stdexcept>

namespace cox::testing {
namespace {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using asio::ip::tcp;

std::string header_of(std::string const& head, std::string const& name) {
    auto const at = head.find("\r\n" + name + ": ");
    if (at == std::string::npos) return {};
    auto const from = at + name.size() + 4;
    return head.substr(from, head.find("\r\n", from) - from);
}

// RFC 6455, section 4.2.2.
std::string accept_of(std::string const& key) {
    auto const text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    unsigned char digest[SHA_DIGEST_LENGTH];
    SHA1(reinterpret_cast<unsigned char const*>(text.data()), text.size(), digest);
    std::string out(28, '\0');
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), digest, sizeof digest);
    return out;
}

// The first frame of a client in `bytes`, taken off; nothing while it is not whole.
std::optional<Frame> take_frame(std::string& bytes) {
    auto const byte = [&](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
    if (bytes.size() < 2) return std::nullopt;
    std::size_t size = byte(1) & 0x7f;
    std::size_t at = 2;
    std::size_t const length_bytes = size == 126 ? 2 : size == 127 ? 8 : 0;
    if (bytes.size() < at + length_bytes + 4) return std::nullopt;
    if (length_bytes > 0) size = 0;
    for (std::size_t i = 0; i < length_bytes; ++i)
        size = size << 8 | byte(at++);
    std::size_t const mask = at;
    at += 4;
    if (bytes.size() < at + size) return std::nullopt;
    Frame frame{(byte(0) & 0x80) != 0, byte(0) & 0x0f, {}};
    for (std::size_t i = 0; i < size; ++i)
        frame.payload += static_cast<char>(byte(at + i) ^ byte(mask + i % 4));
    bytes.erase(0, at + size);
    return frame;
}

} // namespace

struct BadPeer::Impl : std::enable_shared_from_this<Impl> {
    struct Session {
        explicit Session(tcp::socket accepted) : socket{std::move(accepted)}, pause{socket.get_executor()} {}

        tcp::socket socket;
        std::optional<ssl::context> context;
        std::optional<ssl::stream<tcp::socket&>> tls;
        asio::steady_timer pause;
        std::string unread;
    };

    Impl(asio::io_context& io, std::vector<Script> the_scripts, tcp::endpoint const& at)
        : acceptor{io, at}, scripts{std::move(the_scripts)} {}

    asio::awaitable<void> accept(std::shared_ptr<Impl>); // itself, which may be let go before this begins
    asio::awaitable<void> play(std::shared_ptr<Session>, Script);
    asio::awaitable<void> read_more(Session&);
    asio::awaitable<void> write(Session&, std::string);
    asio::awaitable<std::string> head(Session&);

    asio::awaitable<void> act(Session&, step::StartTls const&);
    asio::awaitable<void> act(Session&, step::HearHead const&);
    asio::awaitable<void> act(Session&, step::HearFrame const&);
    asio::awaitable<void> act(Session&, step::Upgrade const&);
    asio::awaitable<void> act(Session&, step::Say const&);
    asio::awaitable<void> act(Session&, step::Drip const&);
    asio::awaitable<void> act(Session&, step::Reset const&);
    asio::awaitable<void> act(Session&, step::HangUp const&);
    asio::awaitable<void> act(Session&, step::Silence const&);
    asio::awaitable<void> act(Session&, step::Drain const&);

    tcp::acceptor acceptor;
    std::vector<Script> scripts;
    std::set<Session*> sessions;
    int accepted = 0;
    int ended = 0;
    std::vector<std::string> requests;
    std::vector<Frame> frames;
    std::string server_name;
};

asio::awaitable<void> BadPeer::Impl::accept(std::shared_ptr<Impl>) {
    for (;;) {
        auto [error, socket] = co_await acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
        if (error) co_return;
        auto const script = scripts[std::min(static_cast<std::size_t>(accepted), scripts.size() - 1)];
        ++accepted;
        asio::co_spawn(acceptor.get_executor(), play(std::make_shared<Session>(std::move(socket)), script),
                       asio::detached);
    }
}

asio::awaitable<void> BadPeer::Impl::play(std::shared_ptr<Session> session, Script script) {
    auto const self = shared_from_this();
    sessions.insert(session.get());
    try {
        for (auto const& each : script) {
            auto doing = std::visit([&](auto const& one) { return act(*session, one); }, each);
            co_await std::move(doing);
        }
    } catch (boost::system::system_error const&) {
        // The other side did not play along, which is what many scripts are for.
    }
    sessions.erase(session.get());
    ++ended;
}

asio::awaitable<void> BadPeer::Impl::read_more(Session& session) {
    char room[16 * 1024];
    auto const buffer = asio::buffer(room);
    std::size_t size = 0;
    if (session.tls)
        size = co_await session.tls->async_read_some(buffer, asio::use_awaitable);
    else
        size = co_await session.socket.async_read_some(buffer, asio::use_awaitable);
    session.unread.append(room, size);
}

asio::awaitable<void> BadPeer::Impl::write(Session& session, std::string bytes) {
    auto const buffer = asio::buffer(bytes);
    if (session.tls)
        co_await asio::async_write(*session.tls, buffer, asio::use_awaitable);
    else
        co_await asio::async_write(session.socket, buffer, asio::use_awaitable);
}

asio::awaitable<std::string> BadPeer::Impl::head(Session& session) {
    while (session.unread.find("\r\n\r\n") == std::string::npos) {
        co_await read_more(session);
    }
    auto const end = session.unread.find("\r\n\r\n") + 4;
    auto request = session.unread.substr(0, end);
    auto const length = header_of(request, "Content-Length");
    auto const whole = end + (length.empty() ? 0 : std::stoul(length));
    while (session.unread.size() < whole) {
        co_await read_more(session);
    }
    request = session.unread.substr(0, whole);
    session.unread.erase(0, whole);
    co_return request;
}

asio::awaitable<void> BadPeer::Impl::act(Session& session, step::StartTls const& how) {
    session.context.emplace(ssl::context::tls_server);
    auto* const native = session.context->native_handle();
    // Lower than any server of today, so that it can offer what must be refused.
    SSL_CTX_set_security_level(native, 0);
    SSL_CTX_set_cipher_list(native, "ALL:@SECLEVEL=0");
    SSL_CTX_set_min_proto_version(native, how.lowest_version);
    SSL_CTX_set_max_proto_version(native, how.highest_version);
    SSL_CTX_use_certificate(native, how.certificate.certificate.get());
    SSL_CTX_use_PrivateKey(native, how.certificate.key.get());
    for (auto const& each : how.certificate.chain)
        SSL_CTX_add1_chain_cert(native, each.get());
    session.tls.emplace(session.socket, *session.context);
    co_await session.tls->async_handshake(ssl::stream_base::server, asio::use_awaitable);
    auto const* const name = SSL_get_servername(session.tls->native_handle(), TLSEXT_NAMETYPE_host_name);
    server_name = name ? name : "";
}

asio::awaitable<void> BadPeer::Impl::act(Session& session, step::HearHead const&) {
    auto request = co_await head(session);
    requests.push_back(std::move(request));
}

asio::awaitable<void> BadPeer::Impl::act(Session& session, step::HearFrame const&) {
    for (;;) {
        auto frame = take_frame(session.unread);
        if (frame) {
            frames.push_back(std::move(*frame));
            co_return;
        }
        co_await read_more(session);
    }
}

asio::awaitable<void> BadPeer::Impl::act(Session& session, step::Upgrade const&) {
    auto request = co_await head(session);
    auto answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  "Sec-WebSocket-Accept: " +
                  accept_of(header_of(request, "Sec-WebSocket-Key")) + "\r\n\r\n";
    requests.push_back(std::move(request));
    co_await write(session, std::move(answer));
}

asio::awaitable<void> BadPeer::Impl::act(Session& session, step::Say const& what) {
    co_await write(session, what.bytes);
}

asio::awaitable<void> BadPeer::Impl::act(Session& session, step::Drip const& what) {
    for (std::size_t at = 0;; at = (at + 1) % what.bytes.size()) {
        co_await write(session, what.bytes.substr(at, 1));
        session.pause.expires_after(what.every);
        co_await session.pause.async_wait(asio::use_awaitable);
    }
}

asio::awaitable<void> BadPeer::Impl::act(Session& session, step::Reset const&) {
    session.socket.set_option(asio::socket_base::linger{true, 0});
    session.socket.close();
    co_return;
}

asio::awaitable<void> BadPeer::Impl::act(Session& session, step::HangUp const&) {
    session.socket.shutdown(tcp::socket::shutdown_both);
    session.socket.close();
    co_return;
}

asio::awaitable<void> BadPeer::Impl::act(Session& session, step::Silence const&) {
    session.pause.expires_at(std::chrono::steady_clock::time_point::max());
    co_await session.pause.async_wait(asio::use_awaitable);
}

asio::awaitable<void> BadPeer::Impl::act(Session& session, step::Drain const&) {
    for (;;) {
        session.unread.clear();
        co_await read_more(session);
    }
}

BadPeer::BadPeer(asio::io_context& io, std::vector<Script> scripts, std::string const& address, std::uint16_t port)
    : impl_{std::make_shared<Impl>(io, std::move(scripts), tcp::endpoint{asio::ip::make_address(address), port})} {
    asio::co_spawn(io, impl_->accept(impl_), asio::detached);
}

BadPeer::~BadPeer() {
    boost::system::error_code ignored;
    impl_->acceptor.close(ignored);
    for (auto* session : impl_->sessions) {
        session->socket.close(ignored);
        session->pause.cancel();
    }
}

std::uint16_t BadPeer::port() const {
    return impl_->acceptor.local_endpoint().port();
}
int BadPeer::accepted() const {
    return impl_->accepted;
}
int BadPeer::ended() const {
    return impl_->ended;
}
std::vector<std::string> const& BadPeer::requests() const {
    return impl_->requests;
}
std::vector<Frame> const& BadPeer::frames() const {
    return impl_->frames;
}
std::string const& BadPeer::server_name() const {
    return impl_->server_name;
}

std::string bytes_of(Frame const& frame) {
    std::string out;
    out += static_cast<char>((frame.last ? 0x80 : 0) | frame.opcode);
    auto const size = frame.payload.size();
    if (size < 126) {
        out += static_cast<char>(size);
    } else if (size < 65536) {
        out += static_cast<char>(126);
        out += static_cast<char>(size >> 8);
        out += static_cast<char>(size & 0xff);
    } else {
        out += static_cast<char>(127);
        for (int shift = 56; shift >= 0; shift -= 8)
            out += static_cast<char>(size >> shift & 0xff);
    }
    return out + frame.payload;
}

std::string http_answer(int status, std::string const& body, std::string const& more_headers) {
    return "HTTP/1.1 " + std::to_string(status) + " Whatever\r\n" + more_headers +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

} // namespace cox::testing
