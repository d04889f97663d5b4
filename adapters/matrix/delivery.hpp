#pragma once
// The engine's effects on their way out: which call each becomes, what its answer means, and how to find out what
// became of one whose answer was lost. A call that may be repeated carries a transaction id made of the outbox's own
// number: the homeserver takes it once however often it is sent, as long as it remembers; what it may have forgotten is
// looked for by the number in the event's content first.
//   posting.cpp  messages: posts, private words, pages, and the reactions that are their buttons
//   showing.cpp  what is kept up to date: card, topic, the link of the call
//   opening.cpp  rooms of their own
//   inviting.cpp who must be there to read them
//   finding.cpp  what became of an uncertain one
#include "adapters/matrix/drawing.hpp"
#include "adapters/matrix/shared.hpp"
#include "adapters/network/network.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cox::matrix {

class Deliverer {
public:
    using Done = std::function<void(Delivered)>;

    explicit Deliverer(Shared& shared);

    void deliver(Delivery const&, Done);
    void reconcile(Delivery const&, Done);
    // A former life may have ended between a card and its pin.
    void pin_what_is_due();

    void reachable(Room&);
    void unreachable(Room&, std::string const& why);
    // Words of our own that are no effect: to everybody there, or to one person. `said` hears whether they stand there.
    void say(
        Room const&, std::string_view marked, std::string const& to = {}, std::function<void(bool)> said = [](bool) {});
    // To one person, under what they did in vain.
    void object(Room const&, std::string_view marked, std::string const& to, Heard::Place const& under);
    // Somebody changed the topic by hand while it names the roles of an incident.
    void topic_changed(Room&, std::string const& user, std::string const& topic);
    // Somebody's power, perhaps ours, is another one than before.
    void power_changed(Room&);
    // Somebody removed a message of ours.
    void redacted(Room&, std::string const& event);

private:
    using Answered = std::function<void(Answer)>;

    // A message of ours, and what makes it the same one at each try.
    struct Letter {
        std::string room; // its address
        Drawn drawn;
        Origin origin;
        Relation relation = {};
        std::string txn = {};
        int urgency = 0;
    };

    void show(Delivery const&, effect::Post const&, Done);
    void show(Delivery const&, effect::Tell const&, Done);
    void show(Delivery const&, effect::PagePerson const&, Done const&);
    void show(Delivery const&, effect::ShowCard const&, Done);
    void show(Delivery const&, effect::SetTopic const&, Done);
    void show(Delivery const&, effect::RestoreTopic const&, Done);
    void show(Delivery const&, effect::SetLink const&, Done const&);
    void show(Delivery const&, effect::OpenChannel const&, Done);
    void show(Delivery const&, effect::Invite const&, Done);
    void show(Delivery const&, effect::CallHook const&, Done const&);

    Letter letter(Delivery const&, Room const&, Drawn, Relation = {}) const;
    void send(Letter, Answered);
    void remember(Letter const&, std::string const& event);
    effect::Tell words_to(Room const&, std::string_view marked, std::string const& user) const;
    // Of no effect, so with a transaction id of this life.
    void send_own(Letter, std::function<void(bool)> said);
    void send_post(Delivery const&, Room const&, Letter, Done);
    // Words for one person, drawn, where they belong: under what that person typed, else under the incident's card.
    Letter private_letter(Room const&, IncidentId, effect::Tell const&) const;
    // The keys that stand under a message from the start, so that pressing one is a touch. False where the homeserver
    // is too slow for that.
    bool put_keys(std::int64_t op, Room const&, std::string const& event, std::vector<Reaction> const&);

    void put_card(Delivery const&, effect::ShowCard const&, Done);
    void change_card(Delivery const&, effect::ShowCard const&, std::string const& event, Done);
    // Those of the card's keys that do not stand under it yet. True when there were any.
    bool put_new_keys(std::int64_t op, Room&, IncidentId, std::vector<Reaction>);
    // It is not ours to edit any more: another one takes its place.
    void lose_card(Room&, IncidentId, std::string const& event);
    void pin_card(Room const&, IncidentId);
    void write_pins(Room const&, std::string const& event, std::vector<std::string> pinned);
    void card_is_pinned(std::string const& room, std::string const& event, std::vector<std::string> pinned);
    void write_topic(Room&, int urgency, std::string const& topic, TopicOf, Done);
    // Says once who can mend it.
    void topic_is_forbidden(Room&);

    void invite(Room&, std::string const& user, int urgency, std::function<void(Answer)> answered);
    // Whoever the post speaks to is asked in beside it, where the room is ours.
    void bring_in(Delivery const&, effect::Post const&);
    void note_invite(Answer const&, Room&, std::string const& user);
    // `then` hears the answers about those who were not asked in.
    using Invited = std::function<void(std::vector<Answer> const& in_vain)>;
    void invite_each(Delivery const&, std::string const& room, std::vector<std::string> users,
                     std::vector<Answer> in_vain, Invited then);

    void create(Delivery const&, effect::OpenChannel const&, int attempt, Done);
    void settle_in(Delivery const&, effect::OpenChannel const&, std::string const& room, std::string name, Done);
    void find_room(Delivery const&, effect::OpenChannel const&, int attempt, Done);
    // The room that has this alias, if we made it for this effect; else whether there is one at all.
    struct Holder {
        std::string ours = {};
        bool taken = false;
        std::optional<Delivered> trouble = {};
    };
    void look_at(Delivery const&, std::string const& alias, std::function<void(Holder)> const&);

    using Fits = std::function<bool(std::string_view op, std::string_view card)>;
    using Found = std::function<void(std::optional<Delivered> trouble, std::string event)>;
    void find_message(Delivery const&, std::string const& room, Fits const&, std::string from, int pages, Found);
    void reconcile_message(Delivery const&, Room&, IncidentId card, Done);

    // What an answer means for the outbox; takes note of what it says about the room that it was asked to change.
    Delivered outcome(Answer const&, Room*);
    // None when the room can be asked now; else what to tell the outbox.
    std::optional<Delivered> obstacle(Room const&, bool keeps) const;
    std::string op_name(std::int64_t op) const;
    std::string txn_of(std::int64_t op, std::string_view part = {}) const;
    std::string next_txn();
    std::string_view server() const;
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
    std::string life_; // tells what this run says of its own from what others said
    std::int64_t said_ = 0;
    std::set<std::int64_t> may_repeat_; // sent again although the first try may stand there
    std::set<std::string> pinning_;     // cards, by their event
    std::set<std::string> lost_;        // cards that are none any more
    std::set<std::string> reported_;    // troubles of the account that the operator has heard of
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

} // namespace cox::matrix
