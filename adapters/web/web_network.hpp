#pragma once
// The web channel, whole: a chat network that lives in this process, its API and its page.
#include "adapters/network/network.hpp"
#include "adapters/store/store.hpp"
#include "adapters/web/desk.hpp"

#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace cox::web {

struct WebOptions {
    std::string address = "127.0.0.1"; // an IP address; beyond loopback a token is needed
    unsigned short port = 8080;        // 0: whichever is free
    std::vector<std::string> hosts;    // names by which browsers reach it, besides those of loopback
    std::optional<std::string> token;
};

class WebNetwork {
public:
    // `clock` says what time it is in a channel.
    WebNetwork(boost::asio::io_context&, store::Store&, Desk&, WebOptions, std::function<Time(ChannelId const&)> clock);
    ~WebNetwork();

    // Takes back channels and people of a former run. Once, before anything else.
    void load(store::Found const&);
    // The port it listens on, or what is wrong and what to do.
    std::expected<unsigned short, std::string> listen();

    // Makes the channel unless it is there; answers once it is durable.
    void ensure_channel(std::string const& name, std::function<void(ChannelId)> done = {});
    bool has_channel(std::string const& name) const;
    // Says something as `user`, as if it came through the API. The answer is the message's id or why not.
    void say(std::string channel, std::string user, std::string text, std::string key,
             std::function<void(std::expected<std::string, std::string>)> done = {});

    Network& network();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace cox::web
