#pragma once
// One WebSocket as a client: text frames in and out, over TLS, or plain to loopback only. It pings, notices silence,
// sends each text as one unfragmented frame, and is closed in bounded time whatever the peer does.
#include "adapters/net/failure.hpp"
#include "adapters/net/headers.hpp"
#include "adapters/net/outside.hpp"
#include "adapters/net/url.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace boost::asio {
class io_context;
}

namespace cox::net {

struct WebSocketLimits {
    std::chrono::milliseconds connect_within{3000};
    std::chrono::milliseconds tls_within{3000};
    std::chrono::milliseconds upgrade_within{5000};
    std::chrono::milliseconds ping_every{10000};
    std::chrono::milliseconds dead_after{35000};  // no frame of any kind for so long
    std::chrono::milliseconds close_within{1000}; // then the connection is dropped
    std::size_t longest_message = 1024 * 1024;
};

// What happens to it, on the network thread, never inside open() or send(). Each is called until `closed`, which comes
// exactly once, also when the connection was never made, and is the last.
struct WebSocketEvents {
    std::function<void()> opened;
    std::function<void(std::string text)> text; // binary frames are passed over
    std::function<void(Failure)> closed;        // also after close(): Cause::stopped
};

class WebSocket {
public:
    // `headers` go with the request to upgrade.
    static std::unique_ptr<WebSocket> open(boost::asio::io_context&, Outside&, Url, WebSocketEvents,
                                           WebSocketLimits = {}, Headers headers = {});
    ~WebSocket(); // drops the connection at once, without another event

    // In order; kept until the connection is open. False once it is closing.
    bool send(std::string text);
    // Says goodbye; `closed` follows.
    void close();

private:
    struct Impl;
    explicit WebSocket(std::shared_ptr<Impl>);
    std::shared_ptr<Impl> impl_;
};

} // namespace cox::net
