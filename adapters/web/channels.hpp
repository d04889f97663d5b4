#pragma once
// The web network itself: channels, people and messages, without a socket. What it shows is durable first.
// Rows carry ids that rise in the order in which they are handed to the store and the inbox, and both keep that order:
// a reader who has seen message N has missed nothing before it.
#include "adapters/network/network.hpp"
#include "adapters/store/store.hpp"
#include "adapters/web/channel.hpp"
#include "adapters/web/fault.hpp"
#include "adapters/web/message.hpp"
#include "adapters/web/once.hpp"
#include "adapters/web/people.hpp"

#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cox::web {

// What time it is in a channel.
using Clock = std::function<Time(ChannelId const&)>;

// Hears of everything at the moment it is durable.
struct Listener {
    virtual ~Listener() = default;
    virtual void said(Message const&, bool edited) = 0;
    virtual void topic_set(WebChannel const&) = 0;
    virtual void channel_opened(WebChannel const&) = 0;
    virtual void incident_changed(IncidentId, WebChannel const&) = 0;
    virtual void person_met(Person const&) = 0;
    virtual void stopped() = 0;
};

// Something said by a person, as a client sends it.
struct Saying {
    std::string channel;
    std::string user;
    std::string text;
    std::string key; // the client's own: the same one twice is one message
};

struct Pressing {
    std::string channel;
    std::string user;
    std::string message;
    std::string button; // the command that the button carries
    std::string key;
};

class WebChannels final : public Network {
public:
    // The id of the message, once it is durable.
    using Answer = std::function<void(std::expected<std::string, Fault>)>;

    WebChannels(store::Store&, Clock);

    // Takes back what a former run left. Once, before anything else.
    void load(store::Found const&);
    void listen_to(Listener& listener) { listener_ = &listener; }

    std::string_view name() const override { return "web"; }
    bool owns(ChannelId const&) const override;
    std::vector<Person> find_people(ChannelId const&, std::string_view word, bool mention) override;
    void deliver(Delivery const&, std::function<void(Delivered)>) override;
    void reconcile(Delivery const&, std::function<void(Delivered)>) override;
    void incident_changed(IncidentId, ChannelId const&) override;
    void start(Inbox& inbox) override { inbox_ = &inbox; }
    void stop() override;

    void say(Saying, Answer);
    void press(Pressing, Answer);
    // The channel of this name, made if there is none; answers once it is durable.
    void ensure(std::string_view name, std::function<void(ChannelId)>);

    // Durable channels, in order of name.
    std::vector<WebChannel const*> channels() const;
    WebChannel const* channel(ChannelId const&) const;
    People const& people() const { return people_; }
    // Messages after `after`, oldest first, at most `limit`; the newest `limit` with none.
    void read(ChannelId const&, std::optional<std::int64_t> after, std::size_t limit,
              std::function<void(std::vector<Message>)>);
    void read_one(ChannelId const&, std::int64_t message, std::function<void(std::optional<Message>)>);

private:
    using Done = std::function<void(Delivered)>;

    void show(std::int64_t op, effect::Post const&, Done);
    void show(std::int64_t op, effect::Tell const&, Done);
    void show(std::int64_t op, effect::ShowCard const&, Done);
    void show(std::int64_t op, effect::SetTopic const&, Done);
    void show(std::int64_t op, effect::RestoreTopic const&, Done);
    void show(std::int64_t op, effect::SetLink const&, Done);
    void show(std::int64_t op, effect::OpenChannel const&, Done);
    void show(std::int64_t op, effect::PagePerson const&, Done);
    void show(std::int64_t op, effect::Invite const&, Done);
    void show(std::int64_t op, effect::CallHook const&, Done);
    void show_now(Delivery const&, Done);

    WebChannel* find(ChannelId const&);
    // As the bot: makes the message durable, once per op.
    void put(Message, Done);
    void put_topic(WebChannel&, std::string topic, Done);
    void put_channel(std::string name, std::int64_t op, std::string purpose, Done);
    // Adds the person to `met` when nobody had met them before.
    Person meet(UserId const&, std::vector<Person>& met);
    void tell_of(std::vector<Person> const& met);
    // Makes people durable who came with nothing else that is.
    void keep(std::vector<Person> const& met);
    // What stands against this person saying something here.
    std::optional<Fault> objection(std::string const& channel, std::string const& user, std::string const& key) const;
    void press_known(Pressing, std::string key, std::int64_t message, Answer);
    void find_said(ChannelId const&, std::string const& key, std::optional<std::int64_t> after,
                   std::function<void(std::int64_t)>);
    // Wraps a callback so that it does nothing once this object is gone.
    template <class F>
    auto guarded(F f) {
        return [alive = std::weak_ptr<bool>{alive_}, f = std::move(f)]<class... Args>(Args&&... args) mutable {
            if (alive.lock()) f(std::forward<Args>(args)...);
        };
    }
    static std::vector<store::Cursor> rows_of(std::vector<Person> const&);
    static constexpr std::string_view press_key = "web:press:";

    store::Store& store_;
    Clock clock_;
    Inbox* inbox_ = nullptr;
    Listener* listener_;
    People people_;
    std::map<std::string, WebChannel> channels_;
    std::map<std::string, std::vector<std::function<void(ChannelId)>>> waiting_for_channel_;
    Once typed_;
    Once shown_;
    std::int64_t next_message_;
    std::int64_t ops_before_ = 0; // ops up to this one are of a former run
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

} // namespace cox::web
