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

// What keeps words out of a channel, for people who read them elsewhere.
struct Obstacle {
    std::string_view error;
    std::string_view words;
};
constexpr std::array obstacles{
    Obstacle{"not_in_channel", "I was removed from it"},
    Obstacle{"channel_not_found", "it is gone, or I am not in it"},
    Obstacle{"is_archived", "it is archived"},
    Obstacle{"channel_is_archived", "it is archived"},
    Obstacle{"is_inactive", "it is archived"},
    Obstacle{"restricted_action_read_only_channel", "only some may post there"},
    Obstacle{"missing_scope", "Slack does not let me post there: a right is missing"},
};

std::string in_plain_words(std::string_view error) {
    auto const known = std::ranges::find(obstacles, error, &Obstacle::error);
    return std::string{known == obstacles.end() ? error : known->words};
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

// Machines are told elsewhere (adapters/hook).
void Deliverer::show(Delivery const&, effect::CallHook const& hook, Done const& done) {
    done(failed(hook.channel.value + " is no channel on Slack"));
}

std::optional<Delivered> Deliverer::obstacle(Room const& room, bool keeps) const {
    auto why = shared_.trouble;
    if (why.empty() && std::chrono::steady_clock::now() < room.try_again_at) why = room.unreachable;
    if (why.empty()) return std::nullopt;
    // What shows the state as it is waits for the way to be free; what people must read now goes elsewhere.
    if (keeps) return again(why, slot_wait);
    auto delivered = failed(in_plain_words(why));
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
        return failed(answer.error == "missing_scope" ? in_plain_words(answer.error) + " (" + answer.needed + ")"
                                                      : answer.error);
    case Verdict::channel:
        delivered = failed(in_plain_words(answer.error));
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
    auto const why = std::exchange(room.unreachable, {});
    room.try_again_at = {};
    // What could not be shown meanwhile.
    auto const channel = channel_id(shared_.team, room.channel);
    shared_.desk.show_again(channel);
    if (shared_.desk.open_in(channel))
        say(room, shared_.desk.words().say("slack.back", {{"reason", in_plain_words(why)}}));
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
