// What is kept up to date: the card, the topic, the link of the call.
#include "adapters/json/untrusted.hpp"
#include "adapters/matrix/delivery.hpp"
#include "adapters/matrix/names.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace cox::matrix {
namespace {

using What = Delivered::What;

constexpr std::string_view topic_type = "m.room.topic";
constexpr std::string_view pins_type = "m.room.pinned_events";
constexpr std::size_t most_named = 3;

std::string text_in(Answer const& answer, char const* name) {
    auto const json = untrusted::read_object(answer.body, answer.body.size());
    return json ? untrusted::text_at(*json, name) : std::string{};
}

Delivered wait_for(Duration wait) {
    Delivered delivered;
    delivered.what = What::again;
    delivered.wait = wait;
    return delivered;
}

bool is_unset(Answer const& answer) {
    return answer.status == 404 && answer.errcode == "M_NOT_FOUND";
}

bool may_set(Room const& room, std::string_view self, std::string_view type) {
    return !room.power.known || room.power.may_set(self, type);
}

// Those who can raise the bot's power: "Ana, @bo:example.org".
std::string who_can_mend(Room const& room, People const& people) {
    auto const needed = room.power.for_state("m.room.power_levels");
    std::string names;
    std::size_t count = 0;
    for (auto const& [user, level] : room.power.users) {
        if (level < needed || user == people.ourselves() || !people.is_member(room.address(), user)) continue;
        if (++count > most_named) break;
        names += (names.empty() ? "" : ", ") + people.person(room.address(), user).name;
    }
    return names;
}

} // namespace

void Deliverer::show(Delivery const& delivery, effect::ShowCard const& show_card, Done done) {
    auto const& room = shared_.rooms.at(raw(show_card.channel));
    if (auto const stop = obstacle(room, true)) return done(*stop);
    if (auto const* place = room.card_of(show_card.card.incident)) {
        return change_card(delivery, show_card, place->event, std::move(done));
    }
    put_card(delivery, show_card, std::move(done));
}

void Deliverer::put_card(Delivery const& delivery, effect::ShowCard const& show_card, Done done) {
    auto const& room = shared_.rooms.at(raw(show_card.channel));
    auto words = letter(delivery, room, draw(show_card.card, server()));
    words.origin.card = text(show_card.card.incident);
    auto finish = [this, op = delivery.op, id = room.id, incident = show_card.card.incident,
                   reactions = words.drawn.reactions, done = std::move(done)](Answer const& answer) {
        auto& at = shared_.rooms.at(id);
        auto delivered = outcome(answer, &at);
        if (!answer.ok()) return done(std::move(delivered));
        delivered.remote = text_in(answer, "event_id");
        if (delivered.remote.empty()) {
            // It stands there, but where? To be looked for.
            delivered.what = What::unknown;
            delivered.reason = "the homeserver named no event";
            return done(std::move(delivered));
        }
        at.set_card(incident, delivered.remote);
        pin_card(at, incident);
        (void)put_new_keys(op, at, incident, reactions);
        save(at, [done, delivered] { done(delivered); });
    };
    send(std::move(words), guarded(std::move(finish)));
}

void Deliverer::change_card(Delivery const& delivery, effect::ShowCard const& show_card, std::string const& event,
                            Done done) {
    auto const& room = shared_.rooms.at(raw(show_card.channel));
    auto words = letter(delivery, room, draw(show_card.card, server()), {.edits = event});
    words.origin.card = text(show_card.card.incident);
    words.txn = txn_of(delivery.op, "edit");
    auto finish = [this, delivery, show_card, event, id = room.id, reactions = words.drawn.reactions,
                   done = std::move(done)](Answer const& answer) {
        auto& at = shared_.rooms.at(id);
        // The room knows no such event: it was upgraded, or restored from an older copy. A new one takes its place.
        if (answer.status == 400 || answer.status == 404) {
            lose_card(at, show_card.card.incident, event);
            return put_card(delivery, show_card, done);
        }
        auto delivered = outcome(answer, &at);
        // The same again does no harm.
        if (delivered.what == What::unknown) delivered.what = What::again;
        if (!answer.ok()) return done(std::move(delivered));
        delivered.remote = event;
        pin_card(at, show_card.card.incident);
        if (!put_new_keys(delivery.op, at, show_card.card.incident, reactions)) return done(std::move(delivered));
        save(at, [done, delivered] { done(delivered); });
    };
    send(std::move(words), guarded(std::move(finish)));
}

void Deliverer::lose_card(Room& room, IncidentId incident, std::string const& event) {
    lost_.insert(event);
    room.set_card(incident, "");
}

bool Deliverer::put_new_keys(std::int64_t op, Room& room, IncidentId incident, std::vector<Reaction> reactions) {
    auto* const card = room.card_of(incident);
    if (!card) return false;
    std::erase_if(reactions,
                  [card](Reaction const& each) { return std::ranges::find(card->keys, each.key) != card->keys.end(); });
    if (reactions.empty() || !put_keys(op, room, card->event, reactions)) return false;
    for (auto const& reaction : reactions)
        card->keys.push_back(reaction.key);
    return true;
}

void Deliverer::pin_card(Room const& room, IncidentId incident) {
    auto const* card = room.card_of(incident);
    if (!card || !card->pin_due || !may_set(room, shared_.self, pins_type)) return;
    if (!pinning_.insert(card->event).second) return;
    auto finish = [this, id = room.id, event = card->event](Answer const& answer) {
        if (!answer.ok() && !is_unset(answer)) {
            pinning_.erase(event);
            return;
        }
        auto const json = untrusted::read_object(answer.body, answer.body.size());
        std::vector<std::string> pinned;
        for (auto const& each : json ? untrusted::at(*json, "pinned") : nlohmann::json{})
            if (each.is_string()) pinned.push_back(each.get<std::string>());
        write_pins(shared_.rooms.at(id), event, std::move(pinned));
    };
    shared_.api.call(get({"rooms", room.address(), "state", std::string{pins_type}, ""}), guarded(std::move(finish)));
}

// In place of the cards of incidents that are over.
void Deliverer::write_pins(Room const& room, std::string const& event, std::vector<std::string> pinned) {
    if (std::ranges::find(pinned, event) != pinned.end()) return card_is_pinned(room.id, event, std::move(pinned));
    std::erase_if(pinned, [&](std::string const& each) {
        return lost_.contains(each) || std::ranges::find(room.cards, each, &CardPlace::event) != room.cards.end();
    });
    pinned.push_back(event);
    auto content = nlohmann::json{{"pinned", pinned}}.dump();
    auto finish = [this, id = room.id, event, pinned = std::move(pinned)](Answer const& answer) {
        auto const what = outcome(answer, nullptr).what;
        if (what == What::again || what == What::unknown)
            pinning_.erase(event);
        else
            card_is_pinned(id, event, answer.ok() ? pinned : shared_.rooms.at(id).pinned);
    };
    shared_.api.call(put_state(room.address(), std::string{pins_type}, "", std::move(content)),
                     guarded(std::move(finish)));
}

// Our own doing, of which /sync does not tell.
void Deliverer::card_is_pinned(std::string const& room, std::string const& event, std::vector<std::string> pinned) {
    pinning_.erase(event);
    auto& at = shared_.rooms.at(room);
    at.pinned = std::move(pinned);
    auto const card = std::ranges::find(at.cards, event, &CardPlace::event);
    if (card == at.cards.end()) return;
    card->pin_due = false;
    save(at);
}

void Deliverer::pin_what_is_due() {
    for (auto const& [id, room] : shared_.rooms.all())
        if (auto const* open = shared_.desk.open_in(channel_id(room.id))) pin_card(room, open->id);
}

void Deliverer::show(Delivery const& delivery, effect::SetTopic const& set, Done done) {
    auto& room = shared_.rooms.at(raw(set.channel));
    if (auto const stop = obstacle(room, true)) return done(*stop);
    auto const topic = topic_text(set.topic);
    if (room.topic_before || room.made_by_us) {
        return write_topic(room, delivery.urgency, topic, TopicOf::ours, std::move(done));
    }
    // What stands there now is put back when the incident closes.
    auto finish = [this, id = room.id, urgency = delivery.urgency, topic,
                   done = std::move(done)](Answer const& answer) {
        auto& at = shared_.rooms.at(id);
        if (!answer.ok() && !is_unset(answer)) return done(outcome(answer, &at));
        at.topic_before = text_in(answer, "topic");
        save(at, guarded([this, id, urgency, topic, done] {
                 write_topic(shared_.rooms.at(id), urgency, topic, TopicOf::ours, done);
             }));
    };
    shared_.api.call(get({"rooms", room.address(), "state", std::string{topic_type}, ""}), guarded(std::move(finish)));
}

void Deliverer::show(Delivery const& delivery, effect::RestoreTopic const& restore, Done done) {
    auto& room = shared_.rooms.at(raw(restore.channel));
    if (auto const stop = obstacle(room, true)) return done(*stop);
    if (!room.topic_before) return done({});
    auto const topic = *room.topic_before;
    auto finish = [this, id = room.id, done = std::move(done)](Delivered const& delivered) {
        auto& at = shared_.rooms.at(id);
        if (delivered.what != What::sent) return done(delivered);
        at.topic_before.reset();
        at.our_topic.clear();
        save(at, [done, delivered] { done(delivered); });
    };
    write_topic(room, delivery.urgency, topic, TopicOf::people, guarded(std::move(finish)));
}

void Deliverer::write_topic(Room& room, int urgency, std::string const& topic, TopicOf whose, Done done) {
    if (room.our_topic == topic) return done({});
    if (!may_set(room, shared_.self, topic_type)) {
        topic_is_forbidden(room);
        Delivered delivered;
        delivered.what = What::failed;
        delivered.reason = "no power to set the topic";
        return done(std::move(delivered));
    }
    auto const now = std::chrono::steady_clock::now();
    if (room.topic_written && now - *room.topic_written < shared_.topic_spacing) {
        return done(wait_for(std::chrono::ceil<Duration>(*room.topic_written + shared_.topic_spacing - now)));
    }
    room.topic_written = now;
    auto finish = [this, id = room.id, topic, done = std::move(done)](Answer const& answer) {
        auto& at = shared_.rooms.at(id);
        bool const is_forbidden = answer.errcode == "M_FORBIDDEN";
        auto delivered = outcome(answer, is_forbidden ? nullptr : &at);
        // The same again does no harm.
        if (delivered.what == What::unknown) delivered.what = What::again;
        if (is_forbidden) topic_is_forbidden(at);
        if (!answer.ok()) return done(std::move(delivered));
        at.our_topic = topic;
        if (at.topic_put_right != topic) at.topic_put_right.clear();
        save(at, [done, delivered] { done(delivered); });
    };
    auto call = put_state(room.address(), std::string{topic_type}, "", topic_content(topic, whose));
    call.urgency = urgency;
    shared_.api.call(std::move(call), guarded(std::move(finish)));
}

void Deliverer::topic_is_forbidden(Room& room) {
    if (std::exchange(room.topic_refused, true)) return;
    auto const needed = std::max(room.power.for_state(topic_type), room.power.for_state(pins_type));
    Args const args{{"needed", std::to_string(needed)},
                    {"have", room.power.known ? std::to_string(room.power.of(shared_.self)) : ""},
                    {"bot", shared_.self},
                    {"who", who_can_mend(room, shared_.people)}};
    say(room, shared_.desk.words().say("matrix.topic-forbidden", args), {},
        [this, id = room.id](bool said) { shared_.rooms.at(id).topic_refused = said; });
    shared_.desk.tell_operator(Weight::warning, "matrix: the topic of " + room.shown() + " cannot be set; " +
                                                    shared_.self + " needs power level " + std::to_string(needed) +
                                                    " there");
}

void Deliverer::topic_changed(Room& room, std::string const& user, std::string const& topic) {
    if (user == shared_.self || room.our_topic.empty() || topic == room.our_topic) return;
    // Whatever a person wrote comes back at the end; ours is put right once, never a fight.
    auto const ours = std::exchange(room.our_topic, topic);
    room.topic_before = topic;
    bool const once_already = room.topic_put_right == ours;
    room.topic_put_right = ours;
    save(room);
    if (once_already) return;
    say(room, shared_.desk.words().say("matrix.topic-put-right", {}), user);
    shared_.desk.show_again(channel_id(room.id));
}

void Deliverer::power_changed(Room& room) {
    if (!room.topic_refused || !may_set(room, shared_.self, topic_type)) return;
    room.topic_refused = false;
    shared_.desk.show_again(channel_id(room.id));
}

void Deliverer::redacted(Room& room, std::string const& event) {
    auto const card = std::ranges::find(room.cards, event, &CardPlace::event);
    if (card == room.cards.end()) return;
    lose_card(room, IncidentId{card->incident}, event);
    save(room);
    shared_.desk.show_again(channel_id(room.id));
}

// The card names the link, and is pinned: that keeps it at hand. It is shown anew with whatever changes on it.
void Deliverer::show(Delivery const&, effect::SetLink const&, Done const& done) {
    done({});
}

} // namespace cox::matrix
