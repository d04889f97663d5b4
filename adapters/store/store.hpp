#pragma once
// Where everything durable lives: the inbox (what was already taken in), the log of events, the outbox, cursors of the
// networks, and the transcript of channels that live here (the web channel). One transaction per batch; batches are
// committed in the order given, several at a time where they queue up.
#include "core/event.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cox::store {

enum class OpState { pending, in_flight, sent, unknown, superseded, expired, failed };

// An effect on its way out.
struct Op {
    std::int64_t id = 0;
    IncidentId incident;
    std::string channel;
    std::string kind; // kind_of(effect)
    std::string body; // to_json(effect)
    Time at;
    OpState state = OpState::pending;
    int attempts = 0;
    std::string remote; // where it stands once sent
};

struct OpMark {
    std::int64_t id = 0;
    OpState state = OpState::pending;
    int attempts = 0;
    std::string remote;
    std::string reason;
};

struct Cursor {
    std::string name;
    std::string value;
};

// A message of a channel that lives here.
struct Said {
    std::int64_t id = 0;
    std::string channel;
    Time at;
    std::string author;  // UserId; "" is the bot
    std::string body;    // JSON, the adapter's own form
    std::int64_t op = 0; // the outbox id it came from; 0 when a person said it. Unique where not 0
    std::optional<Time> edited_at;
};

struct SaidChannel {
    std::string id;
    std::string name;
    std::string topic;
    std::string body; // JSON, the adapter's own form
};

struct Batch {
    std::vector<std::string> keys;
    std::vector<Event> events;
    std::vector<Op> ops;
    std::vector<OpMark> marks;
    std::vector<Cursor> cursors;
    std::vector<Said> said;            // inserts; the same id again replaces
    std::vector<SaidChannel> channels; // inserts; the same id again replaces
    bool patient = false;              // it may wait a moment for one that is not, and share its transaction
};

// An incident that is over, where it happened.
struct Closed {
    std::string channel;
    IncidentId incident;
    bool operator==(Closed const&) const = default;
};

// What a start-up finds.
struct Found {
    std::vector<Op> ops;           // neither sent, superseded, expired nor failed, in order of id
    std::vector<std::string> keys; // recent ones, oldest first
    std::vector<Cursor> cursors;
    std::vector<SaidChannel> channels;
    std::vector<Closed> closed; // the last one of each channel, where that was closed too long ago to be visited
    std::int64_t highest_op = 0;
    std::int64_t highest_said = 0;
    IncidentId highest_incident;
};

// Why a database cannot be used. `exit_code` is the one of the command line's contract.
struct Trouble {
    std::string what; // "FILE: what is wrong; what to do"
    int exit_code = 70;
};

template <class T>
using Result = std::expected<T, Trouble>;

class Store {
public:
    virtual ~Store() = default;

    // Before the first commit, on the calling thread. Events of every incident that is open, or was closed after
    // `closed_since`, in order of (incident, seq); a visitor that returns an error stops the load.
    virtual Result<Found> load(Time closed_since, std::function<std::expected<void, std::string>(Event&&)> visit) = 0;

    // `durable` is called through the poster after the transaction is on disk. A commit that fails is final: `broken`
    // (given to open) is called and nothing is acknowledged any more.
    virtual void commit(Batch, std::function<void()> durable) = 0;

    virtual void read_events(IncidentId, std::function<void(std::vector<Event>)>) = 0;
    virtual void read_incident_ids(std::function<void(std::vector<IncidentId>)>) = 0;
    // Messages of a channel with id > after, oldest first, at most `limit`; with `after` 0 the newest `limit`.
    virtual void read_said(std::string const& channel, std::int64_t after, std::size_t limit,
                           std::function<void(std::vector<Said>)>) = 0;
    // The message that came from this outbox op; none when there is none.
    virtual void read_said_of_op(std::int64_t op, std::function<void(std::optional<Said>)>) = 0;

    // Commits what is queued and stops the thread.
    virtual void close() = 0;
};

// Hands a function to the network thread.
using Poster = std::function<void(std::function<void()>)>;

struct Options {
    std::filesystem::path file;
    bool read_only = false; // export and replay: touches nothing
};

Result<std::unique_ptr<Store>> open_sqlite(Options const&, Poster, std::function<void(Trouble)> broken);

} // namespace cox::store
