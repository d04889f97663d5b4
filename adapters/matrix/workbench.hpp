#pragma once
// Where what happened in rooms is worked on: one /sync's answer after another, each handed to the engine in its order.
// The place up to which all is read is on disk with the last of what was brought there, and never before any of it.
//   gathering.cpp what an answer comes to: gaps filled, and what is old told from what is new
//   workbench.cpp handing it in, and keeping the place
#include "adapters/matrix/doors.hpp"
#include "adapters/matrix/history.hpp"
#include "adapters/matrix/intake.hpp"
#include "adapters/matrix/shared.hpp"
#include "adapters/matrix/sync_answer.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace cox::matrix {

// What one /sync brought.
struct Brought {
    std::string since; // where it began
    SyncAnswer answer;
    bool first = false; // all in it is old: to be learnt from, not to be acted upon
};

class Workbench {
public:
    // What keeps the place, and whose it is.
    static constexpr std::string_view place_row = "matrix:place";

    Workbench(boost::asio::io_context&, Shared&, Intake&, Doors&, History::Limits);

    void start(Inbox& inbox) { inbox_ = &inbox; }
    void stop();
    void take(Brought);
    // What another way than /sync brought. False where there is something of which only /sync tells well.
    bool take(std::map<std::string, std::vector<Event>> by_room);

    // What one /sync brought is done with, and on disk as far as it matters.
    std::function<void(bool first)> worked;

private:
    // An event on its way to the intake.
    struct Step {
        std::string room; // as the log knows it
        Event event;
        bool acts = true; // false: the room is learnt from it
    };
    struct Job {
        Brought brought;
        std::size_t gathered = 0; // rooms whose steps are there
        std::deque<Step> steps;
        std::size_t that_matter = 0;      // steps of which the engine may have to hear
        bool waits = false;               // for the intake to be done with one
        std::size_t unsaved = 0;          // handed in and not on disk yet
        std::optional<Inbound> carrier;   // the last one: the place is saved with it
        std::set<std::string> changed;    // rooms
        std::vector<std::string> entered; // rooms
        bool saving = false;

        // One that came by another way than /sync does not.
        bool moves_place() const { return !brought.answer.next_batch.empty(); }
        bool changes_nothing() const {
            return changed.empty() && brought.answer.invited.empty() && brought.answer.left.empty();
        }
    };

    void tell_hindered(std::string const& room, Answer const&) const;
    void begin_next();
    void went_out(LeftRoom const&);
    void gather();
    // True when it is done with; else gather() goes on once it is.
    bool gather(JoinedRoom&);
    void read_since_entry(JoinedRoom&);
    void go_on_with(Room const&);
    void learn_whole(Room const&);
    void add(Room const&, std::vector<Event>&&, bool acts);
    void add(Job&, Room const&, Event&&, bool acts) const;
    void add_room(Room const&, JoinedRoom&, std::vector<Event>&& between);

    void step();
    void hand_over(Room const&, Event);
    void hand_in(Inbound);
    void finish();
    void done();
    std::vector<store::Cursor> rows() const;
    bool is_new(std::string const& event);
    template <class F>
    auto guarded(F f) {
        return [alive = std::weak_ptr<bool>{alive_}, f = std::move(f)]<class... Args>(Args&&... args) {
            if (alive.lock()) f(std::forward<Args>(args)...);
        };
    }

    Shared& shared_;
    Intake& intake_;
    Doors& doors_;
    History history_;
    Inbox* inbox_ = nullptr;
    std::deque<Job> jobs_; // the first one is worked on
    bool working_ = false;
    std::unordered_set<std::string> seen_; // events acted upon lately
    std::deque<std::string> seen_by_age_;
    std::set<std::string> asked_about_; // addresses of rooms whose members were asked for
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

} // namespace cox::matrix
