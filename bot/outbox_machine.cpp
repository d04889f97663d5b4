#include "bot/outbox_machine.hpp"

#include "core/assert.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace cox::bot {
namespace {

using namespace std::chrono_literals;
using store::OpState;

constexpr Duration first_wait = 1s;
constexpr Duration longest_wait = 60s;
constexpr Duration words_wait = 10min;
constexpr Duration updates_wait = 1min; // one that waited less is posted, whatever followed it

// An answer for one person's eyes waits for none but that person's: a room that is posted to a lot answers at once.
std::string lane_of(Effect const& effect) {
    auto const& channel = channel_of(effect).value;
    if (auto const* tell = std::get_if<effect::Tell>(&effect)) return channel + "\nto " + tell->to.id.value;
    return is_slot(effect) ? channel + "\n" + std::string{kind_of(effect)} : channel;
}

// Full jitter: anything up to the doubled wait.
Duration backoff(int attempts, double jitter) {
    auto const ceiling = std::min<double>(static_cast<double>(longest_wait.count()),
                                          static_cast<double>(first_wait.count()) * std::exp2(std::min(attempts, 16)));
    return Duration{static_cast<Duration::rep>(ceiling * jitter)};
}

bool is_update(Effect const& effect) {
    auto const* post = std::get_if<effect::Post>(&effect);
    return post && post->kind == effect::PostKind::update;
}

// Private words that people stopped waiting for.
bool is_stale(Effect const& effect, Time at, Time now) {
    return std::holds_alternative<effect::Tell>(effect) && now - at > words_wait;
}

} // namespace

// In a slot, what a newer one makes pointless: all that waits, be it for its turn or for the time of its next attempt.
bool OutboxMachine::outdated(Held const& held) {
    return !held.marked || (!held.flying && held.job.attempts > 0);
}

// Something like the older one may be out already, and the network's word on when to try again holds for both.
void OutboxMachine::take_over(Held& newer, Held const& older) {
    // What may be out is looked for from the time when it may have gone.
    if (older.job.ask_first) newer.job.at = std::min(newer.job.at, older.job.at);
    newer.job.ask_first = newer.job.ask_first || older.job.ask_first;
    newer.job.attempts = std::max(newer.job.attempts, older.job.attempts);
    newer.not_before = std::max(newer.not_before, older.not_before);
}

void OutboxMachine::put(Held held) {
    auto const op = held.job.op;
    auto& lane = lanes_[held.lane];
    while (held.slot && !lane.empty() && outdated(jobs_.at(lane.back()))) {
        auto const old = jobs_.extract(lane.back());
        lane.pop_back();
        auto const& job = old.mapped().job;
        ready_.erase(job.op);
        marks_.push_back({job.op, OpState::superseded, job.attempts, "", ""});
        take_over(held, old.mapped());
    }
    supersede_updates(lane, held.job);
    held.marked = lane.empty();
    lane.push_back(op);
    jobs_.emplace(op, std::move(held));
}

// After an hour without the network people read where it stands now, and not every update of that hour.
void OutboxMachine::supersede_updates(std::deque<std::int64_t>& lane, Job const& newer) {
    if (!is_update(newer.effect)) return;
    std::erase_if(lane, [&](std::int64_t op) {
        auto const& held = jobs_.at(op);
        bool const same = held.job.incident == newer.incident && is_update(held.job.effect);
        bool const pointless = !held.marked && same && newer.at - held.job.at > updates_wait;
        if (!pointless) return false;
        marks_.push_back({op, OpState::superseded, held.job.attempts, "", "a newer update follows"});
        jobs_.erase(op);
        return true;
    });
}

OpState OutboxMachine::admit(std::int64_t op, IncidentId incident, Effect effect, Time at) {
    Held held;
    held.lane = lane_of(effect);
    held.slot = is_slot(effect);
    held.job = {op, incident, std::move(effect), 0, false, at};
    held.unwritten = 1;
    put(std::move(held));
    return jobs_.at(op).marked ? OpState::in_flight : OpState::pending;
}

void OutboxMachine::stored(std::int64_t op) {
    // Superseded meanwhile, perhaps.
    auto const found = jobs_.find(op);
    if (found == jobs_.end() || found->second.unwritten == 0) return;
    --found->second.unwritten;
    if (found->second.marked && found->second.unwritten == 0) ready_.insert(op);
}

void OutboxMachine::take_back(store::Op const& op, Effect effect, Time now) {
    bool const known = op.state == OpState::pending;
    if (is_stale(effect, op.at, now)) {
        marks_.push_back({op.id, OpState::expired, op.attempts, "", "older than its use"});
        return;
    }
    Held held;
    held.lane = lane_of(effect);
    held.slot = is_slot(effect);
    held.job = {op.id, op.incident, std::move(effect), op.attempts, !known, op.at};
    put(std::move(held));
    auto& kept = jobs_.at(op.id);
    if (!kept.marked) return;
    // One that was never handed out goes once it is marked so on disk; one that may be out is asked about at once.
    if (known) {
        marks_.push_back({op.id, OpState::in_flight, op.attempts, "", ""});
        kept.unwritten = 1;
    } else {
        ready_.insert(op.id);
    }
}

std::vector<OutboxMachine::Action> OutboxMachine::next(Time now) {
    std::vector<Action> actions;
    for (auto it = ready_.begin(); it != ready_.end();) {
        auto& held = jobs_.at(*it);
        if (held.not_before > now) {
            ++it;
            continue;
        }
        // One that was tried before; the first try is due to everybody.
        if (held.job.attempts > 0 && is_stale(held.job.effect, held.job.at, now)) {
            auto const op = *it;
            it = ready_.erase(it);
            finish(op, {op, OpState::expired, held.job.attempts, "", "older than its use"});
            continue;
        }
        held.flying = true;
        actions.push_back({held.job.ask_first ? Do::reconcile : Do::deliver, held.job});
        it = ready_.erase(it);
    }
    return actions;
}

void OutboxMachine::promote(std::string const& lane_name) {
    auto const lane = lanes_.find(lane_name);
    if (lane == lanes_.end()) return;
    if (lane->second.empty()) {
        lanes_.erase(lane);
        return;
    }
    auto& held = jobs_.at(lane->second.front());
    held.marked = true;
    marks_.push_back({held.job.op, OpState::in_flight, held.job.attempts, "", ""});
    // It goes once this mark is on disk, and its own row before it: the driver says so by `stored`.
    ++held.unwritten;
}

void OutboxMachine::finish(std::int64_t op, store::OpMark mark) {
    auto const held = jobs_.extract(op);
    COX_ASSERT(!held.empty());
    marks_.push_back(std::move(mark));
    auto const& name = held.mapped().lane;
    auto& lane = lanes_.at(name);
    COX_ASSERT(!lane.empty() && lane.front() == op);
    lane.pop_front();
    promote(name);
}

void OutboxMachine::result(std::int64_t op, Delivered const& delivered, Time now, double jitter) {
    using What = Delivered::What;
    auto& held = jobs_.at(op);
    COX_ASSERT(held.flying);
    held.flying = false;
    auto& job = held.job;
    switch (delivered.what) {
    case What::sent: finish(op, {op, OpState::sent, job.attempts, delivered.remote, ""}); return;
    case What::failed: finish(op, {op, OpState::failed, job.attempts, "", delivered.reason}); return;
    case What::absent:
        job.ask_first = false;
        ready_.insert(op);
        return;
    case What::again:
    case What::unknown:
        job.ask_first = job.ask_first || delivered.what == What::unknown;
        held.not_before = now + delivered.wait.value_or(backoff(job.attempts, jitter));
        ++job.attempts;
        // A newer one has come meanwhile.
        if (auto const& lane = lanes_.at(held.lane); held.slot && lane.size() > 1) {
            take_over(jobs_.at(lane[1]), held);
            return finish(op, {op, OpState::superseded, job.attempts, "", delivered.reason});
        }
        marks_.push_back(
            {op, job.ask_first ? OpState::unknown : OpState::in_flight, job.attempts, "", delivered.reason});
        ready_.insert(op);
        return;
    }
}

bool OutboxMachine::somebody_waits_for_marks() const {
    return std::ranges::any_of(marks_, [](auto const& mark) { return mark.state == OpState::in_flight; });
}

std::vector<store::OpMark> OutboxMachine::take_marks() {
    return std::exchange(marks_, {});
}

std::optional<Time> OutboxMachine::wake() const {
    std::optional<Time> first;
    for (auto const op : ready_) {
        auto const at = jobs_.at(op).not_before;
        if (!first || at < *first) first = at;
    }
    return first;
}

} // namespace cox::bot
