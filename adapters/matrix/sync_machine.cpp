#include "adapters/matrix/sync_machine.hpp"

#include <algorithm>
#include <utility>

namespace cox::matrix {

using Actions = SyncMachine::Actions;

Actions SyncMachine::start(std::string since, std::string filter, Moment now) {
    since_ = std::move(since);
    filter_ = std::move(filter);
    in_haste_ = true;
    if (filter_.empty()) return {act::UploadFilter{}};
    return poll(now);
}

Actions SyncMachine::filter_is(std::string filter, Moment now) {
    filter_ = std::move(filter);
    filter_is_fresh_ = true;
    wait_ = Duration::zero();
    return poll(now);
}

Actions SyncMachine::no_filter(Answer const& answer, double jitter) {
    return later(Next::filter, answer, jitter);
}

Actions SyncMachine::poll(Moment now) {
    asked_ = now;
    asking_ = true;
    again_ = false;
    bool const at_once = std::exchange(in_haste_, false) || since_.empty() || pushed_;
    return {act::Poll{since_, filter_, at_once ? Duration::zero() : options_.poll_for}};
}

Actions SyncMachine::brought(std::string const& next_batch, bool empty, Moment now) {
    Actions actions;
    if (!std::exchange(live_, true)) {
        actions.push_back(act::Tell{false, since_.empty() ? "listening; what was said before is not acted upon"
                                                          : "listening from where it left off"});
    }
    asking_ = false;
    filter_is_fresh_ = false;
    said_.clear();
    wait_ = Duration::zero();
    bool const first = since_.empty();
    bool const moved = next_batch != since_;
    since_ = next_batch;
    ++ahead_;
    actions.push_back(act::Work{first});

    if (!empty || !quiet_since_) quiet_since_ = now;
    if (now - *quiet_since_ >= options_.listen_after) {
        quiet_since_ = now;
        actions.push_back(act::Listen{});
    }

    // One that waits as it was asked to is quiet, not idle.
    bool const idle = !pushed_ && empty && !moved && now - asked_ < options_.at_most_every;
    if (!idle) {
        idling_since_.reset();
        if (std::exchange(alarmed_, false)) actions.push_back(act::Tell{false, "the homeserver has news again"});
    } else {
        if (!idling_since_) idling_since_ = now;
        if (now - *idling_since_ >= options_.alarm_after && !std::exchange(alarmed_, true)) {
            actions.push_back(act::Tell{true,
                                        "the homeserver answers every /sync at once with nothing new; is it well, "
                                        "or the proxy in front of it?"});
        }
        next_ = Next::poll;
        actions.push_back(act::Pause{options_.at_most_every});
        return actions;
    }
    if (pushed_ && !first && !again_) {
        next_ = Next::poll;
        actions.push_back(act::Pause{options_.look_every});
        return actions;
    }
    held_ = ahead_ >= options_.most_ahead;
    if (!held_) std::ranges::move(poll(now), std::back_inserter(actions));
    return actions;
}

Actions SyncMachine::worked(Moment now) {
    --ahead_;
    return std::exchange(held_, false) ? poll(now) : Actions{};
}

Actions SyncMachine::failed(Answer const& answer, double jitter) {
    asking_ = false;
    in_haste_ = true;
    // The homeserver forgot the filter, or the place in its stream. One word may mean either: the filter is given to it
    // again first, since that costs nothing.
    bool const maybe_filter = (answer.status == 400 && answer.errcode == "M_INVALID_PARAM") ||
                              (answer.status == 404 && answer.errcode == "M_NOT_FOUND");
    if (maybe_filter && !filter_is_fresh_) {
        filter_.clear();
        return later(Next::filter, answer, jitter);
    }
    // A 400 that names no reason is a proxy's: the place is still good.
    if (answer.status == 400 && !answer.errcode.empty() && !since_.empty()) {
        since_.clear();
        Actions actions{act::Tell{true, "the homeserver no longer knows the place we had read up to (" +
                                            in_words(answer) + "); going on from now, nothing older is acted upon"}};
        std::ranges::move(later(Next::poll, answer, jitter), std::back_inserter(actions));
        return actions;
    }
    return later(Next::poll, answer, jitter);
}

Actions SyncMachine::pushed(bool yes, Moment now) {
    pushed_ = yes;
    return look(now);
}

Actions SyncMachine::look(Moment now) {
    again_ = asking_;
    // One that waits after a failure waits on.
    if (asking_ || next_ != Next::poll || !live_) return {};
    next_ = Next::nothing;
    return poll(now);
}

Actions SyncMachine::deaf(Moment now) {
    since_.clear();
    quiet_since_.reset();
    held_ = false;
    next_ = Next::nothing;
    Actions actions{act::Tell{true,
                              "people speak and /sync does not tell: was the homeserver put back to an older day? "
                              "Going on from now, nothing older is acted upon"}};
    live_ = false; // and a word when it tells again
    std::ranges::move(poll(now), std::back_inserter(actions));
    return actions;
}

Actions SyncMachine::tick(Moment now) {
    switch (std::exchange(next_, Next::nothing)) {
    case Next::nothing: return {};
    case Next::filter: return {act::UploadFilter{}};
    case Next::poll: return poll(now);
    }
    return {};
}

// Up to half of the wait is left to chance, so that all bots of a homeserver do not come back in one moment.
Actions SyncMachine::later(Next next, Answer const& answer, double jitter) {
    next_ = next;
    live_ = false;
    Actions actions;
    if (auto const why = in_words(answer); std::exchange(said_, why) != why)
        actions.push_back(act::Tell{true, "/sync is not answered (" + why + "); trying again"});
    wait_ = wait_ == Duration::zero() ? options_.first_wait : std::min(wait_ * 2, options_.longest_wait);
    auto const spread = std::chrono::duration_cast<Duration>(wait_ * (0.5 + jitter / 2));
    actions.push_back(act::Pause{std::max(answer.retry_after.value_or(Duration::zero()), spread)});
    return actions;
}

} // namespace cox::matrix
