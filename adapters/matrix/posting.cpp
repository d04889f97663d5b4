// Messages: posts, private words, pages, and the reactions that are their buttons.
#include "adapters/json/untrusted.hpp"
#include "adapters/matrix/delivery.hpp"
#include "adapters/matrix/names.hpp"

namespace cox::matrix {
namespace {

constexpr std::string_view message = "m.room.message";
// Behind everything that somebody must read.
constexpr int urgency_of_keys = 20;
// With so many calls waiting the homeserver is slow: what can be typed stands in the message.
constexpr std::size_t too_many_waiting = 16;

std::string event_of(Answer const& answer) {
    auto const json = untrusted::read_object(answer.body, answer.body.size());
    return json ? untrusted::text_at(*json, "event_id") : std::string{};
}

Delivered nobody_here(UserId const& user) {
    Delivered delivered;
    delivered.what = Delivered::What::failed;
    delivered.reason = user.value + " is nobody on Matrix";
    return delivered;
}

// "Cannot start threads from an event with a relation", or the message is not in this room (any more).
bool is_about_relation(Answer const& answer, Relation const& relation) {
    return !relation.answers.empty() && (answer.status == 400 || answer.status == 404);
}

} // namespace

Deliverer::Letter Deliverer::letter(Delivery const& delivery, Room const& room, Drawn drawn, Relation relation) const {
    return {room.address(),      std::move(drawn),    {op_name(delivery.op)},
            std::move(relation), txn_of(delivery.op), delivery.urgency};
}

void Deliverer::send(Letter letter, Answered answered) {
    auto call = send_event(letter.room, std::string{message}, letter.txn,
                           message_content(letter.drawn, letter.origin, letter.relation));
    call.urgency = letter.urgency;
    auto finish = [this, letter = std::move(letter), answered = std::move(answered)](Answer const& answer) {
        // What was refused was not remembered: the same transaction may say it in another form.
        if (is_about_relation(answer, letter.relation)) {
            auto alone = letter;
            alone.relation = {};
            return send(std::move(alone), answered);
        }
        if (answer.ok()) remember(letter, event_of(answer));
        if (answer.status != 413 || letter.drawn.html.empty()) return answered(answer);
        shared_.desk.tell_operator(Weight::warning, "matrix: a message went out without its form: " + in_words(answer));
        auto plain = letter;
        plain.drawn = without_form(letter.drawn);
        send(std::move(plain), answered);
    };
    shared_.api.call(std::move(call), guarded(std::move(finish)));
}

void Deliverer::remember(Letter const& letter, std::string const& event) {
    auto const& [edits, answers, thread] = letter.relation;
    if (!edits.empty()) return shared_.own.edited(edits, letter.drawn.reactions);
    shared_.own.sent(event, {letter.drawn.reactions, thread.empty() ? answers : thread});
}

void Deliverer::send_post(Delivery const& delivery, Room const& room, Letter letter, Done done) {
    auto finish = [this, op = delivery.op, id = room.id, reactions = letter.drawn.reactions,
                   done = std::move(done)](Answer const& answer) {
        auto& at = shared_.rooms.at(id);
        auto delivered = outcome(answer, &at);
        if (answer.ok()) {
            delivered.remote = event_of(answer);
            if (delivered.remote.empty()) {
                // It may stand there. To be looked for.
                delivered.what = Delivered::What::unknown;
                delivered.reason = "the homeserver named no event";
                return done(std::move(delivered));
            }
            may_repeat_.erase(op);
            (void)put_keys(op, at, delivered.remote, reactions);
        }
        done(std::move(delivered));
    };
    send(std::move(letter), guarded(std::move(finish)));
}

void Deliverer::show(Delivery const& delivery, effect::Post const& post, Done done) {
    auto& room = shared_.rooms.at(raw(post.channel));
    if (auto const stop = obstacle(room, false)) return done(*stop);
    auto shown = post;
    if (may_repeat_.contains(delivery.op)) shown.text += "\n" + shared_.desk.words().say("matrix.may-repeat", {});
    bring_in(delivery, post);
    send_post(delivery, room, letter(delivery, room, draw(shown, server())), std::move(done));
}

Deliverer::Letter Deliverer::private_letter(Room const& room, IncidentId incident, effect::Tell const& tell) const {
    Letter letter;
    letter.room = room.address();
    auto manner = Manner::unasked;
    if (auto const answers = shared_.heard.answered_by(tell, std::chrono::steady_clock::now())) {
        manner = answers->objects ? Manner::objection : Manner::answer;
        letter.relation = {.answers = answers->place.event, .thread = answers->place.thread_root};
    } else if (auto const* card = room.card_of(incident)) {
        // Out of the way of those whom it does not concern.
        letter.relation = {.answers = card->event};
    }
    letter.drawn = draw(tell, manner, server());
    return letter;
}

void Deliverer::show(Delivery const& delivery, effect::Tell const& tell, Done done) {
    if (!is_user(raw(tell.to.id))) return done(nobody_here(tell.to.id));
    auto const& room = shared_.rooms.at(raw(tell.channel));
    if (auto const stop = obstacle(room, false)) return done(*stop);
    auto words = private_letter(room, delivery.incident, tell);
    send_post(delivery, room, letter(delivery, room, std::move(words.drawn), std::move(words.relation)),
              std::move(done));
}

// In the incident's own room: who is not there is asked in, which their client tells them of.
void Deliverer::show(Delivery const& delivery, effect::PagePerson const& page, Done const& done) {
    std::string const user{raw(page.person.id)};
    if (!is_user(user)) return done(nobody_here(page.person.id));
    auto const& place = shared_.rooms.at(raw(page.channel));
    if (auto const stop = obstacle(place, false)) return done(*stop);
    auto speak = [this, delivery, page, id = place.id, done] {
        auto const& room = shared_.rooms.at(id);
        send_post(delivery, room, letter(delivery, room, draw(page, server())), done);
    };
    auto look = [this, delivery, user, id = place.id, speak = std::move(speak), done] {
        auto& room = shared_.rooms.at(id);
        if (shared_.people.is_member(room.address(), user)) return speak();
        invite(room, user, delivery.urgency, [this, id, user, speak, done](Answer const& answer) {
            auto& at = shared_.rooms.at(id);
            note_invite(answer, at, user);
            if (answer.ok() || at.brought_in.contains(user)) return speak();
            done(outcome(answer, nullptr));
        });
    };
    shared_.people.know_members(place.address(), guarded(std::move(look)));
}

void Deliverer::say(Room const& room, std::string_view marked, std::string const& to, std::function<void(bool)> said) {
    Letter words;
    if (to.empty()) {
        words.room = room.address();
        words.drawn = draw_words(marked, server());
    } else {
        auto const* open = shared_.desk.open_in(channel_id(room.id));
        words = private_letter(room, open ? open->id : IncidentId{}, words_to(room, marked, to));
    }
    send_own(std::move(words), std::move(said));
}

void Deliverer::object(Room const& room, std::string_view marked, std::string const& to, Heard::Place const& under) {
    Letter words;
    words.room = room.address();
    words.drawn = draw(words_to(room, marked, to), Manner::objection, server());
    words.relation = {.answers = under.event, .thread = under.thread_root};
    send_own(std::move(words), [](bool) {});
}

effect::Tell Deliverer::words_to(Room const& room, std::string_view marked, std::string const& user) const {
    return {channel_id(room.id), shared_.people.person(room.address(), user), std::string{marked}, {}};
}

void Deliverer::send_own(Letter words, std::function<void(bool)> said) {
    words.origin = {shared_.house + ":" + life_};
    words.txn = next_txn();
    auto finish = [this, said = std::move(said)](Answer const& answer) {
        (void)outcome(answer, nullptr);
        said(answer.ok());
    };
    send(std::move(words), guarded(std::move(finish)));
}

bool Deliverer::put_keys(std::int64_t op, Room const& room, std::string const& event,
                         std::vector<Reaction> const& reactions) {
    if (event.empty() || shared_.api.waiting() > too_many_waiting) return false;
    int number = 0;
    for (auto const& reaction : reactions) {
        auto call = send_event(room.address(), "m.reaction", txn_of(op, "key" + std::to_string(++number)),
                               reaction_content(event, reaction.key));
        // In order among themselves; the room's next words do not wait for them.
        call.lane = "keys of " + event;
        call.urgency = urgency_of_keys;
        shared_.api.call(std::move(call), [](Answer const&) {});
    }
    return true;
}

} // namespace cox::matrix
