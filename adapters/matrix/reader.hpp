#pragma once
// Asks the homeserver for what happens, by /sync, and puts the answers on the workbench.
#include "adapters/matrix/history.hpp"
#include "adapters/matrix/shared.hpp"
#include "adapters/matrix/silence.hpp"
#include "adapters/matrix/sync_machine.hpp"
#include "adapters/matrix/workbench.hpp"

#include <boost/asio/steady_timer.hpp>

#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace cox::matrix {

class Reader {
public:
    Reader(boost::asio::io_context&, Shared&, Intake&, Doors&, SyncMachine::Options, History::Limits);

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
    void run(SyncMachine::Actions);
    void upload_filter();
    void poll(act::Poll const&);
    void answered(act::Poll const&, Answer const&);
    void pause(Duration);
    void listen();
    void heard_newest(std::string const& room, std::vector<std::string> const& events);
    void worked(bool first);
    template <class F>
    auto guarded(F f) {
        return [alive = std::weak_ptr<bool>{alive_}, f = std::move(f)]<class... Args>(Args&&... args) {
            if (alive.lock()) f(std::forward<Args>(args)...);
        };
    }

    Shared& shared_;
    History history_;
    Workbench workbench_;
    SyncMachine machine_;
    boost::asio::steady_timer timer_;
    bool started_ = false;
    std::string kept_since_;
    std::string kept_user_; // whose place in the stream it is
    std::string filter_id_;
    std::string filter_; // what is kept under that id
    std::optional<SyncAnswer> brought_;
    std::string brought_since_;
    std::string trouble_ = "connecting";
    Silence silence_;
    bool was_deaf_ = false;
    std::minstd_rand random_{std::random_device{}()};
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

} // namespace cox::matrix
