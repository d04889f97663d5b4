#pragma once
// What was said in a room while /sync did not tell: read page by page, from both ends of time.
#include "adapters/matrix/api.hpp"
#include "adapters/matrix/event.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cox::matrix {

class History {
public:
    struct Limits {
        std::size_t most_events = 5000;
        Duration first_wait = std::chrono::seconds{1};
        Duration longest_wait = std::chrono::minutes{1};
        // One room that cannot be read. A homeserver that answers nothing else either is waited for.
        Duration tries_for = std::chrono::minutes{1};
    };
    struct Read {
        std::vector<Event> events; // oldest first
        bool whole = true;         // false: there is more than we read, or the homeserver would not tell
    };
    using Done = std::function<void(Read)>;

    History(boost::asio::io_context&, Api&, Limits);
    ~History();

    // A room that cannot be read now, and is tried again.
    std::function<void(std::string const& room, Answer const&)> hindered;

    // The newest events of a kind that /sync tells `self` of, the last one first; none when the homeserver does not
    // say.
    void newest(std::string const& room, std::string const& self, std::function<void(std::vector<std::string>)>);
    // From one place in the stream to another.
    void between(std::string const& room, std::string const& from, std::string const& to, Done);
    // What came after the bot's own entry, which lies before `before`.
    void since_own_entry(std::string const& room, std::string const& before, std::string const& self, Done);

private:
    struct Reading;

    void read_on(std::shared_ptr<Reading>);
    void take(std::shared_ptr<Reading>, Answer const&);
    void try_again(std::shared_ptr<Reading>, Answer const&);
    void try_later(std::shared_ptr<Reading>, Duration at_least);
    void give_up_unless_away(std::shared_ptr<Reading>);

    boost::asio::io_context& io_;
    Api& api_;
    Limits limits_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

} // namespace cox::matrix
