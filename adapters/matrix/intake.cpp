#include "adapters/matrix/intake.hpp"

#include "adapters/json/untrusted.hpp"
#include "adapters/matrix/facts.hpp"
#include "adapters/matrix/names.hpp"
#include "core/parse.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <chrono>

namespace cox::matrix {
namespace {

constexpr std::size_t commands_kept = 1000;

auto steady_now() {
    return std::chrono::steady_clock::now();
}

std::string inbound_key(Event const& event) {
    return "matrix:" + event.id;
}

} // namespace

bool Intake::may_matter(Event const& event) const {
    if (event.sender == shared_.self || is_denied(admission_, event.sender)) return false;
    return event.type == "m.room.message" || event.type == "m.reaction" || event.type == "m.room.redaction" ||
           event.is_state("m.room.pinned_events");
}

void Intake::take(Room& room, Event const& event, Give give) {
    if (event.sender == shared_.self) shared_.own.saw(event);
    bool const heard = may_matter(event);
    if (heard && event.is_state("m.room.pinned_events")) return pinned(room, event, std::move(give));
    if (event.state_key) {
        state_changed(room, event);
        return give(std::nullopt);
    }
    if (event.type == "m.room.encrypted") told_encrypted(room);
    if (!heard) return give(std::nullopt);
    if (event.type == "m.reaction") return reacted(room, event, std::move(give));
    if (event.type == "m.room.redaction") return redacted(room, event, std::move(give));
    said(room, event, std::move(give));
}

void Intake::learn_only(Room& room, Event const& event) {
    if (event.sender == shared_.self) shared_.own.saw(event);
    learn(event, room, shared_.people);
}

Channel Intake::place_of(Room const& room) const {
    return {channel_id(room.id), room.shown()};
}

Incident const* Intake::incident_in(Room const& room) const {
    return shared_.desk.open_in(channel_id(room.id));
}

Standing Intake::standing(Room const& room, std::string_view user) const {
    return standing_of(admission_, user, server_of(shared_.self), room.known ? &room.power : nullptr);
}

Inbound Intake::inbound(Room const& room, std::string const& user, Time at) const {
    Inbound inbound;
    inbound.place = place_of(room);
    inbound.actor = shared_.people.person(room.address(), user);
    inbound.standing = standing(room, user);
    inbound.said_at = at;
    return inbound;
}

void Intake::said(Room& room, Event const& event, Give give) {
    auto const own_name = shared_.people.own_name(room.address());
    auto message = read_message(event, {shared_.self, own_name});
    if (!message) return give(std::nullopt);
    auto const& text = message->text;
    bool const maybe_command = message->to_us || text.starts_with('!') || text.starts_with('/');
    if (!maybe_command) {
        // Talk between people. The engine hears of it where it is a commander's sign of life.
        auto const* incident = incident_in(room);
        if (!incident || raw(incident->commander().id) != event.sender) return give(std::nullopt);
    } else {
        shared_.heard.heard(user_id(event.sender), inbound_key(event), {event.id, message->thread_root}, steady_now());
        remember_command(event.id, text);
    }
    auto finish = guarded([this, id = room.id, key = inbound_key(event), sender = event.sender, at = event.at,
                           message = *message, give = std::move(give)] {
        auto out = inbound(shared_.rooms.by_address(id), sender, at);
        out.key = key;
        out.text = message.text;
        out.form = message.to_us ? Form::command : Form::message;
        give(std::move(out));
    });
    if (!maybe_command) return finish();
    // Whoever may not command gets no question asked on their behalf.
    if (standing(room, event.sender) != Standing::member) message->named.clear();
    shared_.people.know(room.address(), std::move(message->named), std::move(finish));
}

void Intake::remember_command(std::string const& event, std::string const& text) {
    if (!commands_.emplace(event, text).second) return;
    commands_by_age_.push_back(event);
    if (commands_by_age_.size() <= commands_kept) return;
    commands_.erase(commands_by_age_.front());
    commands_by_age_.pop_front();
}

void Intake::look_up(Room const& room, std::string const& event, std::function<void(std::optional<Event>)> then) {
    auto call = get({"rooms", room.address(), "event", event});
    call.insists = true;
    call.waits_for_token = true;
    shared_.api.call(std::move(call), guarded([then = std::move(then)](Answer const& answer) {
                         auto const json = read_with_events(answer.body);
                         then(answer.ok() && json ? read_event(*json) : std::nullopt);
                     }));
}

void Intake::reacted(Room& room, Event const& event, Give give) {
    auto const target = related_to(event);
    auto const key = untrusted::text_at(untrusted::at(event.content, "m.relates_to"), "key");
    if (event.redacted() || target.empty() || key.empty() || relation_of(event) != "m.annotation")
        return give(std::nullopt);
    if (auto const* own = shared_.own.find(target)) return press(room, event, *own, key, std::move(give));
    // Everybody waits while it is asked about: not for each thumb that is held up to somebody.
    if (!may_be_button(key) && !is_note(room, key)) return give(std::nullopt);
    look_up(room, target, [this, id = room.id, event, key, give = std::move(give)](std::optional<Event> const& marked) {
        auto& at_hand = shared_.rooms.by_address(id);
        if (!marked) return give(std::nullopt);
        if (auto const own = own_message(*marked, shared_.self)) return press(at_hand, event, *own, key, give);
        if (!is_note(at_hand, key)) return give(std::nullopt);
        note(at_hand, {event.sender, event.at, marked->id}, *marked, give);
    });
}

void Intake::press(Room& room, Event const& event, OwnMessage const& message, std::string const& key, Give give) {
    auto const command = command_of(message, key);
    if (command.empty()) {
        pressed_in_vain(room, event, message, key);
        return give(std::nullopt);
    }
    shared_.heard.heard(user_id(event.sender), inbound_key(event), {related_to(event), message.thread_root},
                        steady_now());
    auto out = inbound(room, event.sender, event.at);
    out.key = inbound_key(event);
    out.text = command;
    out.form = Form::command;
    give(std::move(out));
}

// The keys of a card stay under it when its buttons go: to take each away and put it back would cost a request of those
// that the homeserver counts.
void Intake::pressed_in_vain(Room& room, Event const& event, OwnMessage const& message, std::string const& key) {
    auto const target = related_to(event);
    auto const card = std::ranges::find(room.cards, target, &CardPlace::event);
    if (card == room.cards.end()) return;
    auto const same = [&key](std::string const& each) { return same_reaction(each, key); };
    if (std::ranges::none_of(card->keys, same)) return;
    Args const args{{"key", key}, {"command", std::string{verb_of(key)}}};
    outward_.object(room, shared_.desk.words().say("matrix.button-gone", args), event.sender,
                    {target, message.thread_root});
}

} // namespace cox::matrix
