#pragma once
// The WebSocket to an application service's proxy: when to connect, when it is dead, and what to make of its goodbye. A
// machine without a socket or a clock. The proxy keeps nothing for us, and forgets what it has written: it only brings
// sooner what /sync brings too, and while there is no proxy /sync alone brings it.
#include "adapters/matrix/proxy_frame.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cox::matrix {

namespace act {
struct OpenProxy {};
struct CloseProxy {};
struct Send {
    std::string frame;
};
struct Take {
    frame::Transaction transaction;
};
struct Pushed { // whether the proxy brings what happens
    bool yes = false;
};
struct Ping { // a frame that the driver dates
    std::int64_t id = 0;
};
struct Report { // for the operator
    bool error = false;
    std::string text;
};
} // namespace act
using ProxyAction =
    std::variant<act::OpenProxy, act::CloseProxy, act::Send, act::Take, act::Pushed, act::Ping, act::Report>;

// How a connection ended.
struct Ended {
    std::string reason;
    int code = 0;          // the close code of a WebSocket, or the HTTP status that stood in its place
    bool upgraded = false; // it was a WebSocket
};

class ProxyMachine {
public:
    using Moment = std::chrono::steady_clock::time_point;
    using Actions = std::vector<ProxyAction>;
    struct Options {
        Duration first_wait = std::chrono::seconds{2};
        Duration longest_wait = std::chrono::minutes{2};
        Duration settled_after = std::chrono::minutes{5}; // then the waits begin anew
        Duration ping_every = std::chrono::seconds{30};
        Duration answer_within = std::chrono::seconds{10};
    };
    explicit ProxyMachine(Options options) : options_{options} {}

    Actions start(Moment now);
    Actions opened(Moment now);
    Actions text(std::string_view frame, Moment now);
    Actions closed(Ended const&, Moment now);
    Actions tick(Moment now);
    std::optional<Moment> wake() const;
    // What a person has to mend; "" while there is nothing. A connection that is only lost is none: /sync listens.
    std::string const& trouble() const { return trouble_; }

private:
    enum class State { off, connecting, open, waiting, replaced };

    Options options_;
    State state_ = State::off;
    Moment wake_{};
    Moment since_{};
    Duration wait_{};
    std::int64_t next_id_ = 1;
    std::int64_t pinged_ = 0; // 0: no answer is awaited
    std::string trouble_;
    std::string said_;
};

} // namespace cox::matrix
