#include "world.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace cox::fake_homeserver {

Event const* Room::event(std::string_view wanted) const {
    auto const at = std::ranges::find(events, wanted, &Event::id);
    return at == events.end() ? nullptr : &*at;
}

Event* Room::event(std::string_view wanted) {
    return const_cast<Event*>(std::as_const(*this).event(wanted));
}

Event const* Room::state_of(std::string_view type, std::string_view key) const {
    auto const at = state.find({std::string{type}, std::string{key}});
    return at == state.end() ? nullptr : event(at->second);
}

json Room::content_of(std::string_view type, std::string_view key) const {
    auto const* const found = state_of(type, key);
    return found ? found->content : json::object();
}

Event const* Room::state_at(Position position, std::string_view type, std::string_view key) const {
    for (auto at = events.rbegin(); at != events.rend(); ++at)
        if (at->position <= position && at->type == type && at->state_key == key) return &*at;
    return nullptr;
}

std::string Room::membership(std::string_view user) const {
    return content_of("m.room.member", user).value("membership", "leave");
}

std::string Room::membership_at(Position position, std::string_view user) const {
    auto const* const found = state_at(position, "m.room.member", user);
    return found ? found->content.value("membership", "leave") : "leave";
}

std::vector<std::string> Room::members(std::string_view wanted) const {
    std::vector<std::string> found;
    for (auto const& [key, its_event] : state)
        if (key.first == "m.room.member" && membership(key.second) == wanted) found.push_back(key.second);
    return found;
}

bool Room::is_creator(std::string_view user) const {
    if (!is_12()) return false;
    auto const* const create = state_of("m.room.create");
    if (!create) return false;
    auto const more = create->content.value("additional_creators", json::array());
    return create->sender == user || std::ranges::find(more, json(user)) != more.end();
}

Level Room::level_of(std::string_view user) const {
    if (is_creator(user)) return creators_level;
    auto const* const levels = state_of("m.room.power_levels");
    if (!levels) {
        auto const* const create = state_of("m.room.create");
        return !is_12() && create && create->sender == user ? 100 : 0;
    }
    auto const users = levels->content.value("users", json::object());
    return users.value(std::string{user}, levels->content.value("users_default", Level{0}));
}

Level Room::level_for_state(std::string_view type) const {
    auto const levels = content_of("m.room.power_levels");
    return levels.value("events", json::object()).value(std::string{type}, levels.value("state_default", Level{50}));
}

Level Room::level_for_message(std::string_view type) const {
    auto const levels = content_of("m.room.power_levels");
    return levels.value("events", json::object()).value(std::string{type}, levels.value("events_default", Level{0}));
}

Level Room::level_named(std::string_view name, Level otherwise) const {
    return content_of("m.room.power_levels").value(std::string{name}, otherwise);
}

Account* World::account(std::string_view name) {
    auto const id = name.starts_with('@') ? std::string{name} : "@" + std::string{name} + ":" + server_name;
    auto const at = accounts.find(id);
    return at == accounts.end() ? nullptr : &at->second;
}

std::string World::alias_of(std::string_view name) const {
    auto const whole = name.starts_with('#') ? std::string{name} : "#" + std::string{name};
    return whole.contains(':') ? whole : whole + ":" + server_name;
}

Room* World::room(std::string_view name) {
    auto at = rooms.find(std::string{name});
    if (at == rooms.end() && !name.starts_with('!')) {
        auto const alias = aliases.find(alias_of(name));
        if (alias != aliases.end()) at = rooms.find(alias->second);
    }
    return at == rooms.end() ? nullptr : &at->second;
}

Event const* World::event(std::string_view id) const {
    for (auto const& [name, room] : rooms)
        if (auto const* const found = room.event(id)) return found;
    return nullptr;
}

std::string World::digest() {
    auto const seed = "fake homeserver " + std::to_string(++made_);
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    unsigned int size = 0;
    EVP_Digest(seed.data(), seed.size(), hash.data(), &size, EVP_sha256(), nullptr);
    std::array<unsigned char, 64> text{};
    EVP_EncodeBlock(text.data(), hash.data(), static_cast<int>(size));
    std::string id(text.begin(), text.begin() + 43); // without the padding
    std::ranges::replace(id, '+', '-');
    std::ranges::replace(id, '/', '_');
    return id;
}

std::string World::new_event_id() {
    return "$" + digest();
}

std::string World::new_room_id(std::string_view version) {
    auto id = digest();
    if (version == "12") return "!" + id;
    std::erase_if(id, [](char each) { return each == '-' || each == '_'; });
    return "!" + id.substr(0, 18) + ":" + server_name;
}

std::string World::new_token(std::string_view kind) {
    return std::string{kind} + "_" + digest().substr(0, 30);
}

std::string World::new_device_id() {
    std::string id;
    for (char const each : digest().substr(0, 10))
        id += static_cast<char>('A' + static_cast<unsigned char>(each) % 26);
    return id;
}

void World::forget_transactions(std::string_view user, std::string_view device) {
    std::erase_if(transactions,
                  [&](auto const& each) { return each.first.user == user && each.first.device == device; });
}

} // namespace cox::fake_homeserver
