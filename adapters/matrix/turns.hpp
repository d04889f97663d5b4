#pragma once
// Whose turn it is: calls of one room go one after another, what the homeserver limits waits until it may go, and calls
// that need a token wait for one. A machine without a socket or a clock.
#include "adapters/matrix/api.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace cox::matrix {

class Turns {
public:
    using Ticket = std::uint64_t;
    using Moment = std::chrono::steady_clock::time_point;

    struct Wish {
        std::string lane;
        Bucket bucket = Bucket::none;
        int urgency = 9;
        bool needs_token = true;
    };

    // Tickets grow; in a lane the lower one goes first.
    void add(Ticket, Wish);
    // The next one that may go now, counted as being on its way. None: nobody may.
    std::optional<Ticket> next(Moment now);
    // It was answered, for good.
    void done(Ticket);
    // It was not done: it waits again, in its old place.
    void again(Ticket);
    // The homeserver asks us to wait. Afterwards they go one at a time until none is left waiting.
    void limited(Bucket, Moment until);
    void set_token(bool there) { has_token_ = there; }

    // How long nothing of this kind may go.
    std::chrono::steady_clock::duration closed_for(Bucket, Moment now) const;
    // When one that waits for the homeserver's leave may go; none while nobody does.
    std::optional<Moment> wake(Moment now) const;
    bool waits(Ticket) const; // and is not on its way
    std::size_t waiting() const { return order_.size(); }

private:
    struct Held {
        Wish wish;
        bool flying = false;
    };
    struct Limit {
        Moment until{};
        bool careful = false; // since it was limited, one at a time
        std::size_t flying = 0;
        std::size_t waiting = 0;
    };

    bool may_go(Ticket, Held const&, Moment now) const;
    Limit& limit(Bucket bucket) { return limits_[static_cast<std::size_t>(bucket)]; }
    Limit const& limit(Bucket bucket) const { return limits_[static_cast<std::size_t>(bucket)]; }
    void leave(Held&);

    std::map<Ticket, Held> held_;
    std::set<std::pair<int, Ticket>> order_; // those that wait, by urgency
    std::map<std::string, std::set<Ticket>, std::less<>> lanes_;
    std::array<Limit, 5> limits_;
    bool has_token_ = false;
};

} // namespace cox::matrix
