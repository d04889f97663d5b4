#pragma once
// A server on loopback that does exactly what its script says, so that it can misbehave in every way: one script for
// each connection, the last one for all that follow. It lives on the io_context of those it torments.
#include "certificates.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cox::testing {

namespace step {
struct StartTls {
    Certificate certificate;
    int lowest_version = 0; // OpenSSL's numbers; 0: any
    int highest_version = 0;
};
struct HearHead {};  // up to the empty line, and the body if the head says how long it is
struct HearFrame {}; // one frame of a WebSocket
struct Upgrade {};   // hears a WebSocket's request and says yes
struct Say {
    std::string bytes;
};
struct Drip { // the bytes again and again, one at a time, for ever
    std::string bytes;
    std::chrono::milliseconds every;
};
struct Reset {};   // RST
struct HangUp {};  // FIN
struct Silence {}; // stays, reads nothing, says nothing
struct Drain {};   // reads until the other side hangs up
} // namespace step
using Step = std::variant<step::StartTls, step::HearHead, step::HearFrame, step::Upgrade, step::Say, step::Drip,
                          step::Reset, step::HangUp, step::Silence, step::Drain>;
using Script = std::vector<Step>;

struct Frame {
    bool last = true;
    int opcode = 1;
    std::string payload;
};
inline constexpr int text_opcode = 1, binary_opcode = 2, close_opcode = 8, ping_opcode = 9, pong_opcode = 10;
// As a server sends it.
std::string bytes_of(Frame const&);

std::string http_answer(int status, std::string const& body, std::string const& more_headers = "");

class BadPeer {
public:
    BadPeer(boost::asio::io_context&, std::vector<Script>, std::string const& address = "127.0.0.1",
            std::uint16_t port = 0);
    ~BadPeer();

    std::uint16_t port() const;
    int accepted() const;                             // connections so far
    int ended() const;                                // conversations that are over, for whatever reason
    std::vector<std::string> const& requests() const; // heads, with their bodies
    std::vector<Frame> const& frames() const;
    std::string const& server_name() const; // that TLS was asked for last

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

} // namespace cox::testing
