// What people put on the timeline: by an emoji, a pin, or by removing what they had said.
#include "adapters/json/untrusted.hpp"
#include "adapters/matrix/emoji.hpp"
#include "adapters/matrix/facts.hpp"
#include "adapters/matrix/intake.hpp"
#include "adapters/matrix/names.hpp"
#include "core/characters.hpp"
#include "core/cursor.hpp"
#include "core/hear.hpp"
#include "core/parse.hpp"
#include "core/phrases.hpp"

#include <algorithm>

namespace cox::matrix {
namespace {

constexpr std::size_t longest_note = longest_command / 2;

Inbound as_note(Inbound inbound, std::string key, std::string_view text) {
    auto const line = clipped(normalise(text), longest_note);
    inbound.key = std::move(key);
    inbound.text = "note " + line;
    inbound.form = Form::command;
    inbound.meant = Parsed{command::Note{line}, "", false};
    return inbound;
}

} // namespace

bool Intake::is_note(Room const& room, std::string_view key) const {
    auto const& names = shared_.desk.policy().note_emoji;
    bool const ours = std::ranges::any_of(names, [&](auto const& name) { return same_reaction(emoji_of(name), key); });
    return ours && incident_in(room);
}

// One line in the timeline for a message, however many people mark it. A mark that may be refused, being a guest's or
// late, has a key of its own: the next one is not to be taken for the same.
std::string Intake::key_of(Room const& room, Mark const& mark) const {
    auto const key = "matrix:note:" + room.id + ":" + mark.target;
    bool const late = shared_.desk.now() - mark.at > runs_within;
    bool const counts = !late && standing(room, mark.user) == Standing::member;
    return counts ? key : key + ":" + mark.user + (late ? ":late" : "");
}

void Intake::note(Room& room, Mark const& mark, Event const& marked, Give give) {
    auto const text = plain_text(marked);
    // Our own words stand in the timeline already, by what they tell.
    if (normalise(text).empty() || marked.sender == shared_.self) return give(std::nullopt);
    shared_.people.know(
        room.address(), {}, guarded([this, id = room.id, mark, text, said_by = marked.sender, give = std::move(give)] {
            auto const& at_hand = shared_.rooms.by_address(id);
            auto const name = shared_.people.person(at_hand.address(), said_by).name;
            give(as_note(inbound(at_hand, mark.user, mark.at), key_of(at_hand, mark), name + ": " + text));
        }));
}

void Intake::pinned(Room& room, Event const& event, Give give) {
    auto const before = room.pinned;
    learn(event, room, shared_.people);
    auto const fresh = std::ranges::find_if(room.pinned, [&](std::string const& each) {
        bool const is_card = std::ranges::find(room.cards, each, &CardPlace::event) != room.cards.end();
        return !is_card && std::ranges::find(before, each) == before.end();
    });
    if (fresh == room.pinned.end() || !incident_in(room)) return give(std::nullopt);
    look_up(room, *fresh, [this, id = room.id, event, give = std::move(give)](std::optional<Event> const& marked) {
        if (!marked) return give(std::nullopt);
        note(shared_.rooms.by_address(id), {event.sender, event.at, marked->id}, *marked, give);
    });
}

void Intake::redacted(Room& room, Event const& event, Give give) {
    auto const command = commands_.find(event.redacts);
    if (command == commands_.end()) {
        outward_.redacted(room, event.redacts); // perhaps one of ours
        return give(std::nullopt);
    }
    // What was carried out stays so; that the words are gone is part of the story.
    if (!incident_in(room)) return give(std::nullopt);
    auto const text = shared_.desk.words().say("matrix.command-removed", {{"command", command->second}});
    give(as_note(inbound(room, event.sender, event.at), "matrix:" + event.id, text));
}

} // namespace cox::matrix
