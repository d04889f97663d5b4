#pragma once
// From an address to a connection over which the first byte may be sent: name, connection, proxy, TLS, each with its
// own deadline. Nothing of a request has left when this fails.
#include "adapters/net/failure.hpp"
#include "adapters/net/line.hpp"
#include "adapters/net/outside.hpp"
#include "adapters/net/url.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <string>

namespace cox::net {

// How a coroutine ends that nobody waits for. What is thrown in one is a mistake of ours: it ends the process, which
// starts again, and not one connection that then never ends.
inline constexpr auto rethrown = [](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
};

struct DialLimits {
    std::chrono::milliseconds connect_within;
    std::chrono::milliseconds tls_within;
};

// Plain to this machine itself, and to nobody else. The reason never holds more than scheme and host.
std::optional<Failure> objection_to(Url const&, std::string_view scheme, std::string_view secure_scheme);

// "slack.com:443" and " within 3000 ms", for reasons.
std::string place(Url const&);
std::string in_time(std::chrono::milliseconds);

boost::asio::awaitable<std::optional<Failure>> dial(std::shared_ptr<Line>, std::shared_ptr<Outside::Impl>, Url,
                                                    DialLimits);

} // namespace cox::net
