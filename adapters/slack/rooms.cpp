#include "adapters/slack/rooms.hpp"

#include "adapters/slack/json.hpp"

#include <algorithm>

namespace cox::slack {
namespace {

constexpr std::string_view row = "slack:room:";
constexpr std::size_t cards_kept = 8;
constexpr std::size_t longest_row = 64 * 1024;

std::optional<Room> read(std::string_view text) {
    auto const json = read_object(text, longest_row);
    if (!json) return std::nullopt;
    Room room;
    room.channel = text_at(*json, "channel");
    room.name = text_at(*json, "name");
    room.moved_to = text_at(*json, "moved_to");
    room.made_by_us = flag_at(*json, "made_by_us");
    room.op = count_at(*json, "op").value_or(0);
    room.is_private = flag_at(*json, "is_private");
    room.shared = flag_at(*json, "shared");
    room.warned_shared = flag_at(*json, "warned_shared");
    room.topic = text_at(*json, "topic");
    if (json->contains("topic_before")) room.topic_before = text_at(*json, "topic_before");
    room.topic_put_right = text_at(*json, "topic_put_right");
    room.bookmark = text_at(*json, "bookmark");
    for (auto const& card : cox::slack::at(*json, "cards"))
        room.cards.push_back(
            {IncidentId{count_at(card, "incident").value_or(0)}, text_at(card, "ts"), flag_at(card, "pin_due")});
    if (room.channel.empty()) return std::nullopt;
    return room;
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

void Room::set_card(IncidentId incident, std::string ts) {
    std::erase_if(cards, [&](CardPlace const& place) { return place.incident == incident; });
    if (ts.empty()) return;
    cards.push_back({incident, std::move(ts), true});
    if (cards.size() > cards_kept) cards.erase(cards.begin());
}

store::Cursor to_row(Room const& room) {
    nlohmann::json json{{"channel", room.channel},
                        {"name", room.name},
                        {"moved_to", room.moved_to},
                        {"made_by_us", room.made_by_us},
                        {"is_private", room.is_private},
                        {"shared", room.shared},
                        {"warned_shared", room.warned_shared},
                        {"topic", room.topic},
                        {"topic_put_right", room.topic_put_right},
                        {"bookmark", room.bookmark},
                        {"op", room.op},
                        {"cards", nlohmann::json::array()}};
    if (room.topic_before) json["topic_before"] = *room.topic_before;
    for (auto const& card : room.cards)
        json["cards"].push_back({{"incident", card.incident.number}, {"ts", card.ts}, {"pin_due", card.pin_due}});
    return {std::string{row} + room.channel, json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)};
}

void Rooms::load(store::Found const& found) {
    for (auto const& cursor : found.cursors) {
        if (!cursor.name.starts_with(row)) continue;
        auto room = read(cursor.value);
        if (!room) continue;
        if (!room->moved_to.empty()) moved_[room->moved_to] = room->channel;
        rooms_[room->channel] = std::move(*room);
    }
}

Room& Rooms::at(std::string_view channel) {
    auto const found = rooms_.find(channel);
    if (found != rooms_.end()) return found->second;
    auto& room = rooms_[std::string{channel}];
    room.channel = channel;
    return room;
}

Room* Rooms::find(std::string_view channel) {
    auto const found = rooms_.find(channel);
    return found == rooms_.end() ? nullptr : &found->second;
}

Room const* Rooms::find(std::string_view channel) const {
    auto const found = rooms_.find(channel);
    return found == rooms_.end() ? nullptr : &found->second;
}

Room* Rooms::made_for(std::int64_t op) {
    for (auto& [channel, room] : rooms_) {
        if (room.made_by_us && room.op == op) return &room;
    }
    return nullptr;
}

Room& Rooms::by_address(std::string_view channel) {
    auto const moved = moved_.find(channel);
    return at(moved == moved_.end() ? channel : std::string_view{moved->second});
}

Room& Rooms::move(std::string_view from, std::string to) {
    auto& room = by_address(from);
    moved_[to] = room.channel;
    room.moved_to = std::move(to);
    return room;
}

} // namespace cox::slack
