#include "adapters/hook/signature.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <stdexcept>

namespace cox::hook {

std::string signature(std::string_view secret, std::int64_t seconds, std::string_view body) {
    auto const text = std::to_string(seconds) + "." + std::string{body};
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    auto const* made = HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
                            reinterpret_cast<unsigned char const*>(text.data()), text.size(), digest.data(), &size);
    if (made == nullptr) throw std::runtime_error{"OpenSSL has no HMAC-SHA256"};
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out = "sha256=";
    for (unsigned int i = 0; i < size; ++i) {
        out += digits[digest.at(i) >> 4];
        out += digits[digest.at(i) & 15];
    }
    return out;
}

} // namespace cox::hook
