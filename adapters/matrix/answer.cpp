#include "adapters/matrix/answer.hpp"

#include "adapters/json/untrusted.hpp"
#include "adapters/net/retry_after.hpp"

#include <algorithm>

namespace cox::matrix {
namespace {

using namespace std::chrono_literals;

// Where a 429 does not say how long.
constexpr Duration unsaid_wait = 5s;
constexpr Duration longest_wait = net::longest_retry_after;
constexpr std::size_t longest_error_body = 64 * 1024;
constexpr std::size_t longest_error = 300;

Duration within_reason(Duration wait) {
    return std::clamp<Duration>(wait, 0ms, longest_wait);
}

// The header is rounded up to seconds, and the body may be of an older server: the longer of the two.
Duration wait_of(net::HttpResponse const& response, nlohmann::json const& body, Time now) {
    std::optional<Duration> wait = net::read_retry_after(response.header("Retry-After"), now);
    if (auto const ms = untrusted::count_at(body, "retry_after_ms")) {
        auto const told = within_reason(Duration{std::min<std::int64_t>(*ms, longest_wait.count())});
        wait = std::max(wait.value_or(told), told);
    }
    return wait.value_or(unsaid_wait);
}

// What stands between us and the homeserver may say 200 too, as a captive portal does, or pass its errors on as that:
// why it is not the answer that was asked for, "" where it is.
std::string doubt_of(net::HttpResponse const& response) {
    auto const& body = response.body;
    auto const said = "HTTP " + std::to_string(response.status);
    auto const first = body.find_first_not_of(" \t\r\n");
    if (first == std::string::npos || (body[first] != '{' && body[first] != '['))
        return said + " without JSON: something else than the homeserver answered";
    if (body.size() > longest_error_body || !body.contains("\"errcode\"")) return {};
    auto const json = untrusted::read_object(body, longest_error_body);
    auto const errcode = json ? untrusted::plain_word(untrusted::text_at(*json, "errcode")) : std::string{};
    return errcode.empty() ? std::string{} : said + " that says " + errcode;
}

} // namespace

std::string in_words(Answer const& answer) {
    if (answer.status == 0) return answer.error;
    auto words = answer.errcode.empty() ? "HTTP " + std::to_string(answer.status) : answer.errcode;
    if (!answer.error.empty()) words += ": " + answer.error;
    return words;
}

Answer read_answer(net::HttpResult const& result, Time now) {
    Answer answer;
    if (!result) {
        auto const& failure = result.error();
        answer.error = std::string{net::word(failure.cause)} + ": " + failure.reason;
        answer.unknown = failure.may_have_acted;
        return answer;
    }
    answer.status = result->status;
    answer.body = result->body;
    if (answer.ok()) {
        auto doubt = doubt_of(*result);
        if (doubt.empty()) return answer;
        answer.status = 0;
        answer.error = std::move(doubt);
        answer.unknown = true;
        return answer;
    }
    answer.unknown = answer.status >= 500;
    // Proxies answer in other tongues.
    auto const body = untrusted::read_object(answer.body, longest_error_body).value_or(nlohmann::json::object());
    answer.errcode = untrusted::plain_word(untrusted::text_at(body, "errcode"));
    answer.error = untrusted::plain_word(untrusted::text_at(body, "error"), longest_error);
    answer.soft_logout = untrusted::flag_at(body, "soft_logout");
    if (answer.status == 429) answer.retry_after = wait_of(*result, body, now);
    return answer;
}

} // namespace cox::matrix
