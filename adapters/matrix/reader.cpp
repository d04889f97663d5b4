#include "adapters/matrix/reader.hpp"

#include "adapters/json/untrusted.hpp"
#include "adapters/matrix/names.hpp"
#include "adapters/network/own_rows.hpp"
#include "core/overloaded.hpp"

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <utility>

namespace cox::matrix {
namespace {

constexpr std::string_view filter_row = "matrix:filter";
constexpr std::size_t longest_row = 64 * 1024;

std::string dump(nlohmann::json const& json) {
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

SyncMachine::Moment now() {
    return std::chrono::steady_clock::now();
}

} // namespace

Reader::Reader(boost::asio::io_context& io, Shared& shared, Intake& intake, Doors& doors, SyncMachine::Options options,
               History::Limits limits)
    : shared_{shared}, history_{io, shared.api, limits}, workbench_{io, shared, intake, doors, limits},
      machine_{options}, timer_{io} {
    workbench_.worked = [this](bool first) { worked(first); };
}

void Reader::load(store::Found const& found) {
    using namespace untrusted;
    if (auto const row = row_of(found, Workbench::place_row)) {
        auto const json = read_object(*row, longest_row);
        if (json) kept_since_ = text_at(*json, "since"), kept_user_ = text_at(*json, "user");
    }
    if (auto const row = row_of(found, filter_row)) {
        auto const json = read_object(*row, longest_row);
        if (json) filter_id_ = text_at(*json, "id"), filter_ = text_at(*json, "filter");
    }
}

void Reader::start(Inbox& inbox) {
    started_ = true;
    workbench_.start(inbox);
    // The place of another account means nothing to this one, and its filters are not ours.
    bool const same = kept_user_ == shared_.self;
    bool const kept = same && filter_ == sync_filter(shared_.self);
    run(machine_.start(same ? kept_since_ : "", kept ? filter_id_ : "", now()));
}

void Reader::stop() {
    started_ = false;
    timer_.cancel();
    alive_ = std::make_shared<bool>(true);
    workbench_.stop();
}

void Reader::run(SyncMachine::Actions actions) {
    for (auto const& action : actions) {
        std::visit(overloaded{[this](act::UploadFilter const&) { upload_filter(); },
                              [this](act::Poll const& wanted) { poll(wanted); },
                              [this](act::Pause const& wanted) { pause(wanted.span); },
                              [this](act::Work const& wanted) {
                                  workbench_.take({brought_since_, std::move(*brought_), wanted.first});
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
    if (!empty) silence_.ends();
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
    if (started_) run(machine_.pushed(yes, now()));
}

void Reader::take(std::map<std::string, std::vector<Event>> by_room) {
    // Before /sync has told where we are, and while it cannot, it is /sync that brings them.
    if (!started_ || !machine_.live()) return;
    silence_.ends();
    auto const whole = workbench_.take(std::move(by_room));
    if (!whole) run(machine_.look(now()));
}

// The rooms of open incidents, where silence matters.
void Reader::listen() {
    for (auto const* incident : shared_.desk.open_incidents()) {
        auto const* room = incident->channel ? shared_.rooms.find(raw(incident->channel->id)) : nullptr;
        if (!room || !room->joined) continue;
        history_.newest(
            room->address(), shared_.self,
            guarded([this, id = room->id](std::vector<std::string> const& events) { heard_newest(id, events); }));
    }
}

void Reader::heard_newest(std::string const& room, std::vector<std::string> const& events) {
    if (!silence_.is_deafness(room, events)) return;
    silence_.ends();
    was_deaf_ = true;
    run(machine_.deaf(now()));
}

void Reader::worked(bool first) {
    run(machine_.worked(now()));
    // What stood in the rooms may be gone with the days that the homeserver forgot.
    if (!first || !std::exchange(was_deaf_, false)) return;
    for (auto const* incident : shared_.desk.open_incidents())
        if (incident->channel && is_ours(incident->channel->id.value)) shared_.desk.show_again(incident->channel->id);
}

} // namespace cox::matrix
