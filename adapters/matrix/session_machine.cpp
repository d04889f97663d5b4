#include "adapters/matrix/session_machine.hpp"

#include "adapters/json/untrusted.hpp"
#include "adapters/matrix/names.hpp"
#include "adapters/net/url.hpp"

#include <algorithm>
#include <utility>

namespace cox::matrix {
namespace {

using namespace std::chrono_literals;
using Actions = SessionMachine::Actions;

constexpr std::size_t longest_answer = 64 * 1024;
constexpr Duration hardly_used = 1min;
constexpr int looks_until_asked = 15; // the homeserver, whether the old secret is good again

nlohmann::json read(Answer const& answer) {
    return untrusted::read_object(answer.body, longest_answer).value_or(nlohmann::json::object());
}

// It may go at another time; nothing is wrong with what we asked.
bool may_come_later(Answer const& answer) {
    return answer.status == 0 || answer.status == 429 || answer.status >= 500;
}

Answer no_token() {
    Answer answer;
    answer.status = 401;
    answer.errcode = "M_MISSING_TOKEN";
    return answer;
}

bool is_locked(Answer const& answer) {
    return answer.errcode == "M_USER_LOCKED";
}

Actions operator+(Actions first, Actions&& rest) {
    std::ranges::move(rest, std::back_inserter(first));
    return first;
}

bool is_url(std::string_view text) {
    return text.contains("://");
}

// Whether this user is the one that the settings name, in full or by the localpart; they need not name any.
bool is_account(std::string_view user, std::string_view named) {
    return named.empty() || user == named || localpart_of(user) == named;
}

std::string without_slash(std::string url) {
    while (url.ends_with('/'))
        url.pop_back();
    return url;
}

} // namespace

std::string to_json(Session const& session) {
    nlohmann::json json{{"base", session.base},
                        {"user", session.user},
                        {"device", session.device},
                        {"token", session.token},
                        {"refresh", session.refresh_token},
                        {"given", session.given}};
    if (session.expires) json["expires"] = rfc3339(*session.expires);
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::optional<Session> session_from_json(std::string_view text) {
    using namespace untrusted;
    auto const json = read_object(text, longest_answer);
    if (!json) return std::nullopt;
    Session session{text_at(*json, "base"),  text_at(*json, "user"),    text_at(*json, "device"),
                    text_at(*json, "token"), text_at(*json, "refresh"), from_rfc3339(text_at(*json, "expires")),
                    flag_at(*json, "given")};
    return session.token.empty() ? std::nullopt : std::optional{std::move(session)};
}

Actions SessionMachine::start(std::optional<Session> kept, std::optional<Secrets> secrets) {
    secrets_ = std::move(secrets);
    if (kept) session_ = std::move(*kept);
    // A URL in the settings counts; what .well-known said is good until we log in anew. A token is good for the account
    // and the homeserver that it was made for.
    bool const moved = is_url(options_.homeserver) && session_.base != options_.homeserver;
    if (moved) session_.base = options_.homeserver;
    if (moved || !is_account(session_.user, options_.user)) session_.token.clear();
    auto const given = secrets_ ? secrets_->token : std::string{};
    // The operator's token goes before one of ours, and a token that the operator took away is not used any more.
    if (!given.empty()) {
        if (given != session_.token) session_.refresh_token.clear();
        session_.token = given;
        session_.expires.reset();
    } else if (session_.given) {
        session_.token.clear();
    }
    session_.given = !given.empty();
    return find();
}

Actions SessionMachine::find() {
    if (!session_.base.empty()) return go_on();
    then_ = Then::find;
    return {act::AskWellKnown{options_.homeserver}};
}

Actions SessionMachine::go_on() {
    return Actions{act::UseBase{session_.base}} + (session_.token.empty() ? log_in() : ask());
}

Actions SessionMachine::well_known(Answer const& answer) {
    // No such file: the server is its own homeserver.
    auto base = "https://" + options_.homeserver;
    if (answer.ok()) {
        auto const said = untrusted::text_at(untrusted::at(read(answer), "m.homeserver"), "base_url");
        auto const url = net::parse_url(said);
        if (!url || (!url->secure() && !net::is_loopback(url->host))) {
            auto wrong = answer;
            wrong.error = "its .well-known/matrix/client names no homeserver that can be used";
            return later(Then::find, wrong);
        }
        base = without_slash(said);
    } else if (answer.status != 404) {
        return later(Then::find, answer);
    }
    session_.base = base;
    return go_on();
}

Actions SessionMachine::log_in() {
    if (!secrets_ || (secrets_->password.empty() && secrets_->as_token.empty())) {
        return give_up(why_renewed_.value_or(no_token()),
                       "the access token is refused; make a new one and put it where the old one is, it is taken "
                       "without a restart");
    }
    then_ = Then::log_in;
    auto const device = session_.device.empty() ? options_.device : session_.device;
    return {act::LogIn{options_.user, secrets_->password, device, secrets_->as_token}};
}

Actions SessionMachine::logged_in(Answer const& answer, Time now) {
    if (answer.ok()) {
        session_.given = false;
        take(read(answer), now);
        if (!session_.token.empty()) return {act::Save{session_}};
    }
    if (may_come_later(answer) || answer.ok()) return later(Then::log_in, answer);
    bool const no_passwords = answer.errcode == "M_UNRECOGNIZED" || answer.status == 404;
    return give_up(answer, no_passwords
                               ? "the homeserver takes no passwords; give the bot an access token instead"
                               : "the log-in is refused (" + in_words(answer) +
                                     "); check matrix.user and the password, which is taken anew without a restart");
}

void SessionMachine::take(nlohmann::json const& json, Time now) {
    using namespace untrusted;
    session_.token = text_at(json, "access_token");
    if (auto user = text_at(json, "user_id"); is_user(user)) session_.user = std::move(user);
    if (auto device = text_at(json, "device_id"); !device.empty()) session_.device = std::move(device);
    if (auto refresh = text_at(json, "refresh_token"); !refresh.empty()) session_.refresh_token = std::move(refresh);
    session_.expires.reset();
    if (auto const ms = count_at(json, "expires_in_ms")) session_.expires = cox::later(now, Duration{*ms});
}

Actions SessionMachine::refresh() {
    then_ = Then::refresh;
    return {act::Refresh{session_.refresh_token}};
}

Actions SessionMachine::refreshed(Answer const& answer, Time now) {
    if (answer.ok()) {
        take(read(answer), now);
        if (!session_.token.empty()) return {act::Save{session_}};
    }
    if (may_come_later(answer)) return later(Then::refresh, answer);
    session_.refresh_token.clear();
    return log_in();
}

Actions SessionMachine::ask() {
    then_ = Then::ask;
    return {act::AskWhoWeAre{session_.token}};
}

Actions SessionMachine::told_who_we_are(Answer const& answer) {
    if (may_come_later(answer)) return later(Then::ask, answer);
    auto const json = read(answer);
    auto user = untrusted::text_at(json, "user_id");
    if (!answer.ok() || !is_user(user)) return renew(answer);
    session_.user = std::move(user);
    // An application service's token belongs to no device.
    auto device = untrusted::text_at(json, "device_id");
    if (!device.empty()) session_.device = std::move(device);
    return {act::Save{session_}};
}

Actions SessionMachine::saved(Time now) {
    Actions actions{act::Serve{session_}};
    served_at_ = now;
    if (!std::exchange(serving_, true) || given_up_) {
        actions.push_back(act::Say{act::Say::How::info, "here as " + session_.user + ", device " + session_.device});
    }
    given_up_ = false;
    said_.clear();
    why_renewed_.reset();
    wait_ = Duration::zero();
    then_ = Then::nothing;
    if (session_.expires && !session_.refresh_token.empty()) {
        // Before it ends, so that nothing is refused for it.
        then_ = Then::refresh;
        auto const left = *session_.expires - now;
        actions.push_back(act::Wait{std::max<Duration>(left - std::min<Duration>(left / 5, 1min), 1s)});
    }
    return actions;
}

Actions SessionMachine::refused(Answer const& answer, Time now) {
    soon_refused_ = now - served_at_ < hardly_used ? soon_refused_ + 1 : 0;
    if (soon_refused_ <= 1) return renew(answer);
    // A homeserver that gives tokens which it does not take is not to be kept busy with it.
    why_renewed_ = answer;
    then_ = Then::renew;
    auto const wait = options_.first_wait * (1 << std::min(soon_refused_ - 1, 10));
    return {act::Wait{std::min<Duration>(wait, options_.longest_wait)}};
}

Actions SessionMachine::renew(Answer const& why) {
    if (is_locked(why)) {
        auto actions =
            given_up_ ? Actions{} : give_up(why, "the account is locked; unlock it, the bot goes on by itself");
        then_ = Then::ask;
        actions.push_back(act::Wait{options_.longest_wait});
        return actions;
    }
    why_renewed_ = Answer{why};
    // With a refresh token it is the usual course of things.
    if (!session_.refresh_token.empty()) return refresh();
    Actions actions;
    if (!given_up_) {
        actions.push_back(act::Say{act::Say::How::warning,
                                   "the access token is no longer good (" + in_words(why) + "); getting another"});
    }
    // A new one may stand where the old one stood.
    actions.push_back(act::LookAtSecrets{Duration::zero()});
    return actions;
}

Actions SessionMachine::secrets(std::optional<Secrets> now) {
    bool const changed = now && (!secrets_ || *now != *secrets_);
    bool const first_look = !given_up_;
    if (now) secrets_ = std::move(now);
    if (!changed && !first_look && ++looks_ < looks_until_asked) {
        return {act::LookAtSecrets{options_.look_every}};
    }
    looks_ = 0;
    auto const given = secrets_ ? secrets_->token : std::string{};
    if (!given.empty() && (given != session_.token || !first_look)) {
        session_.token = given;
        session_.given = true;
        session_.refresh_token.clear();
        session_.expires.reset();
        return ask();
    }
    return log_in();
}

Actions SessionMachine::tick() {
    switch (std::exchange(then_, Then::nothing)) {
    case Then::nothing: return {};
    case Then::find: return find();
    case Then::log_in: return log_in();
    case Then::ask: return ask();
    case Then::refresh: return refresh();
    case Then::renew: return renew(*why_renewed_);
    }
    return {};
}

Actions SessionMachine::later(Then then, Answer const& answer) {
    then_ = then;
    Actions actions;
    if (auto const why = in_words(answer); std::exchange(said_, why) != why) {
        actions.push_back(act::Say{act::Say::How::warning, "not reached yet (" + why + "); trying again"});
    }
    wait_ = wait_ == Duration::zero() ? options_.first_wait : std::min(wait_ * 2, options_.longest_wait);
    actions.push_back(act::Wait{answer.retry_after.value_or(wait_)});
    return actions;
}

Actions SessionMachine::give_up(Answer const& answer, std::string trouble) {
    Actions actions;
    if (!std::exchange(given_up_, true)) actions.push_back(act::Say{act::Say::How::error, trouble});
    actions.push_back(act::GiveUp{answer, std::move(trouble)});
    if (!is_locked(answer)) actions.push_back(act::LookAtSecrets{options_.look_every});
    return actions;
}

} // namespace cox::matrix
