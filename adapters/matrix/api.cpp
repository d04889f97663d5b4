#include "adapters/matrix/api.hpp"

#include "adapters/matrix/slowness.hpp"
#include "adapters/matrix/turns.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <unordered_map>

namespace cox::matrix {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr Duration first_wait = 250ms; // of a call that insists
constexpr Duration longest_wait = 30s;

bool refuses_token(Answer const& answer) {
    return answer.status == 401 && (answer.errcode == "M_UNKNOWN_TOKEN" || answer.errcode == "M_MISSING_TOKEN" ||
                                    answer.errcode == "M_USER_LOCKED");
}

std::string target_of(net::Url const& base, Call const& call) {
    auto target = base.target;
    while (target.ends_with('/'))
        target.pop_back();
    if (!call.whole_path) target += "/_matrix/client/v3";
    for (auto const& segment : call.path)
        target.append("/").append(net::percent_encoded(segment));
    char mark = '?';
    for (auto const& [name, value] : call.query) {
        target.append(1, mark).append(net::percent_encoded(name)).append("=").append(net::percent_encoded(value));
        mark = '&';
    }
    return target;
}

Call in_room(std::string const& room, std::string method, std::vector<std::string> rest, std::string body) {
    Call call;
    call.method = std::move(method);
    call.path = {"rooms", room};
    call.path.insert(call.path.end(), std::make_move_iterator(rest.begin()), std::make_move_iterator(rest.end()));
    call.body = std::move(body);
    call.lane = room;
    call.bucket = Bucket::messages;
    return call;
}

} // namespace

Call get(std::vector<std::string> path, Query query) {
    Call call;
    call.path = std::move(path);
    call.query = std::move(query);
    return call;
}

Call post(std::vector<std::string> path, std::string body) {
    Call call;
    call.method = "POST";
    call.path = std::move(path);
    call.body = std::move(body);
    call.repeatable = false;
    return call;
}

Call send_event(std::string const& room, std::string type, std::string txn, std::string content) {
    return in_room(room, "PUT", {"send", std::move(type), std::move(txn)}, std::move(content));
}

Call put_state(std::string const& room, std::string type, std::string key, std::string content) {
    return in_room(room, "PUT", {"state", std::move(type), std::move(key)}, std::move(content));
}

Api::Options Api::default_options() {
    Options options;
    options.poll.first_byte_within = 60s; // the time-out of a poll and half a minute
    options.poll.whole_within = 3min;
    options.poll.longest_body = 64 * 1024 * 1024;
    options.poll.connections_per_host = 2;
    options.first_sync = options.poll;
    options.first_sync.first_byte_within = 10min;
    options.first_sync.whole_within = 15min;
    options.first_sync.longest_body = 256 * 1024 * 1024;
    options.brief.first_byte_within = 3s;
    options.brief.whole_within = 3s;
    options.quick.whole_within = 30s;
    options.quick.first_byte_within = 20s; // a homeserver is slow to make a room
    options.quick.longest_body = 32 * 1024 * 1024;
    return options;
}

struct Api::Impl : std::enable_shared_from_this<Impl> {
    struct Waiting {
        Call call;
        Done done;
        int attempts = 0;
    };

    Impl(boost::asio::io_context& context, net::Outside& outside, net::Url homeserver, Options const& given)
        : io{context}, brief{context, outside, given.brief}, quick{context, outside, given.quick},
          poll{context, outside, given.poll}, first_sync{context, outside, given.first_sync},
          base{std::move(homeserver)}, options{given}, alarm{context} {}

    void call(Call, Done, int attempts);
    void call_again(Waiting, std::optional<Duration> after);
    void answer_later(Done, Answer);
    void pump();
    void send(Turns::Ticket);
    void answered(Turns::Ticket, std::string const& token, Answer);
    void finish(Turns::Ticket, Answer);
    void arm();
    net::HttpClient& client(Patience);

    boost::asio::io_context& io;
    net::HttpClient brief;
    net::HttpClient quick;
    net::HttpClient poll;
    net::HttpClient first_sync;
    net::Url base;
    Options options;
    std::string token;
    std::optional<Answer> refusal;
    std::function<void(Answer const&)> refused;
    std::function<void(std::chrono::seconds)> slowed_down;
    Turns turns;
    Slowness slowness;
    Turns::Ticket next_ticket = 1;
    std::unordered_map<Turns::Ticket, Waiting> waiting;
    boost::asio::steady_timer alarm;
    bool stopped = false;
};

void Api::Impl::answer_later(Done done, Answer answer) {
    boost::asio::post(io, [weak = weak_from_this(), done = std::move(done), answer = std::move(answer)]() mutable {
        if (auto const self = weak.lock(); self && !self->stopped) done(std::move(answer));
    });
}

void Api::Impl::call(Call call, Done done, int attempts) {
    if (stopped) return;
    bool const lacks_token = call.needs_token && call.token.empty();
    if (lacks_token && refusal && !call.waits_for_token) return answer_later(std::move(done), *refusal);
    if (auto const wait = turns.closed_for(call.bucket, Steady::now()); wait > options.waits_at_most) {
        Answer limited;
        limited.status = 429;
        limited.errcode = "M_LIMIT_EXCEEDED";
        limited.retry_after = std::chrono::ceil<Duration>(wait);
        return answer_later(std::move(done), std::move(limited));
    }
    auto const ticket = next_ticket++;
    turns.add(ticket, {call.lane, call.bucket, call.urgency, lacks_token});
    waiting.emplace(ticket, Waiting{std::move(call), std::move(done), attempts});
    pump();
}

void Api::Impl::pump() {
    // Whoever was just answered may have stopped us.
    if (stopped) return;
    while (auto const ticket = turns.next(Steady::now()))
        send(*ticket);
    arm();
}

void Api::Impl::arm() {
    auto const wake = turns.wake(Steady::now());
    if (!wake) return;
    alarm.expires_at(*wake);
    alarm.async_wait([weak = weak_from_this()](boost::system::error_code const& error) {
        auto const self = weak.lock();
        if (!error && self && !self->stopped) self->pump();
    });
}

void Api::Impl::send(Turns::Ticket ticket) {
    auto const& call = waiting.at(ticket).call;
    net::HttpRequest out;
    out.method = call.method;
    out.url = base;
    out.url.target = target_of(base, call);
    if (call.method != "GET") {
        out.headers.emplace_back("Content-Type", "application/json");
        out.body = call.body.empty() ? "{}" : call.body;
    }
    auto const used = call.token.empty() ? token : call.token;
    if (call.needs_token) out.headers.emplace_back("Authorization", "Bearer " + used);
    out.idempotent = call.repeatable;
    client(call.patience).send(std::move(out), [weak = weak_from_this(), ticket, used](net::HttpResult const& result) {
        auto const self = weak.lock();
        if (!self || self->stopped) return;
        auto const now = std::chrono::floor<Duration>(std::chrono::system_clock::now());
        self->answered(ticket, used, read_answer(result, now));
    });
}

net::HttpClient& Api::Impl::client(Patience patience) {
    switch (patience) {
    case Patience::brief: return brief;
    case Patience::quick: return quick;
    case Patience::poll: return poll;
    case Patience::first_sync: break;
    }
    return first_sync;
}

void Api::Impl::answered(Turns::Ticket ticket, std::string const& used, Answer answer) {
    auto& [call, done, attempts] = waiting.at(ticket);
    if (call.needs_token && call.token.empty() && refuses_token(answer)) {
        turns.again(ticket);
        // Another token may be in use by now.
        if (used != token) return pump();
        token.clear();
        turns.set_token(false);
        if (refused) refused(answer);
        return;
    }
    if (answer.status == 429 && call.bucket != Bucket::none) {
        auto const wait = *answer.retry_after;
        turns.limited(call.bucket, Steady::now() + wait);
        if (auto const in_all = slowness.waits(Steady::now(), wait)) slowed_down(*in_all);
        if (wait <= options.waits_at_most && ++attempts < options.most_attempts) {
            turns.again(ticket);
            return pump();
        }
    }
    if (call.insists && (answer.passing() || answer.unknown) && ++attempts < options.most_attempts) {
        turns.done(ticket);
        call_again(std::move(waiting.extract(ticket).mapped()), answer.retry_after);
        return pump();
    }
    finish(ticket, std::move(answer));
    pump();
}

void Api::Impl::call_again(Waiting held, std::optional<Duration> after) {
    auto const wait = std::min<Duration>(first_wait * (1 << held.attempts), longest_wait);
    auto const timer = std::make_shared<boost::asio::steady_timer>(io);
    timer->expires_after(std::max(after.value_or(wait), wait));
    timer->async_wait(
        [weak = weak_from_this(), timer, held = std::move(held)](boost::system::error_code const&) mutable {
            auto const self = weak.lock();
            if (self && !self->stopped) self->call(std::move(held.call), std::move(held.done), held.attempts);
        });
}

void Api::Impl::finish(Turns::Ticket ticket, Answer answer) {
    turns.done(ticket);
    auto const held = waiting.extract(ticket);
    held.mapped().done(std::move(answer));
}

Api::Api(boost::asio::io_context& io, net::Outside& outside, net::Url base, Options options)
    : impl_{std::make_shared<Impl>(io, outside, std::move(base), options)} {
    impl_->refused = [this](Answer const& answer) {
        if (token_refused) token_refused(answer);
    };
    impl_->slowed_down = [this](std::chrono::seconds in_all) {
        if (slowed_down) slowed_down(in_all);
    };
}

Api::~Api() {
    stop();
}

void Api::call(Call call, Done done) {
    impl_->call(std::move(call), std::move(done), 0);
}

void Api::set_token(std::string token) {
    impl_->token = std::move(token);
    impl_->refusal.reset();
    impl_->turns.set_token(!impl_->token.empty());
    impl_->pump();
}

std::string const& Api::token() const {
    return impl_->token;
}

void Api::give_up(Answer answer) {
    impl_->refusal = std::move(answer);
    std::vector<Turns::Ticket> all;
    for (auto const& [ticket, each] : impl_->waiting) {
        bool const lacks_token = each.call.needs_token && each.call.token.empty();
        if (lacks_token && !each.call.waits_for_token && impl_->turns.waits(ticket)) all.push_back(ticket);
    }
    std::ranges::sort(all);
    // Whoever hears of it may stop us.
    for (auto const ticket : all)
        if (!impl_->stopped && impl_->waiting.contains(ticket)) impl_->finish(ticket, *impl_->refusal);
}

net::Url const& Api::base() const {
    return impl_->base;
}

void Api::set_base(net::Url base) {
    impl_->base = std::move(base);
}

std::size_t Api::waiting() const {
    return impl_->turns.waiting();
}

void Api::stop() {
    impl_->stopped = true;
    impl_->alarm.cancel();
    impl_->brief.stop();
    impl_->quick.stop();
    impl_->poll.stop();
    impl_->first_sync.stop();
    impl_->waiting.clear();
}

} // namespace cox::matrix
