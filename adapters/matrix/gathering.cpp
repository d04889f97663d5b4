#include "adapters/matrix/workbench.hpp"

#include "adapters/json/untrusted.hpp"
#include "adapters/matrix/facts.hpp"

#include <algorithm>
#include <utility>

namespace cox::matrix {
namespace {

// Who made the room, where that is told; "" else.
std::string creator_told(JoinedRoom const& joined) {
    for (auto const* events : {&joined.state, &joined.timeline})
        for (auto const& event : *events)
            if (event.is_state("m.room.create")) return event.sender;
    return {};
}

// By somebody who let it in again later, or it would not be told of as joined.
bool put_out(std::vector<Event> const& timeline, std::string_view self) {
    return std::ranges::any_of(timeline, [&](Event const& event) {
        return event.is_state("m.room.member") && *event.state_key == self && membership(event) != "join";
    });
}

// Who is there comes with every message, and is in no row.
bool may_change_row(Event const& event) {
    bool const state = event.state_key && event.type != "m.room.member";
    return state || event.type == "m.room.encrypted";
}

} // namespace

// One room after another, since each may have to be asked about.
void Workbench::gather() {
    auto& job = jobs_.front();
    while (job.gathered < job.brought.answer.joined.size())
        if (!gather(job.brought.answer.joined[job.gathered++])) return;
    step();
}

bool Workbench::gather(JoinedRoom& joined) {
    auto& room = shared_.rooms.by_address(joined.id);
    auto& job = jobs_.front();
    // An upgraded room in which people still write: those who come late are not heard in two places.
    if (room.address() != joined.id) return true;
    bool const was_joined = std::exchange(room.joined, true) && !put_out(joined.timeline, shared_.self);
    if (!was_joined) job.changed.insert(room.id);
    auto const creation = creator_told(joined);
    // Before a room of ours was made there is nothing to miss, though homeservers say of each new room that there is.
    // They may tell of it before they answer that it is made.
    bool const is_whole = !room.known && creation == shared_.self && joined.timeline.size() < most_in_timeline;
    room.known = room.known || !creation.empty();
    if (job.brought.first) {
        add(room, std::move(joined.state), false);
        add(room, std::move(joined.timeline), false);
        return true;
    }
    if (!was_joined) job.entered.push_back(room.id);
    bool const entry_told = behind_own_entry(joined.timeline, shared_.self) > 0;
    if (entry_told || is_whole || (was_joined && !joined.limited)) {
        add_room(room, joined, {});
        if (room.known) return true;
        learn_whole(room);
        return false;
    }
    if (!was_joined) {
        read_since_entry(joined);
        return false;
    }
    shared_.people.forget_members(joined.id);
    history_.between(joined.id, job.brought.since, joined.prev_batch,
                     guarded([this, &joined](History::Read const& read) {
                         if (put_out(read.events, shared_.self) && !behind_own_entry(read.events, shared_.self))
                             return read_since_entry(joined);
                         auto& at_hand = shared_.rooms.by_address(joined.id);
                         if (!read.whole) intake_.missed(at_hand);
                         add_room(at_hand, joined, std::vector<Event>{read.events});
                         go_on_with(at_hand);
                     }));
    return false;
}

// Our entry is our own doing, of which /sync does not tell: what came behind it is read from the end.
void Workbench::read_since_entry(JoinedRoom& joined) {
    history_.since_own_entry(joined.id, jobs_.front().brought.answer.next_batch, shared_.self,
                             guarded([this, &joined](History::Read const& read) {
                                 auto& room = shared_.rooms.by_address(joined.id);
                                 if (!read.whole) intake_.missed(room);
                                 // The timeline holds what was said before we came, too.
                                 add(room, std::move(joined.state), false);
                                 add(room, std::move(joined.timeline), false);
                                 add(room, std::vector<Event>{read.events}, true);
                                 go_on_with(room);
                             }));
}

void Workbench::go_on_with(Room const& room) {
    if (room.known) return gather();
    learn_whole(room);
}

// The row that kept it was lost.
void Workbench::learn_whole(Room const& room) {
    auto call = get({"rooms", room.address(), "state"});
    call.insists = true;
    call.waits_for_token = true;
    shared_.api.call(std::move(call), guarded([this, id = room.id](Answer const& answer) {
                         auto& at_hand = shared_.rooms.by_address(id);
                         // An array, which is no object: it is put into one.
                         auto const json = read_with_events("{\"events\":" + answer.body + "}");
                         if (answer.ok() && json) {
                             for (auto const& event : read_events(untrusted::at(*json, "events")))
                                 learn(event, at_hand, shared_.people);
                             at_hand.known = true;
                             jobs_.front().changed.insert(id);
                         }
                         gather();
                     }));
}

void Workbench::add_room(Room const& room, JoinedRoom& joined, std::vector<Event>&& between) {
    bool const gap = !between.empty();
    // The states hold at the beginning of the timeline, behind what is missing.
    if (!gap) add(room, std::move(joined.state), false);
    auto said = std::move(between);
    auto const missing = said.size();
    std::ranges::move(joined.timeline, std::back_inserter(said));
    auto const entry = behind_own_entry(said, shared_.self);
    std::vector<Event> before{said.begin(), said.begin() + static_cast<std::ptrdiff_t>(entry)};
    said.erase(said.begin(), said.begin() + static_cast<std::ptrdiff_t>(entry));
    add(room, std::move(before), false);
    if (!gap) return add(room, std::move(said), true);
    auto const behind = static_cast<std::ptrdiff_t>(missing > entry ? missing - entry : 0);
    std::vector<Event> timeline{said.begin() + behind, said.end()};
    said.erase(said.begin() + behind, said.end());
    add(room, std::move(said), true);
    add(room, std::move(joined.state), false);
    add(room, std::move(timeline), true);
}

void Workbench::add(Room const& room, std::vector<Event>&& events, bool acts) {
    for (auto& event : events)
        add(jobs_.front(), room, std::move(event), acts);
}

void Workbench::add(Job& job, Room const& room, Event&& event, bool acts) const {
    if (may_change_row(event)) job.changed.insert(room.id);
    if (acts && intake_.may_matter(event)) ++job.that_matter;
    job.steps.push_back({room.id, std::move(event), acts});
}

} // namespace cox::matrix
