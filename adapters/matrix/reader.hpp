#pragma once
// Reads /sync and hands in what it brings, in order. The place up to which it has read is on disk with the last of what
// was brought there, and never before any of it.
#include "adapters/matrix/doors.hpp"
#include "adapters/matrix/history.hpp"
#include "adapters/matrix/intake.hpp"
#include "adapters/matrix/shared.hpp"
#include "adapters/matrix/sync_answer.hpp"
#include "adapters/matrix/sync_machine.hpp"

#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

namespace cox::matrix {

class Reader {
public:
    Reader(boost::asio::io_context&, Shared&, Intake&, Doors&, SyncMachine::Options);

    void load(store::Found const&);
    // Once it is known who we are.
    void start(Inbox&);
    void stop();
    // Another way brings what happens in rooms, sooner than /sync, or does not any more.
    void pushed(bool);
    void take(std::map<std::string, std::vector<Event>> by_room);
    // "" while it listens; else why it does not.
    std::string const& trouble() const { return trouble_; }

private:
    // An event on its way to the intake.
    struct Step {
        std::string room; // as the log knows it
        Event event;
        bool acts = true; // false: the room is learnt from it
    };
    // What one /sync brought.
    struct Job {
        std::string since; // where it began
        SyncAnswer answer;
        bool first = false;
        std::deque<Step> steps;
        std::size_t that_matter = 0;      // steps of which the engine may have to hear
        bool waits = false;               // for the intake to be done with one
        std::size_t unsaved = 0;          // handed in and not on disk yet
        std::optional<Inbound> carrier;   // the last one: the place is saved with it
        std::set<std::string> changed;    // rooms
        std::vector<std::string> entered; // rooms
        bool saving = false;
        // One that came by another way than /sync does not.
        bool moves_place() const { return !answer.next_batch.empty(); }
        bool changes_nothing() const { return changed.empty() && answer.invited.empty() && answer.left.empty(); }
        std::size_t gathered = 0; // rooms whose steps are there
    };

    void run(SyncMachine::Actions);
    void upload_filter();
    void poll(act::Poll const&);
    void answered(act::Poll const&, Answer const&);
    void pause(Duration);
    void listen();
    void heard_newest(std::string const& room, std::string const& event);

    void begin_next();
    void gather();
    // True when it is done with; else gather() goes on once it is.
    bool gather(JoinedRoom&);
    void learn_whole(Room const&);
    void add(Room const&, std::vector<Event>&&, bool acts);
    void add(Job&, Room const&, Event&&, bool acts) const;
    void add_room(Room const&, JoinedRoom&, std::vector<Event>&& between);
    void add_new_room(Room const&, JoinedRoom&, std::vector<Event>&& since_entry);
    void went_out(LeftRoom const&);
    void step();
    void hand_over(Room&, Event const&);
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
    SyncMachine machine_;
    boost::asio::steady_timer timer_;
    Inbox* inbox_ = nullptr;
    std::string kept_since_;
    std::string kept_user_; // whose place in the stream it is
    std::string filter_id_;
    std::string filter_;   // what is kept under that id
    std::deque<Job> jobs_; // the first one is worked on
    bool working_ = false;
    std::optional<SyncAnswer> brought_;
    std::string brought_since_;
    std::string trouble_ = "connecting";
    std::map<std::string, std::string> newest_; // of rooms, since the last news
    bool was_deaf_ = false;
    std::unordered_set<std::string> seen_; // events acted upon lately
    std::deque<std::string> seen_by_age_;
    std::minstd_rand random_{std::random_device{}()};
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

} // namespace cox::matrix
