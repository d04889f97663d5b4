#include "adapters/slack/socket_machine.hpp"

#include "core/assert.hpp"

#include <algorithm>
#include <utility>

namespace cox::slack {
namespace {

constexpr std::string_view advice =
    "; the app-level token (xapp-…, with connections:write) is wrong or gone: make one in "
    "the app's Basic Information and put it in the old one's place";

using How = act::Say::How;

} // namespace

SocketMachine::SocketMachine(Options options) : options_{options} {
    COX_ASSERT(options_.places >= 1);
}

std::vector<SocketAction> SocketMachine::start(Moment now, std::optional<Moment> last_open) {
    Actions actions;
    if (!places_.empty()) return actions;
    places_.assign(static_cast<std::size_t>(options_.places), Place{{}, {}, now, 0});
    said_.clear();
    open_from_ = now;
    // A clock that was put back must not keep us waiting for longer than the rule asks.
    if (last_open)
        open_from_ = std::clamp(*last_open + options_.open_at_most_every, now, now + options_.open_at_most_every);
    begin_due(now, actions);
    return actions;
}

std::vector<SocketAction> SocketMachine::url(ConnectionId connection, std::string url, Moment now) {
    Actions actions;
    auto* place = with_attempt(connection);
    if (!place || place->attempt->hello_by) return actions;
    place->attempt->hello_by = now + options_.hello_within;
    actions.push_back(act::Connect{connection, std::move(url)});
    return actions;
}

std::vector<SocketAction> SocketMachine::no_url(ConnectionId connection, UrlRefused const& refused, Moment now,
                                                double jitter) {
    Actions actions;
    auto* place = with_attempt(connection);
    if (!place) return actions;
    place->attempt.reset();
    say(refused.fatal ? How::error : How::warning,
        "Slack gives no address to connect to: " + refused.error + std::string{refused.fatal ? advice : ""}, actions);
    // The limit is the app's: it holds for every place.
    if (refused.retry_after) open_from_ = std::max(open_from_, now + *refused.retry_after);
    fail(*place, now, refused.fatal ? options_.fatal_wait : Span{0}, jitter);
    begin_due(now, actions);
    return actions;
}

void SocketMachine::upgraded(ConnectionId connection, Moment now) {
    auto* place = with_attempt(connection);
    if (place && place->attempt->hello_by) place->attempt->hello_by = now + options_.hello_within;
}

std::vector<SocketAction> SocketMachine::hello(ConnectionId connection, Moment now) {
    Actions actions;
    auto* place = with_attempt(connection);
    if (!place || !place->attempt->hello_by) return actions;
    bool const counted = counts();
    auto const old = std::exchange(place->live, Live{connection, now, false});
    place->attempt.reset();
    said_.clear();
    if (!counted) {
        say(How::info, "connected to Slack", actions);
        actions.push_back(act::Serving{true});
    }
    if (old) actions.push_back(act::Close{old->connection, options_.linger});
    return actions;
}

std::vector<SocketAction> SocketMachine::disconnect(ConnectionId connection, std::string const& reason, Moment now,
                                                    double jitter) {
    Actions actions;
    auto* attempted = with_attempt(connection);
    auto* place = attempted ? attempted : with_live(connection);
    if (!place) return actions;
    bool const crowded = reason == "too_many_websockets";
    bool const disabled = reason == "link_disabled";
    if (crowded) say(How::error, "Slack has too many connections of this app open", actions);
    if (disabled) say(How::error, "Socket Mode is switched off in the settings of the Slack app", actions);

    if (attempted || crowded || disabled) {
        actions.push_back(act::Close{connection});
        if (attempted)
            place->attempt.reset();
        else
            lose(*place, now, actions);
        fail(*place, now, disabled ? options_.fatal_wait : crowded ? options_.crowded_wait : Span{0}, jitter);
    } else if (!place->live->leaving) {
        // It still counts. The next one is wanted at once: how long this one lives is not told.
        forgive(*place, now);
        place->live->leaving = true;
        place->next_try = now;
    }
    begin_due(now, actions);
    return actions;
}

std::vector<SocketAction> SocketMachine::closed(ConnectionId connection, std::string const& reason, Moment now,
                                                double jitter) {
    Actions actions;
    if (auto* attempted = with_attempt(connection)) {
        attempted->attempt.reset();
        say(How::warning, "no connection to Slack: " + reason, actions);
        fail(*attempted, now, Span{0}, jitter);
    } else if (auto* place = with_live(connection)) {
        bool const expected = place->live->leaving;
        if (!expected) say(How::warning, "the connection to Slack is lost: " + reason, actions);
        lose(*place, now, actions);
        // The next one of a connection that was to end is on its way, or waits for its turn already.
        if (!expected) fail(*place, now, Span{0}, jitter);
    }
    begin_due(now, actions);
    return actions;
}

std::vector<SocketAction> SocketMachine::tick(Moment now, double jitter) {
    Actions actions;
    for (auto& place : places_) {
        if (!place.attempt || !place.attempt->hello_by || *place.attempt->hello_by > now) continue;
        actions.push_back(act::Close{place.attempt->connection});
        place.attempt.reset();
        say(How::warning, "no connection to Slack: it says no hello", actions);
        fail(place, now, Span{0}, jitter);
    }
    begin_due(now, actions);
    return actions;
}

std::vector<SocketAction> SocketMachine::stop() {
    Actions actions;
    bool const counted = counts();
    for (auto const& place : places_) {
        if (place.attempt && place.attempt->hello_by) actions.push_back(act::Close{place.attempt->connection});
        if (place.live) actions.push_back(act::Close{place.live->connection});
    }
    places_.clear();
    if (counted) actions.push_back(act::Serving{false});
    return actions;
}

std::optional<Moment> SocketMachine::wake() const {
    std::optional<Moment> earliest;
    auto const consider = [&earliest](Moment at) { earliest = earliest ? std::min(*earliest, at) : at; };
    for (auto const& place : places_) {
        if (place.wants()) consider(std::max(place.next_try, open_from_));
        if (place.attempt && place.attempt->hello_by) consider(*place.attempt->hello_by);
    }
    return earliest;
}

std::optional<ConnectionId> SocketMachine::serving() const {
    Live const* newest = nullptr;
    for (auto const& place : places_)
        if (place.live && (!newest || place.live->since > newest->since)) newest = &*place.live;
    return newest ? std::optional{newest->connection} : std::nullopt;
}

SocketMachine::Place* SocketMachine::with_attempt(ConnectionId connection) {
    auto const found = std::ranges::find_if(
        places_, [connection](Place const& place) { return place.attempt && place.attempt->connection == connection; });
    return found == places_.end() ? nullptr : &*found;
}

SocketMachine::Place* SocketMachine::with_live(ConnectionId connection) {
    auto const found = std::ranges::find_if(
        places_, [connection](Place const& place) { return place.live && place.live->connection == connection; });
    return found == places_.end() ? nullptr : &*found;
}

bool SocketMachine::counts() const {
    return std::ranges::any_of(places_, [](Place const& place) { return place.live.has_value(); });
}

void SocketMachine::begin_due(Moment now, Actions& actions) {
    auto const begin = [&](Place& place) {
        if (!place.wants() || place.next_try > now || open_from_ > now) return;
        place.attempt = Attempt{++last_connection_, {}};
        open_from_ = now + options_.open_at_most_every;
        actions.push_back(act::AskUrl{last_connection_});
    };
    // Calls are few: a place without any connection goes before one whose old connection still serves.
    for (auto& place : places_)
        if (!place.live) begin(place);
    for (auto& place : places_)
        begin(place);
}

void SocketMachine::fail(Place& place, Moment now, Span at_least, double jitter) {
    COX_ASSERT(jitter >= 0 && jitter < 1);
    auto widest = options_.first_wait;
    for (int doubled = 0; doubled < place.failures && widest < options_.longest_wait; ++doubled)
        widest *= 2;
    widest = std::min(widest, options_.longest_wait);
    ++place.failures;
    auto const spread = std::chrono::duration_cast<Span>(jitter * std::chrono::duration<double, std::milli>(widest));
    place.next_try = now + at_least + spread;
}

void SocketMachine::forgive(Place& place, Moment now) const {
    if (now - place.live->since >= options_.settled_after) place.failures = 0;
}

void SocketMachine::lose(Place& place, Moment now, Actions& actions) {
    // One that was to end has been forgiven then; what has failed since counts.
    if (!place.live->leaving) forgive(place, now);
    place.live.reset();
    if (!counts()) actions.push_back(act::Serving{false});
}

void SocketMachine::say(How how, std::string text, Actions& actions) {
    if (said_.insert(text).second) actions.push_back(act::Say{how, std::move(text)});
}

} // namespace cox::slack
