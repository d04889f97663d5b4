#include "adapters/slack/delivery.hpp"

#include "adapters/slack/json.hpp"
#include "adapters/slack/names.hpp"
#include "core/overloaded.hpp"

#include <array>

namespace cox::slack {
namespace {

using namespace std::chrono_literals;

// A lost answer may still be on its way to becoming a message: it is looked for after this.
constexpr Duration look_after = 2s;
constexpr Duration token_wait = 30s;
// A channel that cannot be reached is tried again this often, besides when Slack says that we are back in it.
constexpr auto channel_wait = 5min;
constexpr Duration slot_wait = 1min;

// "is_inactive": what chat.update calls an archived channel.
constexpr std::array out_of_reach{"not_in_channel", "channel_not_found", "is_archived", "channel_is_archived",
                                  "is_inactive"};

bool is_out_of_reach(std::string_view error) {
    return std::ranges::find(out_of_reach, error) != out_of_reach.end();
}

Delivered failed(std::string reason) {
    Delivered delivered;
    delivered.what = Delivered::What::failed;
    delivered.reason = std::move(reason);
    return delivered;
}

Delivered again(std::string reason, std::optional<Duration> wait) {
    Delivered delivered;
    delivered.what = Delivered::What::again;
    delivered.reason = std::move(reason);
    delivered.wait = wait;
    return delivered;
}

} // namespace

void Deliverer::deliver(Delivery const& delivery, Done done) {
    std::visit([&](auto const& effect) { show(delivery, effect, std::move(done)); }, delivery.effect);
}

std::optional<Delivered> Deliverer::obstacle(Room const& room, bool keeps) const {
    auto why = shared_.trouble;
    if (why.empty() && std::chrono::steady_clock::now() < room.try_again_at) why = room.unreachable;
    if (why.empty()) return std::nullopt;
    // What shows the state as it is waits for the way to be free; what people must read now goes elsewhere.
    if (keeps) return again(why, slot_wait);
    auto delivered = failed(why);
    delivered.unreachable = true;
    return delivered;
}

Delivered Deliverer::outcome(Answer const& answer, Room* room) {
    Delivered delivered;
    switch (answer.verdict) {
    case Verdict::done:
        if (room) reachable(*room);
        return delivered;
    case Verdict::wait: return again(answer.error, answer.retry_after);
    case Verdict::again: return again(answer.error, std::nullopt);
    case Verdict::unknown:
        delivered.what = Delivered::What::unknown;
        delivered.reason = answer.error;
        delivered.wait = look_after;
        return delivered;
    case Verdict::token:
        // With another token, which may be in use by now, it goes.
        if (shared_.trouble.empty()) return again(answer.error, token_wait);
        delivered = failed(answer.error);
        delivered.unreachable = true;
        return delivered;
    case Verdict::scope:
        if (missed_.insert(answer.needed + answer.error).second) {
            shared_.desk.tell_operator(
                Weight::error, "slack: a right is missing (" + (answer.needed.empty() ? answer.error : answer.needed) +
                                   "); `coxswain check --online` says what it costs and how to add it");
        }
        return failed(answer.error + " " + answer.needed);
    case Verdict::channel:
        delivered = failed(answer.error);
        if (room && is_out_of_reach(answer.error)) {
            unreachable(*room, answer.error);
            delivered.unreachable = true;
        }
        return delivered;
    case Verdict::refused: return failed(in_words(answer));
    }
    return failed(answer.error);
}

void Deliverer::reachable(Room& room) {
    if (room.unreachable.empty()) return;
    shared_.desk.tell_operator(Weight::info, "slack: #" + room.name + " can be reached again");
    room.unreachable.clear();
    room.try_again_at = {};
    // What could not be shown meanwhile.
    shared_.desk.show_again(channel_id(shared_.team, room.channel));
}

void Deliverer::unreachable(Room& room, std::string const& why) {
    room.try_again_at = std::chrono::steady_clock::now() + channel_wait;
    if (room.unreachable == why) return;
    room.unreachable = why;
    auto mend = std::string{"invite the bot, or unarchive the channel"};
    if (auto const* incident = shared_.desk.open_in(channel_id(shared_.team, room.channel)))
        mend +=
            "; `move " + text(incident->id) + " here because …`, typed in another channel, takes the incident there";
    shared_.desk.tell_operator(Weight::error, "slack: #" + (room.name.empty() ? room.channel : room.name) +
                                                  " cannot be reached (" + why + "); " + mend);
}

std::string Deliverer::op_name(std::int64_t op) const {
    return shared_.house + ":" + std::to_string(op);
}

std::string Deliverer::metadata_of(Delivery const& delivery, std::string_view card) const {
    nlohmann::json payload{{"op", op_name(delivery.op)}};
    if (!card.empty()) payload["card"] = card;
    return nlohmann::json{{"event_type", "coxswain"}, {"event_payload", std::move(payload)}}.dump();
}

void Deliverer::save(Room const& room, std::function<void()> then) {
    store::Batch batch;
    batch.cursors.push_back(to_row(room));
    shared_.store.commit(std::move(batch), std::move(then));
}

} // namespace cox::slack
