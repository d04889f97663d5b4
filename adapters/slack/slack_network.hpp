#pragma once
// Slack, whole: a chat network that commands come in from by Socket Mode and that is shown to by the Web API.
#include "adapters/net/outside.hpp"
#include "adapters/net/web_socket.hpp"
#include "adapters/network/desk.hpp"
#include "adapters/network/network.hpp"
#include "adapters/slack/socket_machine.hpp"
#include "adapters/slack/web_api.hpp"

#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cox::slack {

struct SlackOptions {
    std::string api_url = "https://slack.com/api/";    // plain http on loopback only
    int connections = 1;                               // held at the same time: 1 or 2
    bool private_channels = false;                     // the channels it makes
    Duration topic_spacing = std::chrono::seconds{30}; // Slack announces every change of a topic in the channel
    net::OutsideOptions outside;
    // What follows is for tests: nobody need change it.
    net::HttpLimits http;
    SocketMachine::Options connecting; // its places are `connections`
    net::WebSocketLimits socket;
    Duration look_at_tokens_every = std::chrono::seconds{2}; // while those in use are refused
    Duration identify_within = std::chrono::seconds{2};      // Slack waits three for the acknowledgement
};

// The tokens as they are now; asked again when Slack refuses the ones in use. None: they cannot be read.
using TokensNow = std::function<std::optional<Tokens>()>;

class SlackNetwork {
public:
    // The error says what is wrong with the options and what to do.
    static std::expected<std::unique_ptr<SlackNetwork>, std::string> make(boost::asio::io_context&, store::Store&,
                                                                          Desk&, SlackOptions, TokensNow);
    ~SlackNetwork();

    // Takes back what a former run knew. Once, before anything else.
    void load(store::Found const&);
    Network& network();
    // What keeps it from working, in words for an operator; none while all is well.
    std::vector<std::string> troubles() const;

private:
    struct Impl;
    explicit SlackNetwork(std::unique_ptr<Impl>);
    std::unique_ptr<Impl> impl_;
};

} // namespace cox::slack
