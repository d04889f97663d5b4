#pragma once
// What a chat network is to the rest of the house: it hands in what people say and delivers what the engine shows.
// Everything here runs on the one network thread; callbacks come on that thread.
#include "adapters/store/store.hpp"
#include "core/effect.hpp"
#include "core/ids.hpp"
#include "core/parse.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cox {

// One thing somebody said or pressed.
struct Inbound {
    std::string key; // by meaning: the same key twice is one command
    Channel place;
    Person actor;
    std::string text; // what was typed, or the pressed button's command
    Form form = Form::message;
    store::Batch also; // rows of the adapter's own that must be durable together with it; cursors of a duplicate too
    Standing standing = Standing::member;
    // When the network says that it was said, where it may come late: what is too old is not carried out any more.
    std::optional<Time> said_at = std::nullopt;
    // A form that was filled in says what is meant without words to be read; `text` is then what is handed back.
    std::optional<Parsed> meant = std::nullopt;
};

struct Outcome {
    enum class What { done, refused, talk, duplicate } what = What::done;
    std::vector<Effect> effects; // what will be shown because of it
};

// The way in. `durable` is called once the command and everything that follows from it is on disk: acknowledge then.
struct Inbox {
    virtual ~Inbox() = default;
    virtual void receive(Inbound, std::function<void(Outcome)> durable) = 0;
};

struct Delivery {
    std::int64_t op = 0; // the outbox's id: unique for ever, safe as an idempotency key
    IncidentId incident; // 0 when it belongs to none
    Effect effect;
    Time at{};       // when it was decided
    int urgency = 0; // 0 goes first: the rank of the incident's severity
};

struct Delivered {
    enum class What {
        sent,    // it is visible; `remote` says where
        absent,  // reconcile only: it is not there, send it
        again,   // not sent, try later
        unknown, // it may or may not be there: reconcile first
        failed   // it never will be; `reason` says why
    } what = What::sent;
    std::string remote;
    std::string reason;
    std::optional<Duration> wait;  // the network's own word on when to try again
    std::optional<Channel> opened; // the answer to OpenChannel
    bool unreachable = false;      // failed because of the place: another one may take it
    bool may_repeat = false;       // sent, and an earlier try may stand there as well
};

class Network {
public:
    virtual ~Network() = default;
    virtual std::string_view name() const = 0; // "web"
    virtual bool owns(ChannelId const&) const = 0;
    // Members of a channel that a word may mean.
    virtual std::vector<Person> find_people(ChannelId const&, std::string_view word, bool mention) = 0;
    virtual void deliver(Delivery const&, std::function<void(Delivered)>) = 0;
    // Was this one, of unknown fate, delivered before?
    virtual void reconcile(Delivery const&, std::function<void(Delivered)>) = 0;
    // The channel, by its name, where people can work together; none for a conversation with one person.
    virtual std::optional<Channel> room(Channel const& place) const { return place; }
    // Something about the incident changed and is on disk, whether its channel shows it or not: once for each decision.
    // Told to the network of `channel`: the channel of record, or where it was declared while it has none.
    virtual void incident_changed(IncidentId, ChannelId const& /*channel*/) {}
    virtual void start(Inbox&) = 0;
    // Takes nothing in any more; what was taken in is still answered. One that owes nobody an answer stops.
    virtual void stop_listening() { stop(); }
    // May come again.
    virtual void stop() = 0;
    // Stops, and calls back once its last words are out.
    virtual void leave(std::function<void()> gone) {
        stop();
        gone();
    }
};

} // namespace cox
