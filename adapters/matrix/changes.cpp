// Rooms and people that change under an incident.
#include "adapters/json/untrusted.hpp"
#include "adapters/matrix/facts.hpp"
#include "adapters/matrix/intake.hpp"
#include "adapters/matrix/names.hpp"

namespace cox::matrix {
namespace {

constexpr std::string_view topic = "m.room.topic";

} // namespace

void Intake::state_changed(Room& room, Event const& event) {
    if (event.type == "m.room.member") return member_changed(room, event);
    bool const was_encrypted = room.encrypted;
    learn(event, room, shared_.people);
    if (room.encrypted && !was_encrypted) told_encrypted(room);
    if (event.type == "m.room.power_levels") outward_.power_changed(room);
    bool const by_hand = event.type == topic && event.sender != shared_.self;
    if (by_hand && incident_in(room)) outward_.topic_changed(room, event.sender, room.topic);
}

void Intake::member_changed(Room& room, Event const& event) {
    learn(event, room, shared_.people);
    auto const& user = *event.state_key;
    bool const joined = membership(event) == "join";
    if (!joined) room.brought_in.erase(user); // who is needed there again is invited again
    if (joined && room.made_by_us) room.brought_in.insert(user);
}

void Intake::came_in(Room& room) {
    room.joined = true;
    if (room.encrypted) told_encrypted(room);
    if (!room.unreachable.empty()) return outward_.reachable(room);
    // A former run may have been kept out.
    if (incident_in(room)) shared_.desk.show_again(channel_id(room.id));
}

void Intake::went_out(Room& room, std::string const& why) {
    room.joined = false;
    if (incident_in(room)) outward_.unreachable(room, why);
}

void Intake::missed(Room& room) {
    outward_.say(room, shared_.desk.words().say("matrix.missed", {}), "");
}

// Once in the life of a room: whoever turned it on, or speaks there, is to know that nobody listens.
void Intake::told_encrypted(Room& room) {
    room.encrypted = true;
    if (std::exchange(room.told_encrypted, true)) return;
    outward_.say(room, shared_.desk.words().say("matrix.encrypted", {}), "");
    shared_.desk.tell_operator(Weight::warning, "matrix: " + untrusted::plain_word(room.shown()) +
                                                    " is encrypted; what people type there is not read");
}

} // namespace cox::matrix
