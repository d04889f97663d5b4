#include "adapters/hook/signature.hpp"

#include <gtest/gtest.h>

namespace cox::hook {
namespace {

// Made elsewhere: printf '1764079500.{"frozen":true}' | openssl dgst -sha256 -hmac 'team secret'
TEST(HookSignature, IsTheHmacOfTheMomentAPointAndTheBody) {
    EXPECT_EQ(signature("team secret", 1764079500, R"({"frozen":true})"),
              "sha256=1ac9883c93410fcce0f202541b4654d4956b5dad4e97c6b00802859309f5f365");
}

// Made elsewhere, by Python's hmac: a key longer than a block is hashed first.
TEST(HookSignature, TakesASecretOfAnyLength) {
    EXPECT_EQ(signature(std::string(131, '\xaa'), 1, "x"),
              "sha256=06093097340440b9ba1b886c6163be3c0a38f6c8fad1cfbe9ab4cbd8347d8283");
}

TEST(HookSignature, AnotherMomentIsAnotherSignature) {
    EXPECT_NE(signature("s", 1, "x"), signature("s", 2, "x"));
    EXPECT_NE(signature("s", 1, "1.x"), signature("s", 11, "x"));
}

} // namespace
} // namespace cox::hook
