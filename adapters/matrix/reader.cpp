#include "adapters/matrix/reader.hpp"

#include "adapters/json/untrusted.hpp"
#include "adapters/matrix/facts.hpp"
#include "adapters/matrix/names.hpp"
#include "adapters/network/own_rows.hpp"
#include "core/overloaded.hpp"

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <utility>

namespace cox::matrix {
namespace {

constexpr std::string_view place_row = "matrix:place";
constexpr std::string_view filter_row = "matrix:filter";
constexpr std::size_t longest_row = 64 * 1024;
constexpr std::size_t most_states = 1'000'000;
constexpr std::size_t events_remembered = 20'000;

std::string dump(nlohmann::json const& json) {
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

SyncMachine::Moment now() {
    return std::chrono::steady_clock::now();
}

bool tells_creation(std::vector<Event> const& events) {
    return std::ranges::any_of(events, [](Event const& event) { return event.is_state("m.room.create"); });
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

Reader::Reader(boost::asio::io_context& io, Shared& shared, Intake& intake, Doors& doors, SyncMachine::Options options)
    : shared_{shared}, intake_{intake}, doors_{doors}, history_{io, shared.api, {}}, machine_{options}, timer_{io} {}

void Reader::load(store::Found const& found) {
    using namespace untrusted;
    if (auto const row = row_of(found, place_row)) {
        auto const json = read_object(*row, longest_row);
        if (json) kept_since_ = text_at(*json, "since"), kept_user_ = text_at(*json, "user");
    }
    if (auto const row = row_of(found, filter_row)) {
        auto const json = read_object(*row, longest_row);
        if (json) filter_id_ = text_at(*json, "id"), filter_ = text_at(*json, "filter");
    }
}

void Reader::start(Inbox& inbox) {
    inbox_ = &inbox;
    // The place of another account means nothing to this one, and its filters are not ours.
    bool const same = kept_user_ == shared_.self;
    bool const kept = same && filter_ == sync_filter(shared_.self);
    run(machine_.start(same ? kept_since_ : "", kept ? filter_id_ : "", now()));
}

void Reader::stop() {
    inbox_ = nullptr;
    timer_.cancel();
    alive_ = std::make_shared<bool>(true);
    jobs_.clear();
    working_ = false;
}

// Talking to the homeserver

void Reader::run(SyncMachine::Actions actions) {
    for (auto const& action : actions) {
        std::visit(overloaded{[this](act::UploadFilter const&) { upload_filter(); },
                              [this](act::Poll const& wanted) { poll(wanted); },
                              [this](act::Pause const& wanted) { pause(wanted.span); },
                              [this](act::Work const& wanted) {
                                  Job job;
                                  job.since = brought_since_;
                                  job.answer = std::move(*brought_);
                                  job.first = wanted.first;
                                  jobs_.push_back(std::move(job));
                                  begin_next();
                              },
                              [this](act::Listen const&) { listen(); },
                              [this](act::Tell const& tell) {
                                  trouble_ = tell.warning ? tell.text : "";
                                  shared_.desk.tell_operator(tell.warning ? Weight::warning : Weight::info,
                                                             "matrix: " + tell.text);
                              }},
                   action);
    }
}

void Reader::upload_filter() {
    auto const filter = sync_filter(shared_.self);
    auto call = post({"user", shared_.self, "filter"}, filter);
    call.repeatable = true;
    shared_.api.call(std::move(call), guarded([this, filter](Answer const& answer) {
                         auto const json = untrusted::read_object(answer.body, longest_row);
                         auto id = json ? untrusted::text_at(*json, "filter_id") : std::string{};
                         if (!answer.ok() || id.empty()) {
                             return run(machine_.no_filter(answer, std::generate_canonical<double, 16>(random_)));
                         }
                         store::Batch batch;
                         batch.cursors.push_back({std::string{filter_row}, dump({{"id", id}, {"filter", filter}})});
                         shared_.store.commit(std::move(batch), [] {});
                         run(machine_.filter_is(std::move(id), now()));
                     }));
}

void Reader::poll(act::Poll const& wanted) {
    Query query{
        {"filter", wanted.filter}, {"timeout", std::to_string(wanted.timeout.count())}, {"set_presence", "offline"}};
    if (!wanted.since.empty()) query.emplace_back("since", wanted.since);
    auto call = get({"sync"}, std::move(query));
    call.patience = wanted.since.empty() ? Patience::first_sync : Patience::poll;
    shared_.api.call(std::move(call), guarded([this, wanted](Answer const& answer) { answered(wanted, answer); }));
}

void Reader::answered(act::Poll const& wanted, Answer const& answer) {
    if (wanted.since != machine_.since()) return; // asked before the place was left
    auto const jitter = std::generate_canonical<double, 16>(random_);
    if (!answer.ok()) return run(machine_.failed(answer, jitter));
    auto read = read_sync(answer.body);
    if (!read) {
        auto wrong = answer;
        wrong.error = "its answer cannot be read: " + read.error();
        return run(machine_.failed(wrong, jitter));
    }
    brought_since_ = wanted.since;
    auto const next = read->next_batch;
    bool const empty = read->empty();
    if (!empty) newest_.clear();
    brought_ = std::move(*read);
    run(machine_.brought(next, empty, now()));
}

void Reader::pause(Duration span) {
    timer_.expires_after(span);
    timer_.async_wait(guarded([this](boost::system::error_code const& error) {
        if (!error) run(machine_.tick(now()));
    }));
}

void Reader::pushed(bool yes) {
    if (inbox_) run(machine_.pushed(yes, now()));
}

void Reader::take(std::map<std::string, std::vector<Event>> by_room) {
    // Before /sync has told where we are, and while it cannot, it is /sync that brings them.
    if (!inbox_ || !machine_.live()) return;
    Job job;
    bool whole = true;
    for (auto& [id, events] : by_room) {
        auto const* room = shared_.rooms.find_by_address(id);
        bool const ours = room && room->joined && room->address() == id;
        // Of our own coming and going only /sync tells the whole.
        bool const moves = std::ranges::any_of(events, [this](Event const& event) {
            return event.is_state("m.room.member") && *event.state_key == shared_.self;
        });
        whole = whole && ours && !moves;
        if (!ours || moves) continue;
        for (auto& event : events)
            add(job, *room, std::move(event), true);
    }
    if (!job.steps.empty()) {
        jobs_.push_back(std::move(job));
        begin_next();
    }
    if (!whole) run(machine_.look(now()));
}

// The rooms of open incidents, where silence matters.
void Reader::listen() {
    for (auto const* incident : shared_.desk.open_incidents()) {
        auto const* room = incident->channel ? shared_.rooms.find(raw(incident->channel->id)) : nullptr;
        if (!room || !room->joined) continue;
        history_.newest(room->address(), shared_.self, guarded([this, id = room->id](std::string const& event) {
                            if (!event.empty()) heard_newest(id, event);
                        }));
    }
}

void Reader::heard_newest(std::string const& room, std::string const& event) {
    auto const [known, first] = newest_.emplace(room, event);
    if (first || known->second == event) return;
    newest_.clear();
    was_deaf_ = true;
    run(machine_.deaf(now()));
}

// Working on what it brought

void Reader::begin_next() {
    if (working_ || jobs_.empty() || !inbox_) return;
    working_ = true;
    auto& job = jobs_.front();
    for (auto const& room : job.answer.left)
        went_out(room);
    for (auto const& room : job.answer.invited)
        doors_.invited(room);
    gather();
}

void Reader::went_out(LeftRoom const& left) {
    auto const* known = shared_.rooms.find_by_address(left.id);
    // An invitation that was taken back, or a room whose place another one has taken.
    if (!known || !known->joined || known->address() != left.id) return;
    auto& room = shared_.rooms.by_address(left.id);
    jobs_.front().changed.insert(room.id);
    std::string why = "the bot is not in the room";
    for (auto const& event : left.timeline) {
        bool const own = event.is_state("m.room.member") && *event.state_key == shared_.self;
        if (own && event.sender != shared_.self)
            why = shared_.people.person(left.id, event.sender).name + " removed the bot from the room";
    }
    intake_.went_out(room, why);
}

// One room after another, since each may have to be asked about.
void Reader::gather() {
    auto& job = jobs_.front();
    while (job.gathered < job.answer.joined.size())
        if (!gather(job.answer.joined[job.gathered++])) return;
    step();
}

bool Reader::gather(JoinedRoom& joined) {
    auto& room = shared_.rooms.by_address(joined.id);
    auto& job = jobs_.front();
    // An upgraded room in which people still write: those who come late are not heard in two places.
    if (room.address() != joined.id) return true;
    bool const was_joined = std::exchange(room.joined, true) && !put_out(joined.timeline, shared_.self);
    if (!was_joined) job.changed.insert(room.id);
    room.known = room.known || tells_creation(joined.state) || tells_creation(joined.timeline);
    if (job.first) {
        add(room, std::move(joined.state), false);
        add(room, std::move(joined.timeline), false);
        return true;
    }
    if (!was_joined) job.entered.push_back(room.id);
    bool const entry_told = behind_own_entry(joined.timeline, shared_.self) > 0;
    if (entry_told || (was_joined && !joined.limited)) {
        add_room(room, joined, {});
        if (room.known) return true;
        learn_whole(room);
        return false;
    }
    auto go_on = guarded([this, &joined, was_joined](History::Read const& read) {
        auto& at_hand = shared_.rooms.by_address(joined.id);
        if (!read.whole) intake_.missed(at_hand);
        if (was_joined)
            add_room(at_hand, joined, std::vector<Event>{read.events});
        else
            add_new_room(at_hand, joined, std::vector<Event>{read.events});
        if (at_hand.known) return gather();
        learn_whole(at_hand);
    });
    if (was_joined) {
        shared_.people.forget_members(joined.id);
        history_.between(joined.id, job.since, joined.prev_batch, std::move(go_on));
    } else {
        // Our entry is our own doing, of which /sync does not tell: what came behind it is read from the end.
        history_.since_own_entry(joined.id, job.answer.next_batch, shared_.self, std::move(go_on));
    }
    return false;
}

// The row that kept it was lost.
void Reader::learn_whole(Room const& room) {
    auto call = get({"rooms", room.address(), "state"});
    call.insists = true;
    shared_.api.call(std::move(call), guarded([this, id = room.id](Answer const& answer) {
                         auto& at_hand = shared_.rooms.by_address(id);
                         // An array, which is no object: it is put into one.
                         auto const json = untrusted::read_object("{\"events\":" + answer.body + "}",
                                                                  answer.body.size() + 16, most_states);
                         if (answer.ok() && json) {
                             for (auto const& event : read_events(untrusted::at(*json, "events")))
                                 learn(event, at_hand, shared_.people);
                             at_hand.known = true;
                             jobs_.front().changed.insert(id);
                         }
                         gather();
                     }));
}

void Reader::add_room(Room const& room, JoinedRoom& joined, std::vector<Event>&& between) {
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

// The timeline holds what was said before we came, too.
void Reader::add_new_room(Room const& room, JoinedRoom& joined, std::vector<Event>&& since_entry) {
    add(room, std::move(joined.state), false);
    add(room, std::move(joined.timeline), false);
    add(room, std::move(since_entry), true);
}

void Reader::add(Room const& room, std::vector<Event>&& events, bool acts) {
    for (auto& event : events)
        add(jobs_.front(), room, std::move(event), acts);
}

void Reader::add(Job& job, Room const& room, Event&& event, bool acts) const {
    if (may_change_row(event)) job.changed.insert(room.id);
    if (acts && intake_.may_matter(event)) ++job.that_matter;
    job.steps.push_back({room.id, std::move(event), acts});
}

bool Reader::is_new(std::string const& event) {
    if (event.empty() || !seen_.insert(event).second) return false;
    seen_by_age_.push_back(event);
    if (seen_by_age_.size() > events_remembered) {
        seen_.erase(seen_by_age_.front());
        seen_by_age_.pop_front();
    }
    return true;
}

// Goes on until one has to wait.
void Reader::step() {
    auto& job = jobs_.front();
    while (!job.waits && !job.steps.empty()) {
        auto const next = std::move(job.steps.front());
        job.steps.pop_front();
        auto& room = shared_.rooms.by_address(next.room);
        if (next.event.is_state("m.room.tombstone")) doors_.replaced(room, next.event);
        if (next.acts && intake_.may_matter(next.event)) --job.that_matter;
        if (!next.acts)
            intake_.learn_only(room, next.event);
        else if (is_new(next.event.id))
            hand_over(room, next.event);
    }
    finish();
}

void Reader::hand_over(Room& room, Event const& event) {
    auto& job = jobs_.front();
    job.waits = true;
    auto const later = std::make_shared<bool>(false);
    intake_.take(room, event, guarded([this, later](std::optional<Inbound> inbound) {
                     jobs_.front().waits = false;
                     if (inbound) hand_in(std::move(*inbound));
                     if (*later) step();
                 }));
    *later = true;
}

void Reader::hand_in(Inbound inbound) {
    if (!inbox_) return;
    auto& job = jobs_.front();
    if (job.that_matter == 0) {
        job.carrier = std::move(inbound);
        return;
    }
    ++job.unsaved;
    auto const key = inbound.key;
    inbox_->receive(std::move(inbound), guarded([this, key](Outcome const& outcome) {
                        shared_.heard.led_to(key, outcome.effects, std::chrono::steady_clock::now());
                        --jobs_.front().unsaved;
                        finish();
                    }));
}

std::vector<store::Cursor> Reader::rows() const {
    auto const& job = jobs_.front();
    std::vector<store::Cursor> rows;
    if (job.moves_place())
        rows.push_back({std::string{place_row}, dump({{"user", shared_.self}, {"since", job.answer.next_batch}})});
    for (auto const& id : job.changed)
        rows.push_back(to_row(shared_.rooms.by_address(id)));
    if (!job.changes_nothing()) rows.push_back(doors_.row());
    return rows;
}

void Reader::finish() {
    auto& job = jobs_.front();
    if (job.waits || !job.steps.empty() || job.unsaved > 0 || job.saving || !inbox_) return;
    job.saving = true;
    for (auto const& id : job.entered)
        intake_.came_in(shared_.rooms.by_address(id));
    auto save = guarded([this] {
        store::Batch batch;
        batch.cursors = rows();
        shared_.store.commit(std::move(batch), guarded([this] { done(); }));
    });
    if (!job.carrier && job.changes_nothing()) {
        // The same read once more does no harm: nobody waits until its place is on disk.
        store::Batch batch;
        batch.cursors = rows();
        batch.patient = true;
        shared_.store.commit(std::move(batch), [] {});
        return done();
    }
    if (!job.carrier) return save();
    auto inbound = std::move(*job.carrier);
    job.carrier.reset();
    inbound.also.cursors = rows();
    auto const key = inbound.key;
    inbox_->receive(std::move(inbound), guarded([this, key, save](Outcome const& outcome) {
                        shared_.heard.led_to(key, outcome.effects, std::chrono::steady_clock::now());
                        // One that was taken in before carries nothing.
                        if (outcome.what == Outcome::What::duplicate) return save();
                        done();
                    }));
}

void Reader::done() {
    bool const learnt = jobs_.front().first;
    bool const of_sync = jobs_.front().moves_place();
    jobs_.pop_front();
    working_ = false;
    if (of_sync) run(machine_.worked(now()));
    // What stood in the rooms may be gone with the days that the homeserver forgot.
    if (learnt && std::exchange(was_deaf_, false)) {
        for (auto const* incident : shared_.desk.open_incidents())
            if (incident->channel && is_ours(incident->channel->id.value))
                shared_.desk.show_again(incident->channel->id);
    }
    begin_next();
}

} // namespace cox::matrix
