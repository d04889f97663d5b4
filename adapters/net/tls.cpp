#include "adapters/net/tls.hpp"

#include "adapters/net/certificate_words.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/verify_context.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <utility>

namespace cox::net {
namespace {

namespace ssl = boost::asio::ssl;

// RSA from 2048 bits, no SHA-1 signatures: OpenSSL's level 2, whatever the system's own configuration says.
constexpr int security_level = 2;
constexpr char const* ciphers = "DEFAULT:!kRSA:@SECLEVEL=2";
constexpr unsigned char http_1_1[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

bool is_address(std::string const& host) {
    boost::system::error_code error;
    boost::asio::ip::make_address(host, error);
    return !error;
}

// OpenSSL's own check and not Asio's ssl::host_name_verification, which takes the common name of a certificate that
// names no host, and wildcards for a part of a label.
bool expect_host(SSL* ssl, std::string const& host) {
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    if (is_address(host)) return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) == 1;
    return SSL_set1_host(ssl, host.c_str()) == 1 && SSL_set_tlsext_host_name(ssl, host.c_str()) == 1;
}

std::string words(boost::system::error_code error) {
    if (error == boost::asio::error::eof || error == ssl::error::stream_truncated)
        return "the server closed the connection during the TLS handshake";
    if (error.category() != boost::asio::error::get_ssl_category()) return error.message();
    switch (ERR_GET_REASON(static_cast<unsigned long>(error.value()))) {
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION: return "the server offers no TLS 1.2 or later";
    case SSL_R_WRONG_VERSION_NUMBER: return "the server does not speak TLS on this port";
    case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE: return "the server offers no cipher that is strong enough";
    case SSL_R_DH_KEY_TOO_SMALL: return "the server's key exchange is too weak";
    case SSL_R_EE_KEY_TOO_SMALL:
    case SSL_R_CA_KEY_TOO_SMALL: return "the key of the certificate is too weak";
    default: return error.message();
    }
}

ssl::context strict_context() {
    ssl::context context{ssl::context::tls_client};
    auto* const native = context.native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS); // 34 KiB less for each connection that is idle
    SSL_CTX_set_security_level(native, security_level);
    SSL_CTX_set_cipher_list(native, ciphers);
    SSL_CTX_set_alpn_protos(native, http_1_1, sizeof http_1_1);
    context.set_verify_mode(ssl::verify_peer);
    return context;
}

} // namespace

std::expected<TlsContext, std::string> tls_context(std::optional<std::filesystem::path> const& extra_ca) {
    if (!extra_ca) return TlsContext{};
    auto context = strict_context();
    boost::system::error_code error;
    context.load_verify_file(extra_ca->string(), error);
    if (error) {
        auto const why = std::filesystem::exists(*extra_ca) ? "it holds no certificate in PEM form" : "there is none";
        return std::unexpected{"the extra CA file " + extra_ca->string() + ": " + why};
    }
    return TlsContext{std::move(context)};
}

std::unique_ptr<TlsStream> tls_stream(TlsContext& with, boost::asio::ip::tcp::socket&& socket,
                                      std::string const& host) {
    boost::system::error_code ignored; // a machine without authorities of its own may still have the extra one
    if (!with.context) with.context = strict_context();
    if (!std::exchange(with.has_authorities, true)) with.context->set_default_verify_paths(ignored);
    auto tls = std::make_unique<TlsStream>(std::move(socket), *with.context);
    // Without the name there is nothing to check against; then no certificate is good.
    auto const checks_host = expect_host(tls->stream.native_handle(), host);
    tls->stream.set_verify_callback(
        [&objection = tls->objection, checks_host, host](bool good, ssl::verify_context& at) {
            if (!checks_host) objection = "its name cannot be checked";
            if (!good) objection = objection_to(at.native_handle(), host);
            return good && checks_host;
        });
    return tls;
}

Failure tls_failure(TlsStream const& tls, boost::system::error_code error) {
    ERR_clear_error();
    if (!tls.objection.empty()) return {Cause::certificate, tls.objection, false};
    return {Cause::tls, words(error), false};
}

} // namespace cox::net
