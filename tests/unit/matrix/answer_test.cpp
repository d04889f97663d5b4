#include "adapters/matrix/answer.hpp"

#include <gtest/gtest.h>

namespace cox::matrix {
namespace {

using namespace std::chrono_literals;

constexpr Time now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 25} + 14h};

net::HttpResult response(int status, std::string body, net::Headers headers = {}) {
    return net::HttpResponse{status, std::move(headers), std::move(body)};
}

Duration wait_of(net::HttpResult const& result) {
    return read_answer(result, now).retry_after.value_or(-1ms);
}

TEST(MatrixAnswer, F87_TheHeaderAndTheBodySayHowLongToWait) {
    auto const body = R"({"errcode":"M_LIMIT_EXCEEDED","error":"Too Many Requests","retry_after_ms":677})";
    EXPECT_EQ(wait_of(response(429, body)), 677ms);
    EXPECT_EQ(wait_of(response(429, "{}", {{"Retry-After", "3"}})), 3s);
    EXPECT_EQ(wait_of(response(429, body, {{"retry-after", "1"}})), 1s);
    EXPECT_EQ(wait_of(response(429, R"({"retry_after_ms":2500})", {{"Retry-After", "1"}})), 2500ms);
}

TEST(MatrixAnswer, F87_AWaitMayBeGivenAsADate) {
    EXPECT_EQ(wait_of(response(429, "{}", {{"Retry-After", "Wed, 25 Nov 2026 14:00:20 GMT"}})), 20s);
    EXPECT_EQ(wait_of(response(429, "{}", {{"Retry-After", "Wed, 25 Nov 2026 13:00:00 GMT"}})), 0s);
}

TEST(MatrixAnswer, F87_ALimitThatDoesNotSayHowLongIsFiveSeconds) {
    for (auto const* body :
         {"", "{}", "<html>slow down</html>", R"({"retry_after_ms":"soon"})", R"({"retry_after_ms":-5})"})
        EXPECT_EQ(wait_of(response(429, body)), 5s) << body;
    EXPECT_EQ(wait_of(response(429, "{}", {{"Retry-After", "tomorrow"}})), 5s);
}

TEST(MatrixAnswer, NobodyWaitsForEverBecauseAServerSaysSo) {
    EXPECT_EQ(wait_of(response(429, R"({"retry_after_ms":9007199254740991})")), 1h);
    EXPECT_EQ(wait_of(response(429, "{}", {{"Retry-After", "9223372036854775807"}})), 1h);
}

TEST(MatrixAnswer, WhatAProxySaysIsNoWordOfTheHomeserver) {
    auto const answer = read_answer(response(502, "<html>Bad Gateway</html>"), now);
    EXPECT_EQ(answer.errcode, "");
    EXPECT_TRUE(answer.unknown);
    EXPECT_EQ(in_words(answer), "HTTP 502");
}

TEST(MatrixAnswer, AnAgreementThatIsNotTheHomeserversLeavesOpenWhatHappened) {
    for (auto const* body : {"", "  \n", "<html>Please log in to the network</html>", "OK",
                             R"({"errcode":"M_LIMIT_EXCEEDED","error":"Too Many Requests"})"}) {
        auto const answer = read_answer(response(200, body), now);
        EXPECT_FALSE(answer.ok()) << body;
        EXPECT_TRUE(answer.unknown) << body;
        EXPECT_TRUE(in_words(answer).starts_with("HTTP 200")) << in_words(answer);
    }
    for (auto const* body : {"{}", " {\"event_id\":\"$1\"}", "[]", R"({"rooms":{"errcode":"of an event's content"}})"})
        EXPECT_TRUE(read_answer(response(200, body), now).ok()) << body;
}

TEST(MatrixAnswer, ALostAnswerLeavesOpenWhatHappened) {
    auto const lost = read_answer(std::unexpected{net::Failure{net::Cause::timeout, "too slow", true}}, now);
    EXPECT_TRUE(lost.unknown);
    EXPECT_FALSE(lost.passing());
    auto const never = read_answer(std::unexpected{net::Failure{net::Cause::connect, "nobody listens", false}}, now);
    EXPECT_FALSE(never.unknown);
    EXPECT_TRUE(never.passing());
}

TEST(MatrixAnswer, TellsASoftLogoutFromAHardOne) {
    auto const soft =
        read_answer(response(401, R"({"errcode":"M_UNKNOWN_TOKEN","error":"x","soft_logout":true})"), now);
    EXPECT_TRUE(soft.soft_logout);
    auto const hard = read_answer(response(401, R"({"errcode":"M_UNKNOWN_TOKEN","soft_logout":"true"})"), now);
    EXPECT_FALSE(hard.soft_logout);
}

TEST(MatrixAnswer, WordsForTheLogArePlain) {
    auto const answer = read_answer(response(403, "{\"errcode\":\"M_FORBIDDEN\",\"error\":\"no\\u001b[31m\\n\"}"), now);
    EXPECT_EQ(in_words(answer), "M_FORBIDDEN: no?[31m?");
}

} // namespace
} // namespace cox::matrix
