#pragma once
// When to connect, which connection counts, when to try again: Socket Mode's life cycle as a machine without a socket
// or a clock. The driver does what the actions say and tells what came of it.
//
// A connection counts from its `hello` on. A refresh opens the next one first and lets the old one go once the new one
// has said hello; only too_many_websockets closes first. The wait between attempts doubles with full jitter and falls
// back only after a connection has lived for 30 s past its hello. At most one attempt at a time per place.
// Source: docs.slack.dev "Using Socket Mode"; what the official clients do is measured.
#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace cox::slack {

using Moment = std::chrono::steady_clock::time_point;
using Span = std::chrono::milliseconds;
using ConnectionId = std::uint64_t; // never used twice

namespace act {
struct AskUrl { // apps.connections.open
    ConnectionId connection = 0;
};
struct Connect {
    ConnectionId connection = 0;
    std::string url;
};
struct Close { // says goodbye and forgets it: what comes of it later is not told to the machine
    ConnectionId connection = 0;
    Span linger{0}; // before the goodbye: what is on its way there is taken and acknowledged
};
// For the operator; said once until something changes.
struct Say {
    enum class How { info, warning, error } how = How::info;
    std::string text;
};
struct Serving { // whether any connection counts
    bool yes = false;
};
} // namespace act
using SocketAction = std::variant<act::AskUrl, act::Connect, act::Close, act::Say, act::Serving>;

struct UrlRefused {
    std::string error;               // Slack's word, or ours: "invalid_auth", "network: certificate: …"
    bool fatal = false;              // trying again soon cannot help
    std::optional<Span> retry_after; // Slack's own word
};

class SocketMachine {
public:
    struct Options {
        int places = 1; // connections held warm at the same time: 1 or 2
        Span first_wait{500};
        Span longest_wait{30'000};
        Span settled_after{30'000};     // past hello
        Span hello_within{10'000};      // of the upgrade; the upgrade, of Connect
        Span fatal_wait{60'000};        // between attempts that cannot help
        Span crowded_wait{10'000};      // at least, after too_many_websockets
        Span open_at_most_every{1'000}; // apps.connections.open
        Span linger{3'000};             // of a connection that another one has replaced
    };
    explicit SocketMachine(Options);

    // `last_open`: when apps.connections.open was last called, in a former life too. `jitter` in [0, 1) wherever a wait
    // may be spread. What is told of a connection that the machine has closed, or never had, changes nothing.
    std::vector<SocketAction> start(Moment now, std::optional<Moment> last_open = {});
    std::vector<SocketAction> url(ConnectionId, std::string url, Moment now);
    std::vector<SocketAction> no_url(ConnectionId, UrlRefused const&, Moment now, double jitter);
    void upgraded(ConnectionId, Moment now); // it is a WebSocket now
    std::vector<SocketAction> hello(ConnectionId, Moment now);
    std::vector<SocketAction> disconnect(ConnectionId, std::string const& reason, Moment now, double jitter);
    // The connection went away, or could not be made.
    std::vector<SocketAction> closed(ConnectionId, std::string const& reason, Moment now, double jitter);
    std::vector<SocketAction> tick(Moment now, double jitter);
    std::vector<SocketAction> stop();

    // When tick() has something to do.
    std::optional<Moment> wake() const;
    // A connection that counts, the newest first; none while there is none.
    std::optional<ConnectionId> serving() const;

private:
    struct Attempt {
        ConnectionId connection = 0;
        std::optional<Moment> hello_by; // none while the URL is awaited
    };
    struct Live {
        ConnectionId connection = 0;
        Moment since;         // its hello
        bool leaving = false; // Slack has said that it will end it
    };
    // A place has at most one connection that counts and one that is on its way.
    struct Place {
        std::optional<Live> live;
        std::optional<Attempt> attempt;
        Moment next_try; // where it wants a connection and none is on its way
        int failures = 0;

        bool wants() const { return !attempt && (!live || live->leaving); }
    };
    using Actions = std::vector<SocketAction>;

    Place* with_attempt(ConnectionId);
    Place* with_live(ConnectionId);
    bool counts() const;
    void begin_due(Moment now, Actions&);
    // The attempt, or the connection that counted, has come to nothing: the next one is not before `at_least`.
    void fail(Place&, Moment now, Span at_least, double jitter);
    void forgive(Place&, Moment now) const; // its connection has lived long enough
    void lose(Place&, Moment now, Actions&);
    void say(act::Say::How, std::string text, Actions&);

    Options options_;
    std::vector<Place> places_; // none before start() and after stop()
    ConnectionId last_connection_ = 0;
    Moment open_from_; // apps.connections.open may be called from here on
    std::set<std::string> said_;
};

} // namespace cox::slack
