#pragma once
// HTTP/1.1 requests with keep-alive, over TLS, or plain to loopback only. No redirect is followed. Every request has a
// deadline for each of its stages and for the whole; answers come on the network thread, never inside send().
#include "adapters/net/failure.hpp"
#include "adapters/net/headers.hpp"
#include "adapters/net/outside.hpp"
#include "adapters/net/url.hpp"

#include <chrono>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cox::net {

struct HttpRequest {
    std::string method = "POST";
    Url url;
    Headers headers; // Host, Content-Length, Connection and User-Agent are the client's own
    std::string body;
    // Safe to send twice: tried once more on a new connection when a kept one turns out to be dead. Without it that is
    // done only where surely nothing was read.
    bool idempotent = false;
};

struct HttpResponse {
    int status = 0;
    Headers headers;
    std::string body;
    // The first header of that name, case ignored; "" when there is none.
    std::string_view header(std::string_view name) const;
};

using HttpResult = std::expected<HttpResponse, Failure>;

struct HttpLimits {
    std::chrono::milliseconds connect_within{3000};
    std::chrono::milliseconds tls_within{3000};
    std::chrono::milliseconds first_byte_within{5000};
    std::chrono::milliseconds whole_within{10000}; // from the first byte of the request to the last of the answer
    std::size_t longest_header = 16 * 1024;
    std::size_t longest_body = 4 * 1024 * 1024;
    std::chrono::milliseconds keep_alive{30000}; // an idle connection is dropped after this
    std::size_t connections_per_host = 8;        // further requests wait their turn
};

class HttpClient {
public:
    HttpClient(boost::asio::io_context&, Outside&, HttpLimits = {});
    ~HttpClient(); // stops

    void send(HttpRequest, std::function<void(HttpResult)>);
    // What is under way is answered before this returns, with Cause::stopped; so is whatever is sent later, in its
    // turn.
    void stop();

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

} // namespace cox::net
