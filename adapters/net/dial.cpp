#include "adapters/net/dial.hpp"

#include "adapters/net/first_to_answer.hpp"
#include "adapters/net/outside_impl.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <openssl/evp.h>

#include <charconv>

namespace cox::net {
namespace {

namespace asio = boost::asio;
using Came = std::optional<Failure>;

constexpr auto tupled = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t longest_proxy_answer = 16 * 1024;

Failure stopped() {
    return {Cause::stopped, "we are stopping", false};
}

std::string place(std::string const& host, std::uint16_t port) {
    return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + std::to_string(port);
}

std::string base64(std::string const& text) {
    std::string out(4 * ((text.size() + 2) / 3), '\0');
    // It writes a final zero, for which a string has room.
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), reinterpret_cast<unsigned char const*>(text.data()),
                    static_cast<int>(text.size()));
    return out;
}

std::string connect_request(std::string const& target, Proxy const& proxy) {
    auto request = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n";
    if (!proxy.user.empty())
        request += "Proxy-Authorization: Basic " + base64(proxy.user + ":" + proxy.password) + "\r\n";
    return request + "\r\n";
}

// The status of an HTTP answer's first line; 0 when it is none.
int status_of(std::string_view answer) {
    constexpr std::size_t before_status = std::string_view{"HTTP/1.1 "}.size();
    if (!answer.starts_with("HTTP/1.") || answer.size() < before_status + 4) return 0;
    int status = 0;
    auto const* const first = answer.data() + before_status;
    auto const [end, error] = std::from_chars(first, first + 3, status);
    return error == std::errc{} && end == first + 3 && status >= 100 ? status : 0;
}

asio::awaitable<Came> connect(Line& line, std::string host, std::vector<asio::ip::address> addresses,
                              std::uint16_t port, std::chrono::milliseconds limit) {
    auto const race = std::make_shared<FirstToAnswer>(line.stream.get_executor(), std::move(addresses), port);
    line.abandon = [race] { race->abandon(); };
    line.within(limit);
    race->start();
    co_await race->over.async_wait(tupled);
    line.abandon = nullptr;
    if (line.expired())
        co_return Failure{Cause::connect, place(host, port) + " did not answer" + in_time(limit), false};
    if (line.hung_up()) co_return stopped();
    if (!race->connected.is_open()) {
        auto const& at = race->last_tried;
        co_return Failure{Cause::connect,
                          place(host, port) + " at " + at.address().to_string() + ": " + race->last_error.message(),
                          false};
    }
    boost::system::error_code ignored;
    race->connected.set_option(asio::ip::tcp::no_delay{true}, ignored);
    line.stream.carry(std::move(race->connected));
    co_return std::nullopt;
}

asio::awaitable<Came> pass_proxy(Line& line, Proxy const& proxy, std::string target, std::chrono::milliseconds limit) {
    auto const name = "the proxy " + place(proxy.host, proxy.port);
    auto const request = connect_request(target, proxy);
    std::string answer;
    line.within(limit);
    auto const out = asio::buffer(request);
    auto const [not_written, written] = co_await asio::async_write(line.stream.socket(), out, tupled);
    auto in = asio::dynamic_buffer(answer, longest_proxy_answer);
    auto const [not_read, size] = co_await asio::async_read_until(line.stream.socket(), in, "\r\n\r\n", tupled);
    if (line.expired()) co_return Failure{Cause::proxy, name + " did not answer" + in_time(limit), false};
    if (line.hung_up()) co_return stopped();
    if (not_written || not_read) co_return Failure{Cause::proxy, name + " hung up before it answered", false};
    auto const status = status_of(answer);
    if (status == 0) co_return Failure{Cause::proxy, name + " did not answer in HTTP", false};
    if (status != 200) {
        auto reason = name + " answered " + std::to_string(status) + " and did not connect us to " + target;
        if (status == 407) reason += ": it wants a user and a password";
        co_return Failure{Cause::proxy, std::move(reason), false, status};
    }
    // The server is not to speak before we do: somebody else put in a word.
    if (size != answer.size()) co_return Failure{Cause::proxy, name + " sent more than its answer", false};
    co_return std::nullopt;
}

asio::awaitable<Came> shake_hands(Line& line, TlsContext& context, Url const& url, std::chrono::milliseconds limit) {
    auto& tls = line.stream.secure(context, url.host);
    line.within(limit);
    auto const [error] = co_await tls.stream.async_handshake(asio::ssl::stream_base::client, tupled);
    if (line.expired())
        co_return Failure{Cause::tls, place(url) + " did not finish the TLS handshake" + in_time(limit), false};
    if (line.hung_up()) co_return stopped();
    if (!error) co_return std::nullopt;
    auto failure = tls_failure(tls, error);
    failure.reason = place(url) + ": " + failure.reason;
    co_return failure;
}

} // namespace

std::optional<Failure> objection_to(Url const& url, std::string_view scheme, std::string_view secure_scheme) {
    if (url.scheme == secure_scheme) return std::nullopt;
    auto const name = url.scheme + "://" + url.host;
    if (url.scheme != scheme)
        return Failure{Cause::refused_url, name + ": the scheme must be " + std::string{secure_scheme}, false};
    if (is_loopback(url.host)) return std::nullopt;
    return Failure{Cause::refused_url,
                   name + ": not encrypted, which is for this machine itself only; use " + std::string{secure_scheme},
                   false};
}

std::string in_time(std::chrono::milliseconds span) {
    return " within " + std::to_string(span.count()) + " ms";
}

std::string place(Url const& url) {
    return place(url.host, url.port);
}

asio::awaitable<Came> dial(std::shared_ptr<Line> line, std::shared_ptr<Outside::Impl> outside, Url url,
                           DialLimits limits) {
    auto const* const proxy = outside->proxy && !is_loopback(url.host) ? &*outside->proxy : nullptr;
    auto const& host = proxy ? proxy->host : url.host;
    auto const port = proxy ? proxy->port : url.port;

    auto found = co_await outside->names.find(host, line);
    if (line->hung_up()) co_return stopped();
    if (!found) co_return Failure{Cause::name, std::move(found.error()), false};

    auto failed = co_await connect(*line, host, std::move(*found), port, limits.connect_within);
    if (failed) co_return failed;
    boost::system::error_code unknown;
    auto const peer = line->stream.socket().remote_endpoint(unknown);
    if (proxy) {
        failed = co_await pass_proxy(*line, *proxy, place(url), limits.connect_within);
        if (failed) co_return failed;
    }
    if (url.secure()) {
        failed = co_await shake_hands(*line, outside->tls, url, limits.tls_within);
        if (failed) co_return failed;
    }
    line->at_leisure();
    if (!unknown) outside->names.proved(host, peer.address());
    co_return std::nullopt;
}

} // namespace cox::net
