#pragma once
// What every connection to the outside is made with: how names are looked up, whom we trust, the proxy in between.
// One per chat network, so that a resolver that hangs for one does not block the other.
#include "adapters/net/url.hpp"

#include <chrono>
#include <expected>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace cox::net {

struct Proxy {
    std::string host;
    std::uint16_t port = 0;
    std::string user; // "" without
    std::string password;
};
// "http://user:password@proxy.example:3128", the user information percent-encoded.
std::expected<Proxy, std::string> parse_proxy(std::string_view);

struct OutsideOptions {
    std::optional<Proxy> proxy;                      // not used for loopback
    std::optional<std::filesystem::path> extra_ca;   // PEM; only adds to the system's
    std::optional<std::filesystem::path> name_cache; // where the last good addresses are kept
    std::chrono::milliseconds name_within{5000};     // then the last good address is taken
    // Looks a name up; blocks. The system's by default; tests put their own in.
    std::function<std::vector<std::string>(std::string const& host)> look_up;
};

// Shared by the HTTP client and the WebSockets of a network; it must outlive them.
class Outside {
public:
    // The error says what is wrong with the options (an extra CA file that cannot be read).
    static std::expected<std::unique_ptr<Outside>, std::string> make(boost::asio::io_context&, OutsideOptions);
    ~Outside();

    struct Impl;
    std::shared_ptr<Impl> const& impl() { return impl_; }

private:
    explicit Outside(std::shared_ptr<Impl>);
    std::shared_ptr<Impl> impl_;
};

} // namespace cox::net
