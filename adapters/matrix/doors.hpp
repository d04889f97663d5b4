#pragma once
// The rooms that the bot is about to enter: those it is invited to by people who may, and those that take the place of
// a room it is in. Durable until it is in: an invitation is told once.
#include "adapters/matrix/admission.hpp"
#include "adapters/matrix/api.hpp"
#include "adapters/matrix/shared.hpp"
#include "adapters/matrix/sync_answer.hpp"
#include "core/time.hpp"

#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace cox::matrix {

class Doors {
public:
    struct Options {
        Duration first_wait = std::chrono::seconds{1};
        Duration longest_wait = std::chrono::minutes{5};
        Duration tries_for = std::chrono::hours{6}; // where the homeserver fails again and again
    };
    Doors(boost::asio::io_context&, Shared&, Admission const&, Options);

    void load(store::Found const&);
    void start();
    void stop();

    void invited(InvitedRoom const&);
    // A room's tombstone.
    void replaced(Room const& old, Event const& tombstone);
    // What is still to be done, for the batch that goes next.
    store::Cursor row() const;

    // The room that took the place of the one that the log knows as `room`, and we are in it.
    std::function<void(Room& room)> moved;

private:
    struct Wanted {
        std::string via;      // a server that is in it
        std::string replaces; // the room whose place it takes; "" where we are invited
        Time since;           // when it was first wanted, or wanted anew
        std::string name;     // of an invitation: as the room is called, and who invites
        std::string inviter;
        int attempts = 0;
        int refusals = 0;
        bool under_way = false;
    };

    void want(std::string const& room, Wanted);
    void enter(std::string const& room);
    void entered(std::string const& room, Answer const&);
    void check(std::string const& room, Answer const&);
    void try_later(std::string const& room, Answer const&);
    void give_up(std::string const& room, std::string const& why);
    Duration wait_after(int attempts) const;
    void leave(std::string const& room);
    void done_with(std::string const& room);
    template <class F>
    auto guarded(F f) {
        return [alive = std::weak_ptr<bool>{alive_}, f = std::move(f)]<class... Args>(Args&&... args) {
            if (alive.lock()) f(std::forward<Args>(args)...);
        };
    }

    boost::asio::io_context& io_;
    Shared& shared_;
    Admission const& admission_;
    Options options_;
    std::map<std::string, Wanted> wanted_; // by the room's id
    bool started_ = false;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

} // namespace cox::matrix
