#pragma once
// Machines outside that are told what happened: an HTTP POST of JSON for each effect::CallHook. It owns the queues
// whose names begin with "hook:"; what is in one goes in its order. The request and how it is signed: config/README.md.
#include "adapters/net/http_client.hpp"
#include "adapters/net/outside.hpp"
#include "adapters/network/desk.hpp"
#include "adapters/network/network.hpp"

#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace cox::hook {

struct HookOptions {
    net::OutsideOptions outside;
    net::HttpLimits http;
};

// What calls are signed with, as it is now; "" where they are not signed. None: it cannot be read.
using SecretNow = std::function<std::optional<std::string>()>;

class HookNetwork {
public:
    // The error says what is wrong with the options and what to do.
    static std::expected<std::unique_ptr<HookNetwork>, std::string> make(boost::asio::io_context&, store::Store&, Desk&,
                                                                         HookOptions, SecretNow);
    ~HookNetwork();

    // Takes back what a former run knew. Once, before anything else.
    void load(store::Found const&);
    Network& network();

private:
    struct Impl;
    explicit HookNetwork(std::unique_ptr<Impl>);
    std::unique_ptr<Impl> impl_;
};

} // namespace cox::hook
