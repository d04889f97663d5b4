#pragma once
// The one place where TLS is made: whom we trust, what we check, and how a refusal is put into words. There is no
// switch that trusts more than this.
#include "adapters/net/failure.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace cox::net {

// A client's side of TLS over one socket.
struct TlsStream {
    TlsStream(boost::asio::ip::tcp::socket&& socket, boost::asio::ssl::context& context)
        : stream{std::move(socket), context} {}
    TlsStream(TlsStream const&) = delete;
    TlsStream& operator=(TlsStream const&) = delete;

    boost::asio::ssl::stream<boost::asio::ip::tcp::socket> stream;
    std::string objection; // what was wrong with the certificate, in words
};

// OpenSSL and the system's authorities take as long to start, and as much memory, as all else: not before somebody asks
// for TLS, or has authorities of his own.
struct TlsContext {
    std::optional<boost::asio::ssl::context> context;
    bool has_authorities = false;
};

// Trusts the system's authorities and those in `extra_ca` (PEM) as well. The error says what is wrong with that file.
std::expected<TlsContext, std::string> tls_context(std::optional<std::filesystem::path> const& extra_ca);

// Ready for the handshake: it will succeed only with a certificate that is valid for exactly this host.
std::unique_ptr<TlsStream> tls_stream(TlsContext&, boost::asio::ip::tcp::socket&&, std::string const& host);

// Why the handshake failed.
Failure tls_failure(TlsStream const&, boost::system::error_code);

} // namespace cox::net
