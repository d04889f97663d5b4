#include "adapters/slack/socket.hpp"

#include "adapters/slack/json.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace cox::slack {
namespace {

// The host that Slack's sockets are on; whatever else an answer names is not believed.
bool is_slacks(net::Url const& url, bool loopback_allowed) {
    if (url.scheme == "wss") return url.host.ends_with(".slack.com") || url.host == "slack.com";
    return loopback_allowed && url.scheme == "ws" && net::is_loopback(url.host);
}

} // namespace

Socket::Socket(Wiring wiring, SocketMachine::Options options)
    : wiring_{std::move(wiring)}, machine_{options}, alarm_{wiring_.io} {}

void Socket::start(std::optional<std::chrono::steady_clock::time_point> last_asked) {
    carry_out(machine_.start(std::chrono::steady_clock::now(), last_asked));
}

void Socket::stop(std::function<void()> gone) {
    carry_out(machine_.stop());
    alarm_.cancel();
    while (!sockets_.empty())
        say_goodbye(sockets_.begin()->first);
    gone_ = std::move(gone);
    left();
}

void Socket::left() {
    if (gone_ && leaving_.empty()) std::exchange(gone_, nullptr)();
}

void Socket::carry_out(std::vector<SocketAction> const& actions) {
    for (auto const& action : actions)
        std::visit([this](auto const& one) { perform(one); }, action);
    arm();
}

void Socket::perform(act::AskUrl const& ask) {
    wiring_.asked();
    wiring_.api.open_connection([this, alive = std::weak_ptr<bool>{alive_}, id = ask.connection](Answer const& answer) {
        if (!alive.lock()) return;
        auto const now = std::chrono::steady_clock::now();
        auto const json = read_object(answer.body, answer.body.size());
        if (answer.ok() && json) return carry_out(machine_.url(id, text_at(*json, "url"), now));
        bool const renewed = answer.verdict == Verdict::token && wiring_.token_refused(answer.error);
        bool const fatal = !renewed && (answer.verdict == Verdict::token || answer.verdict == Verdict::scope ||
                                        answer.verdict == Verdict::refused);
        carry_out(machine_.no_url(id, {in_words(answer), fatal, answer.retry_after}, now, jitter()));
    });
}

void Socket::perform(act::Connect const& connect) {
    auto const id = connect.connection;
    auto const closed = [this, alive = std::weak_ptr<bool>{alive_}, id](std::string const& why) {
        if (!alive.lock()) return;
        if (leaving_.erase(id) > 0) return left();
        if (sockets_.erase(id) == 0) return;
        carry_out(machine_.closed(id, why, std::chrono::steady_clock::now(), jitter()));
    };
    auto const url = net::parse_url(connect.url);
    if (!url || !is_slacks(*url, wiring_.loopback)) {
        sockets_[id] = nullptr;
        boost::asio::post(wiring_.io,
                          [closed] { closed("Slack named an address for its socket that is not its own"); });
        return;
    }
    net::WebSocketEvents events;
    events.opened = [this, alive = std::weak_ptr<bool>{alive_}, id] {
        if (!alive.lock()) return;
        machine_.upgraded(id, std::chrono::steady_clock::now());
        arm();
    };
    events.text = [this, alive = std::weak_ptr<bool>{alive_}, id](std::string const& text) {
        if (alive.lock()) took(id, text);
    };
    events.closed = [closed](net::Failure const& failure) {
        closed(std::string{net::word(failure.cause)} + ": " + failure.reason);
    };
    sockets_[id] = net::WebSocket::open(wiring_.io, wiring_.outside, *url, std::move(events), wiring_.limits);
}

void Socket::perform(act::Close const& close) {
    if (close.linger == Span{0}) return say_goodbye(close.connection);
    auto const timer = std::make_shared<boost::asio::steady_timer>(wiring_.io, close.linger);
    timer->async_wait(
        [this, alive = std::weak_ptr<bool>{alive_}, timer, id = close.connection](boost::system::error_code const&) {
            if (alive.lock()) say_goodbye(id);
        });
}

void Socket::say_goodbye(ConnectionId id) {
    auto const found = sockets_.find(id);
    if (found == sockets_.end()) return;
    // It says goodbye for as long as that may take; what comes of it is nobody's business any more.
    auto const leaving = std::shared_ptr<net::WebSocket>{std::move(found->second)};
    sockets_.erase(found);
    if (!leaving) return;
    leaving_.insert(id);
    leaving->close();
    auto const timer = std::make_shared<boost::asio::steady_timer>(wiring_.io, std::chrono::seconds{2});
    timer->async_wait([timer, leaving](boost::system::error_code const&) {});
}

void Socket::took(ConnectionId id, std::string const& text) {
    auto frame = read_frame(text, wiring_.ourselves());
    auto const now = std::chrono::steady_clock::now();
    if (std::holds_alternative<frame::Hello>(frame)) {
        carry_out(machine_.hello(id, now));
    } else if (auto const* goodbye = std::get_if<frame::Disconnect>(&frame)) {
        carry_out(machine_.disconnect(id, goodbye->reason, now, jitter()));
    } else if (auto* envelope = std::get_if<frame::Envelope>(&frame)) {
        wiring_.envelope(std::move(*envelope), id);
    } else {
        wiring_.say({act::Say::How::info, "slack: a frame was passed over: " + std::get<frame::Junk>(frame).why});
    }
}

void Socket::acknowledge(ConnectionId id, std::string frame) {
    auto found = sockets_.find(id);
    if (found == sockets_.end() || !found->second) {
        // Slack may take it there, and delivers again if not.
        auto const other = machine_.serving();
        found = other ? sockets_.find(*other) : sockets_.end();
    }
    if (found != sockets_.end() && found->second) found->second->send(std::move(frame));
}

void Socket::arm() {
    auto const wake = machine_.wake();
    if (!wake) return;
    alarm_.expires_at(*wake);
    alarm_.async_wait([this, alive = std::weak_ptr<bool>{alive_}](boost::system::error_code const& error) {
        if (!error && alive.lock()) carry_out(machine_.tick(std::chrono::steady_clock::now(), jitter()));
    });
}

} // namespace cox::slack
