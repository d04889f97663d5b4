#include "adapters/slack/web_api.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <memory>

namespace cox::slack {
namespace {

// What may be tried again is tried this often before its caller hears of the failure.
constexpr int most_attempts = 3;
constexpr Span first_pause{100};
constexpr std::string_view asks_about_token = "auth.test";

net::Url with_slash(net::Url url) {
    if (!url.target.ends_with('/')) url.target += '/';
    return url;
}

} // namespace

std::string form_encoded(Fields const& fields) {
    std::string out;
    for (auto const& [name, value] : fields) {
        if (!out.empty()) out += '&';
        out.append(net::percent_encoded(name)).append("=").append(net::percent_encoded(value));
    }
    return out;
}

WebApi::WebApi(boost::asio::io_context& io, net::HttpClient& http, net::Url base, Tokens tokens, std::size_t at_once)
    : io_{io}, http_{http}, base_{with_slash(std::move(base))}, tokens_{std::move(tokens)}, pace_{at_once}, alarm_{io} {
}

void WebApi::set_tokens(Tokens tokens) {
    if (tokens.bot != tokens_.bot) refusal_.reset();
    tokens_ = std::move(tokens);
}

net::HttpRequest WebApi::request(std::string const& method, Fields const& fields, std::string const& token) const {
    net::HttpRequest request;
    request.url = base_;
    request.url.target += method;
    request.headers = {{"Authorization", "Bearer " + token},
                       {"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
                       {"Accept", "application/json"}};
    request.body = form_encoded(fields);
    return request;
}

void WebApi::call(Call call, Done done) {
    if (stopped_) return;
    auto const ticket = next_ticket_++;
    pace_.add(ticket, call.method, call.channel, call.urgency);
    waiting_.emplace(ticket, Waiting{std::move(call), std::move(done), 0});
    pump();
}

void WebApi::pump() {
    // An answer may come while calls are handed out: the outer round sees what it left.
    if (pumping_ || stopped_) return;
    pumping_ = true;
    auto const now = std::chrono::steady_clock::now();
    for (auto const ticket : pace_.next(now))
        send(ticket);
    pumping_ = false;
    auto const wake = pace_.wake(now);
    if (!wake) return;
    alarm_.expires_at(*wake);
    alarm_.async_wait([this, alive = std::weak_ptr<bool>{alive_}](boost::system::error_code const& error) {
        if (!error && alive.lock()) pump();
    });
}

void WebApi::send(Pace::Ticket ticket) {
    auto const& call = waiting_.at(ticket).call;
    if (refusal_ && call.method != asks_about_token) {
        boost::asio::post(io_, [this, alive = std::weak_ptr<bool>{alive_}, ticket, refusal = *refusal_] {
            if (alive.lock() && !stopped_) answered(ticket, refusal);
        });
        return;
    }
    auto out = request(call.method, call.fields, tokens_.bot);
    out.idempotent = !call.writes;
    http_.send(std::move(out),
               [this, alive = std::weak_ptr<bool>{alive_}, ticket, token = tokens_.bot](net::HttpResult const& result) {
                   if (!alive.lock() || stopped_) return;
                   auto const& asked = waiting_.at(ticket).call;
                   auto answer = read_answer(result, asked.writes);
                   if (token == tokens_.bot) note_token(asked.method, answer);
                   answered(ticket, std::move(answer));
               });
}

void WebApi::note_token(std::string const& method, Answer const& answer) {
    if (answer.ok()) refusal_.reset();
    if (answer.verdict != Verdict::token) return;
    bool const known = refusal_.has_value();
    refusal_ = answer;
    if (!known && method != asks_about_token && token_refused) token_refused(answer);
}

void WebApi::answered(Pace::Ticket ticket, Answer answer) {
    auto const limited = answer.verdict == Verdict::wait ? answer.retry_after : std::nullopt;
    pace_.answered(ticket, std::chrono::steady_clock::now(), limited);
    auto held = waiting_.extract(ticket);
    auto& [call, done, attempts] = held.mapped();
    bool const passing = answer.verdict == Verdict::wait || answer.verdict == Verdict::again;
    if (passing && (call.insists || !call.writes) && ++attempts < most_attempts) {
        held.key() = next_ticket_++;
        auto const next = held.key();
        auto const rest = answer.verdict == Verdict::again ? pause(attempts) : Span{}; // else the pace knows
        waiting_.insert(std::move(held));
        try_again(next, rest);
        return pump();
    }
    pump();
    done(std::move(answer));
}

// Somebody who does not answer is not asked harder. Half to all of the time, so that many do not come at once.
Span WebApi::pause(int attempts) {
    auto const longest = first_pause * (1 << attempts);
    return std::chrono::floor<Span>(longest * std::uniform_real_distribution<double>{0.5, 1.0}(random_));
}

void WebApi::try_again(Pace::Ticket ticket, Span after) {
    auto const alarm = std::make_shared<boost::asio::steady_timer>(io_, after);
    alarm->async_wait([this, alive = std::weak_ptr<bool>{alive_}, ticket, alarm](boost::system::error_code const&) {
        if (!alive.lock() || stopped_) return;
        auto const& call = waiting_.at(ticket).call;
        pace_.add(ticket, call.method, call.channel, call.urgency);
        pump();
    });
}

void WebApi::open_connection(Done done) {
    if (stopped_) return;
    http_.send(request("apps.connections.open", {}, tokens_.app),
               [alive = std::weak_ptr<bool>{alive_}, done = std::move(done)](net::HttpResult const& result) {
                   // A lost answer leaves nothing behind but an address that nobody uses.
                   if (alive.lock()) done(read_answer(result, false));
               });
}

void WebApi::respond(std::string const& response_url, std::string json, Done done) {
    auto url = net::parse_url(response_url);
    if (!url || stopped_) {
        Answer answer;
        answer.verdict = Verdict::refused;
        answer.error = "bad_response_url";
        boost::asio::post(io_, [done = std::move(done), answer = std::move(answer)]() mutable { done(answer); });
        return;
    }
    net::HttpRequest out;
    out.url = std::move(*url);
    out.headers = {{"Content-Type", "application/json; charset=utf-8"}};
    out.body = std::move(json);
    http_.send(std::move(out),
               [alive = std::weak_ptr<bool>{alive_}, done = std::move(done)](net::HttpResult const& result) {
                   if (alive.lock()) done(read_hook_answer(result));
               });
}

void WebApi::stop() {
    stopped_ = true;
    alarm_.cancel();
    waiting_.clear();
}

} // namespace cox::slack
