#include "adapters/matrix/doors.hpp"

#include "adapters/json/untrusted.hpp"
#include "adapters/matrix/facts.hpp"
#include "adapters/matrix/names.hpp"
#include "core/parse.hpp"
#include "core/phrases.hpp"

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <utility>

namespace cox::matrix {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using untrusted::at;
using untrusted::text_at;

constexpr std::string_view doors_row = "matrix:doors";
constexpr std::size_t longest_row = 1024 * 1024;
// More invitations than anybody means are not worked off.
constexpr std::size_t most_wanted = 100;
// Right behind an invitation from afar the door may still be shut.
constexpr int most_refusals = 8;
constexpr int most_doublings = 16;
constexpr std::size_t longest_name = 100;

// As people know it, and the id that the homeserver knows.
std::string shown(std::string const& room, std::string const& name) {
    auto const id = untrusted::plain_word(room, 255);
    return name.empty() ? id : name + " (" + id + ")";
}

std::string name_in(std::vector<Event> const& state) {
    for (auto const& event : state)
        if (event.is_state("m.room.name")) return one_line(normalise(text_at(event.content, "name")), longest_name);
    return {};
}

} // namespace

Doors::Doors(boost::asio::io_context& io, Shared& shared, Admission const& admission, Options options)
    : io_{io}, shared_{shared}, admission_{admission}, options_{options} {}

Duration Doors::wait_after(int attempts) const {
    auto const doublings = std::clamp(attempts - 1, 0, most_doublings);
    return std::min<Duration>(options_.first_wait * (1 << doublings), options_.longest_wait);
}

void Doors::load(store::Found const& found) {
    auto const row = std::ranges::find(found.cursors, doors_row, &store::Cursor::name);
    if (row == found.cursors.end()) return;
    auto const kept = untrusted::read_object(row->value, longest_row);
    if (!kept) return;
    for (auto const& [room, entry] : kept->items()) {
        auto const since = from_rfc3339(text_at(entry, "since")).value_or(shared_.desk.now());
        wanted_[room] = {text_at(entry, "via"), text_at(entry, "replaces"), since, text_at(entry, "name"),
                         text_at(entry, "inviter")};
    }
}

store::Cursor Doors::row() const {
    json out = json::object();
    for (auto const& [room, wanted] : wanted_)
        out[room] = {{"via", wanted.via},
                     {"replaces", wanted.replaces},
                     {"since", rfc3339(wanted.since)},
                     {"name", wanted.name},
                     {"inviter", wanted.inviter}};
    return {std::string{doors_row}, out.dump(-1, ' ', false, json::error_handler_t::replace)};
}

void Doors::start() {
    started_ = true;
    for (auto const& [room, wanted] : std::map{wanted_})
        enter(room);
}

void Doors::stop() {
    started_ = false;
    alive_ = std::make_shared<bool>(true);
    for (auto& [room, wanted] : wanted_)
        wanted.under_way = false;
}

void Doors::invited(InvitedRoom const& room) {
    auto const own = std::ranges::find_if(room.state, [&](Event const& event) {
        return event.is_state("m.room.member") && *event.state_key == shared_.self && membership(event) == "invite";
    });
    if (own == room.state.end()) return;
    auto const& inviter = own->sender;
    // The room that takes the place of ours is entered whoever invites us.
    if (auto const known = wanted_.find(room.id); known != wanted_.end()) {
        known->second.since = shared_.desk.now();
        known->second.attempts = known->second.refusals = 0;
        return enter(room.id);
    }
    if (!may_invite_us(admission_, inviter, server_of(shared_.self))) {
        shared_.desk.tell_operator(Weight::warning, "matrix: an invitation by " + untrusted::plain_word(inviter, 255) +
                                                        " is declined; matrix.invite names those who may");
        return leave(room.id);
    }
    want(room.id, {std::string{server_of(inviter)}, "", shared_.desk.now(), name_in(room.state), inviter});
}

void Doors::replaced(Room const& old, Event const& tombstone) {
    auto const successor = text_at(tombstone.content, "replacement_room");
    if (!successor.starts_with('!') || successor == old.address()) return;
    want(successor, {std::string{server_of(tombstone.sender)}, old.address(), shared_.desk.now(), {}, {}});
}

void Doors::want(std::string const& room, Wanted wanted) {
    if (wanted_.size() >= most_wanted && !wanted_.contains(room)) {
        return shared_.desk.tell_operator(Weight::warning, "matrix: too many invitations at once; one is passed over");
    }
    wanted_.insert_or_assign(room, std::move(wanted));
    enter(room);
}

void Doors::enter(std::string const& room) {
    auto& wanted = wanted_.at(room);
    if (!started_ || std::exchange(wanted.under_way, true)) return;
    auto call = post({"join", room}, "{}");
    // The older name of it, and the newer.
    call.query = {{"server_name", wanted.via}, {"via", wanted.via}};
    call.bucket = Bucket::joins;
    call.repeatable = true;
    shared_.api.call(std::move(call), guarded([this, room](Answer const& answer) { entered(room, answer); }));
}

void Doors::entered(std::string const& room, Answer const& answer) {
    auto const found = wanted_.find(room);
    if (found == wanted_.end()) return;
    auto& wanted = found->second;
    wanted.under_way = false;
    if (!answer.ok()) return try_later(room, answer);
    if (wanted.replaces.empty()) {
        shared_.desk.tell_operator(Weight::info, "matrix: came into " + shown(room, wanted.name) + ", invited by " +
                                                     untrusted::plain_word(wanted.inviter, 255));
        return done_with(room);
    }
    // Anybody who may write a tombstone may name any room: it must know whose place it takes.
    shared_.api.call(get({"rooms", room, "state", "m.room.create"}),
                     guarded([this, room](Answer const& creation) { check(room, creation); }));
}

void Doors::check(std::string const& room, Answer const& answer) {
    auto const found = wanted_.find(room);
    if (found == wanted_.end()) return;
    if (answer.passing() || answer.unknown) return try_later(room, answer);
    auto const replaces = found->second.replaces;
    auto const creation = untrusted::read_object(answer.body, answer.body.size());
    auto const predecessor = creation ? text_at(at(*creation, "predecessor"), "room_id") : std::string{};
    if (predecessor != replaces) {
        leave(room);
        return give_up(room, "it does not say that it takes the place of " + untrusted::plain_word(replaces, 255));
    }
    auto& moved_room = shared_.rooms.move(replaces, room);
    wanted_.erase(room);
    store::Batch batch;
    batch.cursors = {to_row(moved_room), row()};
    shared_.store.commit(std::move(batch), [] {});
    moved(moved_room);
}

void Doors::try_later(std::string const& room, Answer const& answer) {
    auto& wanted = wanted_.at(room);
    ++wanted.attempts;
    bool const refused = !answer.passing() && !answer.unknown;
    bool const too_often = refused && ++wanted.refusals >= most_refusals;
    if (too_often || shared_.desk.now() - wanted.since >= options_.tries_for) {
        // It may yet come to be invited there.
        if (!wanted.replaces.empty()) {
            return shared_.desk.tell_operator(
                Weight::error, "matrix: the room that takes the place of " +
                                   untrusted::plain_word(wanted.replaces, 255) + " cannot be entered (" +
                                   in_words(answer) + "); invite the bot to " + untrusted::plain_word(room, 255));
        }
        return give_up(room, in_words(answer) + "; invite the bot again");
    }
    auto const timer = std::make_shared<boost::asio::steady_timer>(io_);
    timer->expires_after(std::max(answer.retry_after.value_or(0ms), wait_after(wanted.attempts)));
    timer->async_wait(guarded([this, room, timer](boost::system::error_code const& error) {
        if (!error && wanted_.contains(room)) enter(room);
    }));
}

void Doors::give_up(std::string const& room, std::string const& why) {
    shared_.desk.tell_operator(Weight::warning,
                               "matrix: " + shown(room, wanted_.at(room).name) + " is not entered: " + why);
    done_with(room);
}

void Doors::leave(std::string const& room) {
    auto call = post({"rooms", room, "leave"}, "{}");
    call.repeatable = true;
    shared_.api.call(std::move(call), [](Answer const&) {});
}

void Doors::done_with(std::string const& room) {
    wanted_.erase(room);
    store::Batch batch;
    batch.cursors.push_back(row());
    shared_.store.commit(std::move(batch), [] {});
}

} // namespace cox::matrix
