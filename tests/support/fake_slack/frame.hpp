#pragma once
// WebSocket frames as bytes (RFC 6455, section 5). Written by hand because the fake must see what a WebSocket library
// hides: how a client cuts its messages into frames, and how large each is.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cox::fake_slack {

enum class Opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

struct Frame {
    Opcode opcode = Opcode::text;
    bool last = true; // FIN
    bool masked = false;
    std::string payload;
};

// As a server sends it: unmasked, in one piece.
std::string frame_bytes(Opcode, std::string_view payload);
std::string close_bytes(std::uint16_t code, std::string_view reason);
// The value of Sec-WebSocket-Accept.
std::string accept_key(std::string_view client_key);

class FrameReader {
public:
    void feed(std::string_view bytes) { bytes_ += bytes; }
    std::optional<Frame> next();

private:
    std::string bytes_;
    std::size_t read_ = 0;
};

} // namespace cox::fake_slack
