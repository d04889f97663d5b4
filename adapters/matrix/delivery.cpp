#include "adapters/matrix/delivery.hpp"

#include "adapters/matrix/names.hpp"

#include <algorithm>
#include <array>
#include <random>

namespace cox::matrix {
namespace {

using namespace std::chrono_literals;

// A lost answer may still be on its way to becoming a message: it is looked for after this.
constexpr Duration look_after = 2s;
constexpr Duration token_wait = 30s;
constexpr Duration slot_wait = 1min;
// A room that cannot be reached is tried again this often, besides when the homeserver says that we are back in it.
constexpr auto room_wait = 5min;

// What the homeserver says of the whole account, whatever it was asked.
constexpr std::array of_the_account{"M_USER_SUSPENDED", "M_USER_LOCKED", "M_USER_DEACTIVATED",
                                    "M_RESOURCE_LIMIT_EXCEEDED", "M_CONSENT_NOT_GIVEN"};

Delivered failed(std::string reason, bool unreachable = false) {
    Delivered delivered;
    delivered.what = Delivered::What::failed;
    delivered.reason = std::move(reason);
    delivered.unreachable = unreachable;
    return delivered;
}

Delivered later(Delivered::What what, std::string reason, std::optional<Duration> wait) {
    Delivered delivered;
    delivered.what = what;
    delivered.reason = std::move(reason);
    delivered.wait = wait;
    return delivered;
}

std::string random_word() {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz234567";
    std::random_device random;
    std::string word;
    while (word.size() < 10)
        word += letters[random() % letters.size()];
    return word;
}

} // namespace

Deliverer::Deliverer(Shared& shared) : shared_{shared}, life_{random_word()} {}

void Deliverer::deliver(Delivery const& delivery, Done done) {
    std::visit([&](auto const& effect) { show(delivery, effect, std::move(done)); }, delivery.effect);
}

// Machines are told elsewhere (adapters/hook).
void Deliverer::show(Delivery const&, effect::CallHook const& hook, Done const& done) {
    done(failed(hook.channel.value + " is no room on Matrix"));
}

std::optional<Delivered> Deliverer::obstacle(Room const& room, bool keeps) const {
    auto why = shared_.trouble;
    if (why.empty() && std::chrono::steady_clock::now() < room.try_again_at) why = room.unreachable;
    if (why.empty()) return std::nullopt;
    // What shows the state as it is waits for the way to be free; what people must read now goes elsewhere.
    if (keeps) return later(Delivered::What::again, why, slot_wait);
    return failed(why, true);
}

Delivered Deliverer::outcome(Answer const& answer, Room* room) {
    using What = Delivered::What;
    if (answer.ok()) {
        if (room) reachable(*room);
        return {};
    }
    auto const why = in_words(answer);
    if (answer.passing()) return later(What::again, why, answer.retry_after);
    if (answer.unknown) return later(What::unknown, why, look_after);
    if (answer.status == 401) {
        // With another token, which may be in use by now, it goes.
        return shared_.trouble.empty() ? later(What::again, why, token_wait) : failed(why, true);
    }
    if (std::ranges::find(of_the_account, answer.errcode) != of_the_account.end()) {
        if (reported_.insert(answer.errcode).second)
            shared_.desk.tell_operator(Weight::error, "matrix: the homeserver takes nothing from this account: " + why);
        return failed(why, true);
    }
    bool const is_kept_out = answer.errcode == "M_FORBIDDEN" || answer.status == 404;
    if (!room || !is_kept_out) return failed(why);
    unreachable(*room, why);
    return failed(why, true);
}

void Deliverer::reachable(Room& room) {
    if (room.unreachable.empty()) return;
    shared_.desk.tell_operator(Weight::info, "matrix: " + room.shown() + " can be reached again");
    room.unreachable.clear();
    room.try_again_at = {};
    // What could not be shown meanwhile.
    shared_.desk.show_again(channel_id(room.id));
}

void Deliverer::unreachable(Room& room, std::string const& why) {
    room.try_again_at = std::chrono::steady_clock::now() + room_wait;
    if (room.unreachable == why) return;
    room.unreachable = why;
    auto mend = std::string{"invite the bot, and let it send messages there"};
    if (auto const* incident = shared_.desk.open_in(channel_id(room.id)))
        mend += "; `!move " + text(incident->id) + " here because …`, typed in another room, takes the incident there";
    shared_.desk.tell_operator(Weight::error, "matrix: " + room.shown() + " cannot be reached (" + why + "); " + mend);
}

std::string Deliverer::op_name(std::int64_t op) const {
    return shared_.house + ":" + std::to_string(op);
}

// The homeserver counts a transaction once for a room and a device, whatever its kind: each event that an operation
// makes has one of its own.
std::string Deliverer::txn_of(std::int64_t op, std::string_view part) const {
    return shared_.house + "." + std::to_string(op) + (part.empty() ? "" : "." + std::string{part});
}

std::string Deliverer::next_txn() {
    return shared_.house + "." + life_ + "." + std::to_string(++said_);
}

std::string_view Deliverer::server() const {
    return server_of(shared_.self);
}

void Deliverer::save(Room const& room, std::function<void()> then) {
    store::Batch batch;
    batch.cursors.push_back(to_row(room));
    shared_.store.commit(std::move(batch), std::move(then));
}

} // namespace cox::matrix
