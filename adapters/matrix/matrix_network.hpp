#pragma once
// Matrix, whole: a chat network that commands come in from by /sync and that is shown to by the client-server API.
#include "adapters/matrix/admission.hpp"
#include "adapters/matrix/api.hpp"
#include "adapters/matrix/session.hpp"
#include "adapters/net/outside.hpp"
#include "adapters/network/desk.hpp"
#include "adapters/network/network.hpp"

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cox::matrix {

struct MatrixOptions {
    std::string homeserver; // "https://matrix.example.org", or a server's name whose .well-known is asked
    std::string websocket;  // an application service's proxy, "wss://wsproxy.example.org"; "" without
    std::string user;       // "coxswain" or "@coxswain:example.org": for a password
    std::string device = "COXSWAIN";
    bool federate = false;     // the rooms it makes can be joined from other homeservers
    bool public_rooms = false; // anybody on the homeserver may join those
    Admission admission;
    Duration topic_spacing = std::chrono::seconds{30};
    net::OutsideOptions outside;
    // What follows is for tests: nobody need change it.
    Duration poll_for = std::chrono::seconds{30};
    Duration listen_after = std::chrono::minutes{2}; // of silence: is it that nobody speaks?
    Duration first_retry = std::chrono::seconds{1};
    Duration longest_retry = std::chrono::minutes{1};
    Duration read_room_for = std::chrono::minutes{1};         // that cannot be read, while others can
    Duration look_at_secrets_every = std::chrono::seconds{2}; // while those in use are refused
    Api::Options api = Api::default_options();
};

class MatrixNetwork {
public:
    // The error says what is wrong with the options and what to do.
    static std::expected<std::unique_ptr<MatrixNetwork>, std::string> make(boost::asio::io_context&, store::Store&,
                                                                           Desk&, MatrixOptions, SecretsNow);
    ~MatrixNetwork();

    // Takes back what a former run knew. Once, before anything else.
    void load(store::Found const&);
    Network& network();
    // What keeps it from working, in words for an operator; none while all is well.
    std::vector<std::string> troubles() const;

private:
    struct Impl;
    explicit MatrixNetwork(std::unique_ptr<Impl>);
    std::unique_ptr<Impl> impl_;
};

} // namespace cox::matrix
