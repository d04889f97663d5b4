#include "frame.hpp"

#include <openssl/evp.h>

#include <array>

namespace cox::fake_slack {
namespace {

// The `size` bytes of a number, the most significant first.
std::string big_endian(std::uint64_t number, int size) {
    std::string bytes;
    for (int shift = (size - 1) * 8; shift >= 0; shift -= 8)
        bytes += static_cast<char>(number >> shift & 0xff);
    return bytes;
}

std::uint64_t number_in(std::string_view bytes) {
    std::uint64_t number = 0;
    for (char const byte : bytes)
        number = number << 8 | static_cast<unsigned char>(byte);
    return number;
}

} // namespace

std::string frame_bytes(Opcode opcode, std::string_view payload) {
    std::string bytes{static_cast<char>(0x80 | static_cast<int>(opcode))};
    if (payload.size() < 126)
        bytes += static_cast<char>(payload.size());
    else if (payload.size() <= 0xffff)
        bytes += '\x7e' + big_endian(payload.size(), 2);
    else
        bytes += '\x7f' + big_endian(payload.size(), 8);
    bytes += payload;
    return bytes;
}

std::string close_bytes(std::uint16_t code, std::string_view reason) {
    return frame_bytes(Opcode::close, big_endian(code, 2).append(reason));
}

std::string accept_key(std::string_view client_key) {
    auto const text = std::string{client_key} + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr);
    std::array<unsigned char, 64> encoded{};
    auto const length = EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(size));
    return {encoded.begin(), encoded.begin() + length};
}

std::optional<Frame> FrameReader::next() {
    auto rest = std::string_view{bytes_}.substr(read_);
    if (rest.size() < 2) return std::nullopt;
    auto const first = static_cast<unsigned char>(rest[0]);
    auto const second = static_cast<unsigned char>(rest[1]);
    std::size_t const length_size = (second & 0x7f) == 127 ? 8 : (second & 0x7f) == 126 ? 2 : 0;
    bool const masked = (second & 0x80) != 0;
    std::size_t const head = 2 + length_size + (masked ? 4 : 0);
    if (rest.size() < head) return std::nullopt;
    auto const size = length_size ? number_in(rest.substr(2, length_size)) : second & 0x7fu;
    if (rest.size() - head < size) return std::nullopt;

    Frame frame{static_cast<Opcode>(first & 0x0f), (first & 0x80) != 0, masked,
                std::string{rest.substr(head, static_cast<std::size_t>(size))}};
    if (masked) {
        auto const mask = rest.substr(head - 4, 4);
        for (std::size_t i = 0; i < frame.payload.size(); ++i)
            frame.payload[i] = static_cast<char>(frame.payload[i] ^ mask[i % 4]);
    }
    read_ += head + static_cast<std::size_t>(size);
    if (read_ == bytes_.size() || read_ > 64 * 1024) {
        bytes_.erase(0, read_);
        read_ = 0;
    }
    return frame;
}

} // namespace cox::fake_slack
