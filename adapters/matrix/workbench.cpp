#include "adapters/matrix/workbench.hpp"

#include "adapters/json/untrusted.hpp"
#include "adapters/matrix/names.hpp"

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <utility>

namespace cox::matrix {
namespace {

constexpr std::size_t events_remembered = 20'000;

std::string dump(nlohmann::json const& json) {
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

} // namespace

Workbench::Workbench(boost::asio::io_context& io, Shared& shared, Intake& intake, Doors& doors, History::Limits limits)
    : shared_{shared}, intake_{intake}, doors_{doors}, history_{io, shared.api, limits} {
    history_.hindered = [this](std::string const& room, Answer const& answer) { tell_hindered(room, answer); };
}

void Workbench::tell_hindered(std::string const& room, Answer const& answer) const {
    auto const* known = shared_.rooms.find_by_address(room);
    shared_.desk.tell_operator(Weight::warning, "matrix: what was said in " +
                                                    untrusted::plain_word(known ? known->shown() : room, 255) +
                                                    " cannot be read (" + in_words(answer) +
                                                    "); trying again, and no room is listened to meanwhile");
}

void Workbench::stop() {
    inbox_ = nullptr;
    alive_ = std::make_shared<bool>(true);
    jobs_.clear();
    working_ = false;
}

void Workbench::take(Brought brought) {
    Job job;
    job.brought = std::move(brought);
    jobs_.push_back(std::move(job));
    begin_next();
}

bool Workbench::take(std::map<std::string, std::vector<Event>> by_room) {
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
    return whole;
}

void Workbench::begin_next() {
    if (working_ || jobs_.empty() || !inbox_) return;
    working_ = true;
    auto& job = jobs_.front();
    for (auto const& room : job.brought.answer.left)
        went_out(room);
    for (auto const& room : job.brought.answer.invited)
        doors_.invited(room);
    gather();
}

void Workbench::went_out(LeftRoom const& left) {
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

bool Workbench::is_new(std::string const& event) {
    if (event.empty() || !seen_.insert(event).second) return false;
    seen_by_age_.push_back(event);
    if (seen_by_age_.size() > events_remembered) {
        seen_.erase(seen_by_age_.front());
        seen_by_age_.pop_front();
    }
    return true;
}

// Goes on until one has to wait.
void Workbench::step() {
    auto& job = jobs_.front();
    while (!job.waits && !job.steps.empty()) {
        auto next = std::move(job.steps.front());
        job.steps.pop_front();
        auto& room = shared_.rooms.by_address(next.room);
        if (next.event.is_state("m.room.tombstone")) doors_.replaced(room, next.event);
        if (next.acts && intake_.may_matter(next.event)) --job.that_matter;
        if (!next.acts)
            intake_.learn_only(room, next.event);
        else if (is_new(next.event.id))
            hand_over(room, std::move(next.event));
    }
    finish();
}

void Workbench::hand_over(Room const& room, Event event) {
    auto& job = jobs_.front();
    job.waits = true;
    auto const later = std::make_shared<bool>(false);
    auto taken = guarded([this, later](std::optional<Inbound> inbound) {
        jobs_.front().waits = false;
        if (inbound) hand_in(std::move(*inbound));
        if (*later) step();
    });
    // Who speaks and how the bot is called there is known before the first words are read. It is asked for once: where
    // it cannot be told, a room is listened to all the same.
    bool const asks = intake_.may_matter(event) && asked_about_.insert(room.address()).second;
    auto take = [this, id = room.id, event = std::move(event), taken = std::move(taken)] {
        intake_.take(shared_.rooms.by_address(id), event, taken);
    };
    if (asks)
        shared_.people.know_members(room.address(), guarded(std::move(take)));
    else
        take();
    *later = true;
}

void Workbench::hand_in(Inbound inbound) {
    if (!inbox_) return;
    auto& job = jobs_.front();
    if (job.that_matter == 0) {
        job.carrier = std::move(inbound);
        return;
    }
    ++job.unsaved;
    auto const key = inbound.key;
    inbox_->receive(std::move(inbound), guarded([this, key](Outcome const& outcome) {
                        shared_.heard.led_to(key, outcome, std::chrono::steady_clock::now());
                        --jobs_.front().unsaved;
                        finish();
                    }));
}

std::vector<store::Cursor> Workbench::rows() const {
    auto const& job = jobs_.front();
    std::vector<store::Cursor> rows;
    if (job.moves_place())
        rows.push_back(
            {std::string{place_row}, dump({{"user", shared_.self}, {"since", job.brought.answer.next_batch}})});
    for (auto const& id : job.changed)
        rows.push_back(to_row(shared_.rooms.by_address(id)));
    if (!job.changes_nothing()) rows.push_back(doors_.row());
    return rows;
}

void Workbench::finish() {
    auto& job = jobs_.front();
    if (job.waits || !job.steps.empty() || job.unsaved > 0 || job.saving || !inbox_) return;
    job.saving = true;
    for (auto const& id : job.entered)
        intake_.came_in(shared_.rooms.by_address(id));
    if (!job.carrier && job.changes_nothing()) {
        // The same read once more does no harm: nobody waits until its place is on disk.
        store::Batch batch;
        batch.cursors = rows();
        batch.patient = true;
        if (!batch.cursors.empty()) shared_.store.commit(std::move(batch), [] {});
        return done();
    }
    if (!job.carrier) {
        store::Batch batch;
        batch.cursors = rows();
        return shared_.store.commit(std::move(batch), guarded([this] { done(); }));
    }
    auto inbound = std::move(*job.carrier);
    job.carrier.reset();
    inbound.also.cursors = rows();
    auto const key = inbound.key;
    inbox_->receive(std::move(inbound), guarded([this, key](Outcome const& outcome) {
                        shared_.heard.led_to(key, outcome, std::chrono::steady_clock::now());
                        done();
                    }));
}

void Workbench::done() {
    bool const first = jobs_.front().brought.first;
    bool const of_sync = jobs_.front().moves_place();
    jobs_.pop_front();
    working_ = false;
    if (of_sync) worked(first);
    begin_next();
}

} // namespace cox::matrix
