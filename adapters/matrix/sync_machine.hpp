#pragma once
// When to ask /sync, with which token, and what to do when it does not answer as it should. A machine without a socket
// or a clock.
#include "adapters/matrix/answer.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cox::matrix {

namespace act {
struct UploadFilter {};
struct Poll {
    std::string since; // "" for the first one ever, which answers at once and is acted upon in nothing
    std::string filter;
    Duration timeout{};
};
struct Pause { // tick() is to come after this
    Duration span{};
};
// The answer is to be worked on.
struct Work {
    bool first = false; // all in it is old: to be learnt from, not to be acted upon
};
// It has been quiet for long: is it that nothing is said, or are we told of nothing? deaf() if so.
struct Listen {};
struct Tell { // for the operator
    bool warning = false;
    std::string text;
};
} // namespace act
using SyncAction = std::variant<act::UploadFilter, act::Poll, act::Pause, act::Work, act::Listen, act::Tell>;

class SyncMachine {
public:
    using Moment = std::chrono::steady_clock::time_point;
    using Actions = std::vector<SyncAction>;
    struct Options {
        Duration poll_for = std::chrono::seconds{30};
        Duration first_wait = std::chrono::seconds{1};
        Duration longest_wait = std::chrono::minutes{1};
        Duration at_most_every = std::chrono::seconds{1}; // polls that bring nothing and do not wait
        Duration alarm_after = std::chrono::minutes{2};   // of such polls
        Duration listen_after = std::chrono::minutes{2};  // of silence
        Duration look_every = std::chrono::seconds{30};   // while another way brings what happens
        std::size_t most_ahead = 4;                       // answers that are still worked on
    };
    explicit SyncMachine(Options options) : options_{options} {}

    // `since`: up to where everything is on disk; "" when there is nothing. `filter`: as the homeserver keeps it.
    Actions start(std::string since, std::string filter, Moment now);
    Actions filter_is(std::string filter, Moment now);
    Actions no_filter(Answer const&, double jitter);
    // It was answered well; `empty` when it brings nothing.
    Actions brought(std::string const& next_batch, bool empty, Moment now);
    Actions failed(Answer const&, double jitter);
    // An answer's work is done: what it brought is on disk.
    Actions worked(Moment now);
    // Things are said of which /sync does not tell, as when the homeserver was put back to an older day and our place
    // lies in its future. An answer to a poll from another place than since() is of no use any more.
    Actions deaf(Moment now);
    // Another way brings what happens, or does not any more: then it only moves the place on, and brings what that way
    // has not.
    Actions pushed(bool, Moment now);
    // There is something that only /sync tells well.
    Actions look(Moment now);
    Actions tick(Moment now);

    std::string const& since() const { return since_; }
    // What comes is what happens: nothing older is missing, and the homeserver answers.
    bool live() const { return live_; }

private:
    enum class Next { nothing, filter, poll };

    Actions poll(Moment now);
    Actions later(Next, Answer const&, double jitter);

    Options options_;
    std::string since_;
    std::string filter_;
    bool filter_is_fresh_ = false; // given to the homeserver since it last answered
    Next next_ = Next::nothing;
    Duration wait_{};
    bool live_ = false;
    bool in_haste_ = false; // the next one answers at once: after a start and after a failure
    bool pushed_ = false;
    bool asking_ = false; // a poll is under way
    bool again_ = false;  // and is to be followed by another at once
    bool held_ = false;   // too many answers are still worked on
    std::size_t ahead_ = 0;
    std::string said_;
    Moment asked_{};
    std::optional<Moment> idling_since_; // polls come back at once with nothing
    bool alarmed_ = false;
    std::optional<Moment> quiet_since_;
};

} // namespace cox::matrix
