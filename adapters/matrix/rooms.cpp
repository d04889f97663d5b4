#include "adapters/matrix/rooms.hpp"

#include "adapters/json/untrusted.hpp"

#include <algorithm>

namespace cox::matrix {
namespace {

using nlohmann::json;

constexpr std::string_view row = "matrix:room:";
constexpr std::size_t cards_kept = 8;
constexpr std::size_t longest_row = 1024 * 1024; // a room in which everybody has a power level of their own

std::optional<Room> read(std::string_view text) {
    using namespace untrusted;
    auto const kept = read_object(text, longest_row);
    if (!kept) return std::nullopt;
    Room room;
    room.id = text_at(*kept, "id");
    room.moved_to = text_at(*kept, "moved_to");
    room.joined = flag_at(*kept, "joined");
    room.known = flag_at(*kept, "known");
    room.name = text_at(*kept, "name");
    room.alias = text_at(*kept, "alias");
    room.topic = text_at(*kept, "topic");
    room.encrypted = flag_at(*kept, "encrypted");
    room.is_space = flag_at(*kept, "is_space");
    room.power = power_levels_from(untrusted::at(*kept, "power"));
    for (auto const& event : untrusted::at(*kept, "pinned"))
        if (event.is_string()) room.pinned.push_back(event.get<std::string>());
    room.made_by_us = flag_at(*kept, "made_by_us");
    room.op = count_at(*kept, "op").value_or(0);
    room.our_topic = text_at(*kept, "our_topic");
    if (kept->contains("topic_before")) room.topic_before = text_at(*kept, "topic_before");
    room.topic_put_right = text_at(*kept, "topic_put_right");
    room.told_encrypted = flag_at(*kept, "told_encrypted");
    for (auto const& card : untrusted::at(*kept, "cards")) {
        room.cards.push_back(
            {IncidentId{count_at(card, "incident").value_or(0)}, text_at(card, "event"), {}, flag_at(card, "pin_due")});
        for (auto const& key : untrusted::at(card, "keys"))
            if (key.is_string()) room.cards.back().keys.push_back(key.get<std::string>());
    }
    return room.id.empty() ? std::nullopt : std::optional{std::move(room)};
}

} // namespace

CardPlace const* Room::card_of(IncidentId incident) const {
    auto const found = std::ranges::find(cards, incident, &CardPlace::incident);
    return found == cards.end() ? nullptr : &*found;
}

CardPlace* Room::card_of(IncidentId incident) {
    auto const found = std::ranges::find(cards, incident, &CardPlace::incident);
    return found == cards.end() ? nullptr : &*found;
}

void Room::set_card(IncidentId incident, std::string event) {
    std::erase_if(cards, [&](CardPlace const& place) { return place.incident == incident; });
    if (event.empty()) return;
    cards.push_back({incident, std::move(event), {}, true});
    if (cards.size() > cards_kept) cards.erase(cards.begin());
}

std::string const& Room::shown() const {
    if (!name.empty()) return name;
    return alias.empty() ? id : alias;
}

store::Cursor to_row(Room const& room) {
    json out{{"id", room.id},
             {"moved_to", room.moved_to},
             {"joined", room.joined},
             {"known", room.known},
             {"name", room.name},
             {"alias", room.alias},
             {"topic", room.topic},
             {"encrypted", room.encrypted},
             {"is_space", room.is_space},
             {"power", to_json(room.power)},
             {"pinned", room.pinned},
             {"made_by_us", room.made_by_us},
             {"op", room.op},
             {"our_topic", room.our_topic},
             {"topic_put_right", room.topic_put_right},
             {"told_encrypted", room.told_encrypted},
             {"cards", json::array()}};
    if (room.topic_before) out["topic_before"] = *room.topic_before;
    for (auto const& card : room.cards) {
        out["cards"].push_back({{"incident", card.incident.number},
                                {"event", card.event},
                                {"keys", card.keys},
                                {"pin_due", card.pin_due}});
    }
    return {std::string{row} + room.id, out.dump(-1, ' ', false, json::error_handler_t::replace)};
}

void Rooms::load(store::Found const& found) {
    for (auto const& cursor : found.cursors) {
        if (!cursor.name.starts_with(row)) continue;
        auto room = read(cursor.value);
        if (!room) continue;
        if (!room->moved_to.empty()) moved_[room->moved_to] = room->id;
        rooms_[room->id] = std::move(*room);
    }
}

Room& Rooms::at(std::string_view id) {
    auto const found = rooms_.find(id);
    if (found != rooms_.end()) return found->second;
    auto& room = rooms_[std::string{id}];
    room.id = id;
    return room;
}

Room* Rooms::find(std::string_view id) {
    auto const found = rooms_.find(id);
    return found == rooms_.end() ? nullptr : &found->second;
}

Room const* Rooms::find(std::string_view id) const {
    auto const found = rooms_.find(id);
    return found == rooms_.end() ? nullptr : &found->second;
}

Room* Rooms::made_for(std::int64_t op) {
    for (auto& [id, room] : rooms_) {
        if (room.made_by_us && room.op == op) return &room;
    }
    return nullptr;
}

Room& Rooms::by_address(std::string_view id) {
    auto const moved = moved_.find(id);
    return at(moved == moved_.end() ? id : std::string_view{moved->second});
}

Room const* Rooms::find_by_address(std::string_view id) const {
    auto const moved = moved_.find(id);
    return find(moved == moved_.end() ? id : std::string_view{moved->second});
}

Room& Rooms::move(std::string_view from, std::string to) {
    auto& room = by_address(from);
    if (auto met = rooms_.extract(to)) {
        auto& successor = met.mapped();
        room.joined = successor.joined;
        room.known = successor.known;
        room.name = std::move(successor.name);
        room.alias = std::move(successor.alias);
        room.topic = std::move(successor.topic);
        room.encrypted = successor.encrypted;
        room.power = std::move(successor.power);
        room.pinned = std::move(successor.pinned);
    } else {
        room.joined = false;
        room.known = false;
    }
    room.our_topic.clear();
    room.topic_put_right.clear();
    room.cards.clear();
    room.brought_in.clear();
    moved_[to] = room.id;
    room.moved_to = std::move(to);
    return room;
}

} // namespace cox::matrix
