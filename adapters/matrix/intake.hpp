#pragma once
// What happens in rooms on its way into the engine: who said it, where, whether it is a command at all, and what
// reactions, pins, removals and changes of the room add to what people can type.
//   intake.cpp  messages and presses
//   notes.cpp   what people mark for the timeline
//   changes.cpp rooms and people that change
#include "adapters/matrix/admission.hpp"
#include "adapters/matrix/event.hpp"
#include "adapters/matrix/message.hpp"
#include "adapters/matrix/outward.hpp"
#include "adapters/matrix/shared.hpp"
#include "adapters/network/network.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

namespace cox::matrix {

class Intake {
public:
    // What is to be handed to the engine; none when nothing is. Called once, perhaps later.
    using Give = std::function<void(std::optional<Inbound>)>;

    Intake(Shared& shared, Admission const& admission, Outward& outward)
        : shared_{shared}, admission_{admission}, outward_{outward} {}

    // An event of a room's timeline, in its order, that happened while the bot was in there.
    void take(Room&, Event const&, Give);
    // One that was said before the bot came, or before it ever started: the room is learnt from it and no more.
    void learn_only(Room&, Event const&);
    // Whether the engine may have to hear of it.
    bool may_matter(Event const&) const;
    void came_in(Room&);
    void went_out(Room&, std::string const& why);
    // People may have said something that will not be carried out.
    void missed(Room&);
    // What waits for the homeserver is forgotten.
    void stop() { alive_ = std::make_shared<bool>(true); }

private:
    // Somebody put a message on the timeline, by an emoji or a pin.
    struct Mark {
        std::string user;
        Time at;
        std::string target;
    };

    void said(Room&, Event const&, Give);
    void reacted(Room&, Event const&, Give);
    void press(Room&, Event const&, OwnMessage const&, std::string const& key, Give);
    void pressed_in_vain(Room&, Event const&, OwnMessage const&, std::string const& key);
    bool is_note(Room const&, std::string_view key) const;
    void redacted(Room&, Event const&, Give);
    void pinned(Room&, Event const&, Give);
    void note(Room&, Mark const&, Event const& marked, Give);
    std::string key_of(Room const&, Mark const&) const;
    void state_changed(Room&, Event const&);
    void member_changed(Room&, Event const&);
    void told_encrypted(Room&);
    void look_up(Room const&, std::string const& event, std::function<void(std::optional<Event>)>);

    Inbound inbound(Room const&, std::string const& user, Time at) const;
    Channel place_of(Room const&) const;
    Incident const* incident_in(Room const&) const;
    Standing standing(Room const&, std::string_view user) const;
    void remember_command(std::string const& event, std::string const& text);
    template <class F>
    auto guarded(F f) {
        return [alive = std::weak_ptr<bool>{alive_}, f = std::move(f)]<class... Args>(Args&&... args) {
            if (alive.lock()) f(std::forward<Args>(args)...);
        };
    }

    Shared& shared_;
    Admission const& admission_;
    Outward& outward_;
    std::unordered_map<std::string, std::string> commands_; // what was said lately, by its event
    std::deque<std::string> commands_by_age_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

} // namespace cox::matrix
