#include "adapters/slack/answer.hpp"

#include "adapters/slack/json.hpp"
#include "adapters/slack/redact.hpp"

#include <algorithm>
#include <charconv>

namespace cox::slack {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t longest_answer = std::size_t{4} * 1024 * 1024;
constexpr std::size_t longest_detail = 500;

struct Meaning {
    std::string_view error;
    Verdict verdict;
};
// What each word of Slack means. One that is not here is a refusal.
constexpr Meaning meanings[] = {
    // It is so already.
    {"already_pinned", Verdict::done},
    {"already_in_channel", Verdict::done},
    {"already_archived", Verdict::done},
    {"already_reacted", Verdict::done},
    {"no_reaction", Verdict::done},
    {"no_pin", Verdict::done},
    {"not_archived", Verdict::done},

    {"ratelimited", Verdict::wait},
    {"rate_limited", Verdict::wait}, // chat.postMessage

    // Slack says of these that a part of it may have been done.
    {"internal_error", Verdict::unknown},
    {"fatal_error", Verdict::unknown},
    {"service_unavailable", Verdict::unknown},

    {"request_timeout", Verdict::again}, // the request did not reach Slack whole
    // The workspace or the channel is being moved: nothing is done meanwhile.
    {"team_added_to_org", Verdict::again},
    {"external_channel_migrating", Verdict::again},

    {"not_authed", Verdict::token},
    {"invalid_auth", Verdict::token},
    {"account_inactive", Verdict::token},
    {"token_revoked", Verdict::token},
    {"token_expired", Verdict::token},
    {"user_removed_from_team", Verdict::token},
    {"team_disabled", Verdict::token},
    {"forbidden_team", Verdict::token},
    {"org_login_required", Verdict::token},
    {"two_factor_setup_required", Verdict::token},
    {"team_access_not_granted", Verdict::token},
    {"enterprise_is_restricted", Verdict::token},
    {"access_denied", Verdict::token},
    {"accesslimited", Verdict::token},

    {"missing_scope", Verdict::scope},
    {"not_allowed_token_type", Verdict::scope},
    {"no_permission", Verdict::scope},

    {"not_in_channel", Verdict::channel},
    {"channel_not_found", Verdict::channel},
    {"is_archived", Verdict::channel},
    {"is_inactive", Verdict::channel},
    {"user_is_restricted", Verdict::channel},
    {"method_not_supported_for_channel_type", Verdict::channel},
    {"messages_tab_disabled", Verdict::channel},
    {"ekm_access_denied", Verdict::channel},
};

Verdict verdict_of(std::string_view error) {
    if (error.starts_with("restricted_action")) return Verdict::channel; // _read_only_channel, _thread_locked, …
    auto const meaning = std::ranges::find(meanings, error, &Meaning::error);
    return meaning == std::end(meanings) ? Verdict::refused : meaning->verdict;
}

// A call that only reads may be made again, whatever became of it.
Verdict after_loss(bool writes) {
    return writes ? Verdict::unknown : Verdict::again;
}

// Whole seconds only: a date would need a clock. Whoever means something that we cannot read wants a rest, though.
milliseconds wait_of(std::string_view header) {
    constexpr seconds shortest{1};
    constexpr seconds unreadable{30};
    constexpr seconds longest{300};
    std::int64_t number = 0;
    auto const [end, error] = std::from_chars(header.data(), header.data() + header.size(), number);
    if (header.empty() || header.starts_with('-')) return shortest;
    if (end != header.data() + header.size() || error == std::errc::invalid_argument) return unreadable;
    if (error == std::errc::result_out_of_range) return longest;
    return std::clamp(number, std::int64_t{shortest.count()}, std::int64_t{longest.count()}) * seconds{1};
}

void add_details(json const& words, std::string& out) {
    auto const add = [&out](json const& word) {
        auto const* text = word.get_ptr<json::string_t const*>();
        if (!text || out.size() >= longest_detail) return;
        out.append(out.empty() ? "" : "; ").append(*text);
    };
    if (words.is_array())
        for (auto const& word : words)
            add(word);
    else
        add(words);
}

std::string detail_of(json const& body) {
    std::string out;
    auto const& metadata = at(body, "response_metadata");
    add_details(at(body, "detail"), out);
    add_details(at(metadata, "messages"), out);
    add_details(at(metadata, "warnings"), out);
    if (!at(metadata, "warnings").is_array()) add_details(at(body, "warning"), out);
    return plain_word(redacted(out), longest_detail);
}

// conversations.invite of several people names an error for each; one who is there already does not hide another who
// cannot be invited.
std::string error_of(json const& body) {
    auto error = text_at(body, "error");
    auto const& errors = at(body, "errors");
    if (verdict_of(error) != Verdict::done || !errors.is_array()) return error;
    for (auto const& one : errors)
        if (auto other = text_at(one, "error"); !other.empty() && verdict_of(other) != Verdict::done) return other;
    return error;
}

Answer failed(Verdict verdict, std::string error, std::string detail = {}) {
    Answer answer;
    answer.verdict = verdict;
    answer.error = std::move(error);
    answer.detail = std::move(detail);
    return answer;
}

Answer never_answered(net::Failure const& failure, bool writes) {
    return failed(failure.may_have_acted ? after_loss(writes) : Verdict::again,
                  "network: " + std::string{net::word(failure.cause)}, redacted(failure.reason));
}

std::string http_word(int status) {
    return "http_" + std::to_string(status);
}

// A status that leaves nothing to read but the wait; none for the others.
std::optional<Answer> by_status(net::HttpResponse const& response, bool writes) {
    auto const header = response.header("Retry-After");
    if (response.status == 429) {
        auto answer = failed(Verdict::wait, "ratelimited");
        answer.retry_after = wait_of(header);
        return answer;
    }
    // Slack redirects nobody: somebody else stands in its place.
    if (response.status < 200 || (response.status >= 300 && response.status < 400))
        return failed(Verdict::again, "not_slack", http_word(response.status));
    if (response.status < 500) return std::nullopt;
    auto answer = failed(after_loss(writes), http_word(response.status));
    if (auto const body = read_object(response.body, longest_answer))
        answer.detail = plain_word(text_at(*body, "error"));
    if (!header.empty()) answer.retry_after = wait_of(header);
    return answer;
}

Answer unreadable(net::HttpResponse const& response, std::string why, bool writes) {
    auto const first = response.body.find_first_not_of(" \t\r\n");
    bool const json_like = first != std::string::npos && response.body[first] == '{';
    // A client error that is none of Slack's: what stands in between has let nothing through.
    auto const verdict = response.status >= 400 ? Verdict::again : after_loss(writes);
    return failed(verdict, json_like ? "bad_answer" : "not_slack", http_word(response.status) + ", " + std::move(why));
}

Answer refused(net::HttpResponse const& response, json const& body, bool writes) {
    auto const error = error_of(body);
    if (error.empty()) return unreadable(response, "no error is named", writes);
    auto answer = failed(verdict_of(error), plain_word(error), detail_of(body));
    switch (answer.verdict) {
    case Verdict::unknown: answer.verdict = after_loss(writes); break;
    case Verdict::wait: answer.retry_after = wait_of(response.header("Retry-After")); break;
    case Verdict::scope: answer.needed = plain_word(text_at(body, "needed"), longest_detail); break;
    case Verdict::done:
    case Verdict::refused: answer.body = response.body; break;
    default: break;
    }
    return answer;
}

} // namespace

std::string in_words(Answer const& answer) {
    return answer.detail.empty() ? answer.error : answer.error + ": " + answer.detail;
}

bool may_come_later(Answer const& answer) {
    return answer.verdict == Verdict::again || answer.verdict == Verdict::wait || answer.verdict == Verdict::unknown;
}

Answer read_answer(net::HttpResult const& result, bool writes) {
    if (!result) return never_answered(result.error(), writes);
    auto const& response = *result;
    if (auto answer = by_status(response, writes)) return *answer;

    auto const body = read_object(response.body, longest_answer);
    if (!body) return unreadable(response, body.error(), writes);
    auto const& ok = at(*body, "ok");
    if (!ok.is_boolean()) return unreadable(response, "ok is missing", writes);
    Answer answer;
    if (!flag_at(*body, "ok")) {
        answer = refused(response, *body, writes);
    } else if (response.status >= 400) {
        return unreadable(response, "ok with an error's status", writes);
    } else {
        answer.verdict = Verdict::done;
        answer.body = response.body;
        answer.detail = detail_of(*body);
    }
    answer.scopes = plain_word(response.header("X-OAuth-Scopes"), 4000);
    return answer;
}

Answer read_hook_answer(net::HttpResult const& result) {
    constexpr bool writes = true;
    if (!result) return never_answered(result.error(), writes);
    if (auto answer = by_status(*result, writes)) return *answer;
    if (result->status < 300) {
        Answer answer;
        answer.verdict = Verdict::done;
        return answer;
    }
    // Used up, or older than half an hour: it stays so.
    auto const body = read_object(result->body, longest_answer);
    auto const error = body ? text_at(*body, "error") : result->body;
    return failed(Verdict::refused, error.empty() ? http_word(result->status) : plain_word(redacted(error)));
}

} // namespace cox::slack
