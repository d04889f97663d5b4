#pragma once
// The engine's effects on their way out: which call each becomes, what its answer means, and how to find out what
// became of one whose answer was lost.
//   posting.cpp  messages: posts, private words, pages
//   showing.cpp  what is kept up to date: card, topic, the link of the call
//   opening.cpp  channels of their own
//   inviting.cpp who must be there to read them
//   finding.cpp  what became of an uncertain one
#include "adapters/network/desk.hpp"
#include "adapters/network/network.hpp"
#include "adapters/slack/drawing.hpp"
#include "adapters/slack/replies.hpp"
#include "adapters/slack/rooms.hpp"
#include "adapters/slack/web_api.hpp"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace cox::slack {

// What the parts of the network share.
struct Shared {
    WebApi& api;
    store::Store& store;
    Desk& desk;
    Rooms& rooms;
    Replies& replies;
    std::string team = {};  // "T1", once Slack has told it
    std::string self = {};  // the bot's user id
    std::string house = {}; // tells our operations from those of another database
    bool private_channels = false;
    Duration topic_spacing = std::chrono::seconds{30};
    std::string trouble = {}; // why nothing can be sent at all, in Slack's word for the token; "" while all is well
    std::function<void()> check_token = {};
};

class Deliverer {
public:
    using Done = std::function<void(Delivered)>;

    explicit Deliverer(Shared& shared) : shared_{shared} {}

    void deliver(Delivery const&, Done);
    void reconcile(Delivery const&, Done);
    // A former life may have ended between a card and its pin.
    void pin_what_is_due();

    void reachable(Room&);
    void unreachable(Room&, std::string const& why);
    // Words of our own that are no effect: to everybody there, or to one person. `said` hears whether they stand there.
    void say(
        Room const&, std::string_view marked, std::string const& to = {}, std::function<void(bool)> said = [](bool) {});
    // To one person by the answer to their command, which gets through where we are not; else as say() does.
    void whisper(Room const&, std::string_view marked, std::string const& to);
    // Somebody changed the topic by hand while it names the roles of an incident.
    void topic_changed(Room&, std::string const& user, std::string const& topic);

private:
    using Answered = std::function<void(Answer)>;

    void show(Delivery const&, effect::Post const&, Done);
    void show(Delivery const&, effect::Tell const&, Done);
    void show(Delivery const&, effect::PagePerson const&, Done);
    void show(Delivery const&, effect::ShowCard const&, Done);
    void show(Delivery const&, effect::SetTopic const&, Done);
    void show(Delivery const&, effect::RestoreTopic const&, Done);
    void show(Delivery const&, effect::SetLink const&, Done);
    void show(Delivery const&, effect::OpenChannel const&, Done);
    void show(Delivery const&, effect::Invite const&, Done);
    void show(Delivery const&, effect::CallHook const&, Done const&);

    void post(Delivery const&, std::string const& channel, Drawn const&, std::string metadata, Answered);
    // Whoever the post speaks to is in the incident's channel before it stands there, where that is ours.
    void bring_in(Delivery const&, effect::Post const&, std::function<void()> then);
    // `then` hears the answers about those who did not come in.
    using Invited = std::function<void(std::vector<Answer> const& in_vain)>;
    void invite(Delivery const&, std::string const& channel, std::vector<std::string> users,
                std::vector<Answer> in_vain, Invited then);
    void note_invite(Answer const&, std::string const& channel, std::string const& user);
    void tell_in_channel(Delivery const&, effect::Tell const&, Drawn, Done);
    void tell_directly(Delivery const&, std::string const& user, Drawn const&, Done);
    // A call in a channel: where the bot was never in it, once it has joined.
    void call_in(Call, Answered);
    bool may_join(Room const&) const;
    void join(Room&, std::function<void()> then);
    void warn_if_shared(Room&, effect::Post const&);
    void put_card(Delivery const&, effect::ShowCard const&, Done);
    void pin_card(Room const&, IncidentId);
    void change_card(Delivery const&, effect::ShowCard const&, std::string ts, Done);
    void write_topic(Room&, int urgency, std::string topic, Done);
    void add_link(Delivery const&, effect::SetLink const&, Done);
    void change_link(Delivery const&, effect::SetLink const&, Done);
    void create(Delivery const&, effect::OpenChannel const&, int attempt, Done);
    void settle_in(Delivery const&, effect::OpenChannel const&, std::string channel, std::string name, Done);
    void find_channel(Delivery const&, effect::OpenChannel const&, std::string cursor, int pages, Done);
    using Fits = std::function<bool(std::string_view op, std::string_view card)>;
    void find_message(Delivery const&, std::string const& channel, Fits, std::string cursor, int pages,
                      std::function<void(std::optional<Delivered>, std::string ts)>);

    // Unix seconds: what came of an effect is looked for from then on.
    static std::int64_t searched_from(Time decided);
    // What an answer means for the outbox; takes note of what it says about the room that it was asked to change, the
    // token and our rights.
    Delivered outcome(Answer const&, Room*);
    // None when the room can be asked now; else what to tell the outbox.
    std::optional<Delivered> obstacle(Room const&, bool keeps) const;
    std::string metadata_of(Delivery const&, std::string_view card = {}) const;
    std::string op_name(std::int64_t op) const;
    void save(
        Room const&, std::function<void()> then = [] {});
    // Wraps a callback so that it does nothing once this object is gone.
    template <class F>
    auto guarded(F f) {
        return [alive = std::weak_ptr<bool>{alive_}, f = std::move(f)]<class... Args>(Args&&... args) {
            if (alive.lock()) f(std::forward<Args>(args)...);
        };
    }

    Shared& shared_;
    std::set<std::int64_t> may_repeat_; // posts sent again although the first try may stand there
    std::set<std::string> pinning_;     // cards, by their ts
    std::set<std::string> missed_;      // rights whose absence the operator has heard of
    std::map<std::string, std::vector<std::function<void()>>> joining_; // channels, and what waits to be in them
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

} // namespace cox::slack
