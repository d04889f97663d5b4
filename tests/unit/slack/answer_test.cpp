#include "adapters/slack/answer.hpp"

#include <gtest/gtest.h>

#include <ostream>

namespace cox::slack {

void PrintTo(Verdict verdict, std::ostream* out) {
    static char const* const names[] = {"done", "wait", "again", "unknown", "channel", "token", "scope", "refused"};
    *out << names[static_cast<int>(verdict)];
}

namespace {

using namespace std::chrono_literals;

constexpr bool writes = true;
constexpr bool reads = false;

net::HttpResult http(int status, std::string body, net::Headers headers = {}) {
    return net::HttpResponse{status, std::move(headers), std::move(body)};
}
net::HttpResult not_ok(std::string const& error) {
    return http(200, R"({"ok":false,"error":")" + error + "\"}");
}
Verdict verdict(net::HttpResult const& result, bool kind = writes) {
    return read_answer(result, kind).verdict;
}
std::optional<std::chrono::milliseconds> wait(char const* header) {
    return read_answer(http(429, "", {{"retry-after", header}}), writes).retry_after;
}

TEST(SlackAnswer, ok_is_done_with_its_body_and_the_tokens_scopes) {
    std::string const body = R"({"ok":true,"channel":"C1","ts":"1790000001.000200"})";
    auto const answer = read_answer(http(200, body, {{"X-OAuth-Scopes", "chat:write,commands"}}), writes);
    EXPECT_TRUE(answer.ok());
    EXPECT_EQ(answer.body, body);
    EXPECT_EQ(answer.scopes, "chat:write,commands");
    EXPECT_EQ(answer.error, "");
}

TEST(SlackAnswer, warnings_and_messages_are_for_the_log) {
    auto const ok = read_answer(http(200, R"({"ok":true,"warning":"missing_charset,superfluous_charset"})"), writes);
    EXPECT_EQ(ok.detail, "missing_charset,superfluous_charset");
    auto const refused =
        read_answer(http(200, R"({"ok":false,"error":"invalid_arguments","response_metadata":)"
                              R"({"messages":["[ERROR] missing required field: topic", 7, "token xoxb-1-2"]}})"),
                    writes);
    EXPECT_EQ(refused.verdict, Verdict::refused);
    EXPECT_EQ(refused.detail, "[ERROR] missing required field: topic; token [hidden]");
    EXPECT_NE(refused.body, "");
}

TEST(SlackAnswer, what_is_so_already_is_done) {
    for (auto const* error : {"already_pinned", "already_in_channel", "already_archived", "already_reacted",
                              "no_reaction", "no_pin", "not_archived"})
        EXPECT_EQ(verdict(not_ok(error)), Verdict::done) << error;
    EXPECT_EQ(verdict(not_ok("name_taken")), Verdict::refused); // whose it is the caller must see
}

TEST(SlackAnswer, one_who_is_in_already_does_not_hide_another_who_cannot_be_invited) {
    auto const answer =
        read_answer(http(200, R"({"ok":false,"error":"already_in_channel","errors":[{"user":"U1","ok":false,)"
                              R"("error":"already_in_channel"},{"user":"U2","ok":false,"error":"cant_invite"}]})"),
                    writes);
    EXPECT_EQ(answer.verdict, Verdict::refused);
    EXPECT_EQ(answer.error, "cant_invite");
}

TEST(SlackAnswer, F61_a_429_waits_for_as_long_as_it_says) {
    auto const answer = read_answer(http(429, R"({"ok":false,"error":"ratelimited"})", {{"Retry-After", "30"}}), reads);
    EXPECT_EQ(answer.verdict, Verdict::wait);
    EXPECT_EQ(answer.retry_after, 30s);
    EXPECT_EQ(answer.error, "ratelimited");
}

TEST(SlackAnswer, F61_both_spellings_wait_with_or_without_a_header) {
    for (auto const* error : {"ratelimited", "rate_limited"}) {
        EXPECT_EQ(verdict(not_ok(error)), Verdict::wait);
        EXPECT_EQ(read_answer(not_ok(error), writes).retry_after, 1s);
        auto const body = R"({"ok":false,"error":")" + std::string{error} + "\"}";
        EXPECT_EQ(read_answer(http(200, body, {{"Retry-After", "7"}}), writes).retry_after, 7s);
    }
}

TEST(SlackAnswer, F55_a_hostile_retry_after_is_kept_within_bounds) {
    EXPECT_EQ(wait("299"), 299s);
    EXPECT_EQ(wait("1000000000"), 300s);
    EXPECT_EQ(wait("99999999999999999999999"), 300s);
    for (auto const* none : {"0", "-5", "-99999999999999999999999", ""})
        EXPECT_EQ(wait(none), 1s) << none;
    for (auto const* odd : {"soon", "1e9", "5x", " 5", "1.5", "Wed, 21 Oct 2026 07:28:00 GMT"})
        EXPECT_EQ(wait(odd), 30s) << odd;
    EXPECT_EQ(read_answer(http(429, ""), writes).retry_after, 1s);
}

TEST(SlackAnswer, F55_a_redirect_is_not_followed_and_comes_from_somebody_else) {
    for (int status : {301, 302, 307, 308}) {
        auto const answer = read_answer(http(status, R"({"ok":true})", {{"Location", "https://evil.test"}}), writes);
        EXPECT_EQ(answer.verdict, Verdict::again);
        EXPECT_EQ(answer.error, "not_slack");
    }
}

TEST(SlackAnswer, F62_errors_of_the_server_leave_a_write_unknown_and_a_read_to_be_made_again) {
    for (auto const* error : {"internal_error", "fatal_error", "service_unavailable"}) {
        EXPECT_EQ(verdict(not_ok(error), writes), Verdict::unknown) << error;
        EXPECT_EQ(verdict(not_ok(error), reads), Verdict::again) << error;
    }
    for (int status : {500, 502, 503, 504}) {
        auto const answer = read_answer(http(status, "<html>oops</html>", {{"Retry-After", "20"}}), writes);
        EXPECT_EQ(answer.verdict, Verdict::unknown);
        EXPECT_EQ(answer.error, "http_" + std::to_string(status));
        EXPECT_EQ(answer.retry_after, 20s);
        EXPECT_EQ(verdict(http(status, R"({"ok":true})"), reads), Verdict::again);
    }
}

TEST(SlackAnswer, a_request_that_did_not_arrive_whole_and_a_workspace_on_the_move_have_done_nothing) {
    EXPECT_EQ(verdict(not_ok("request_timeout")), Verdict::again);
    EXPECT_EQ(verdict(not_ok("team_added_to_org")), Verdict::again);
}

TEST(SlackAnswer, F53_html_with_200_is_not_slack) {
    auto const html = http(200, "<!doctype html><title>Log in to the hotel</title>");
    EXPECT_EQ(read_answer(html, writes).error, "not_slack");
    EXPECT_EQ(verdict(html, writes), Verdict::unknown);
    EXPECT_EQ(verdict(html, reads), Verdict::again);
    EXPECT_EQ(read_answer(html, writes).body, "");
    EXPECT_EQ(read_answer(http(200, ""), reads).error, "not_slack");
    EXPECT_EQ(verdict(http(403, "<html>blocked by the proxy</html>")), Verdict::again); // let nothing through
}

TEST(SlackAnswer, F54_broken_json_is_a_bad_answer_and_no_success) {
    for (std::string const body : {R"({"ok":true,"ts":"17900)", R"({"ok":"true"})", R"({"ok":1})", R"({})",
                                   R"({"ok":true,"ok":false})", R"({"ok":false})", R"({"ok":false,"error":7})"}) {
        auto const answer = read_answer(http(200, body), writes);
        EXPECT_EQ(answer.verdict, Verdict::unknown) << body;
        EXPECT_EQ(answer.error, "bad_answer") << body;
        EXPECT_EQ(answer.body, "");
        EXPECT_EQ(verdict(http(200, body), reads), Verdict::again) << body;
    }
    EXPECT_EQ(verdict(http(200, R"({"ok":true,"a":")" + std::string(8 * 1024 * 1024, 'x') + "\"}")), Verdict::unknown);
    EXPECT_EQ(verdict(http(404, R"({"ok":true})")), Verdict::again);
}

TEST(SlackAnswer, F119_a_deeply_nested_answer_is_a_bad_answer) {
    EXPECT_EQ(read_answer(http(200, R"({"ok":true,"a":)" + std::string(1'000'000, '[')), writes).error, "bad_answer");
}

TEST(SlackAnswer, F63_a_lost_answer_leaves_only_a_write_unknown_that_may_have_acted) {
    auto const lost = [](bool may_have_acted) {
        return net::HttpResult{
            std::unexpected{net::Failure{net::Cause::timeout, "no answer within 5 s", may_have_acted, 0}}};
    };
    EXPECT_EQ(verdict(lost(true), writes), Verdict::unknown);
    EXPECT_EQ(verdict(lost(true), reads), Verdict::again);
    EXPECT_EQ(verdict(lost(false), writes), Verdict::again);
    EXPECT_EQ(read_answer(lost(true), writes).error, "network: timeout");
    EXPECT_EQ(read_answer(lost(true), writes).detail, "no answer within 5 s");
}

TEST(SlackAnswer, F68_an_unusable_token_is_told_from_other_refusals) {
    for (auto const* error :
         {"not_authed", "invalid_auth", "account_inactive", "token_revoked", "token_expired", "team_disabled"})
        EXPECT_EQ(verdict(not_ok(error)), Verdict::token) << error;
    EXPECT_EQ(verdict(http(401, R"({"ok":false,"error":"invalid_auth"})")), Verdict::token);
}

TEST(SlackAnswer, F69_a_missing_right_is_named) {
    auto const answer = read_answer(
        http(200, R"({"ok":false,"error":"missing_scope","needed":"pins:write","provided":"chat:write"})"), writes);
    EXPECT_EQ(answer.verdict, Verdict::scope);
    EXPECT_EQ(answer.needed, "pins:write");
    EXPECT_EQ(verdict(not_ok("not_allowed_token_type")), Verdict::scope);
}

TEST(SlackAnswer, F70_F72_a_channel_in_the_way_is_told_from_other_refusals) {
    for (auto const* error : {"not_in_channel", "channel_not_found", "is_archived", "restricted_action",
                              "restricted_action_read_only_channel", "restricted_action_thread_locked"})
        EXPECT_EQ(verdict(not_ok(error)), Verdict::channel) << error;
}

TEST(SlackAnswer, everything_else_is_refused_with_its_word) {
    auto const answer = read_answer(not_ok("msg_too_long"), writes);
    EXPECT_EQ(answer.verdict, Verdict::refused);
    EXPECT_EQ(answer.error, "msg_too_long");
    EXPECT_EQ(read_answer(not_ok("of_tomorrow"), reads).verdict, Verdict::refused);
    EXPECT_EQ(read_answer(http(200, "{\"ok\":false,\"error\":\"a\\nb\"}"), reads).error, "a?b");
}

TEST(SlackHook, answers_in_plain_words_and_dies_of_age_and_use) {
    EXPECT_TRUE(read_hook_answer(http(200, "ok")).ok());
    EXPECT_TRUE(read_hook_answer(http(200, R"({"ok":true})")).ok());
    EXPECT_EQ(read_hook_answer(http(404, "used_url")).verdict, Verdict::refused);
    EXPECT_EQ(read_hook_answer(http(404, "used_url")).error, "used_url");
    EXPECT_EQ(read_hook_answer(http(404, R"({"ok":false,"error":"expired_url"})")).error, "expired_url");
    EXPECT_EQ(read_hook_answer(http(429, "", {{"Retry-After", "3"}})).retry_after, 3s);
    EXPECT_EQ(read_hook_answer(http(500, "")).verdict, Verdict::unknown);
    EXPECT_EQ(read_hook_answer(http(302, "")).error, "not_slack");
}

} // namespace
} // namespace cox::slack
