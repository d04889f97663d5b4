#include "adapters/matrix/power.hpp"

#include "adapters/json/untrusted.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

namespace cox::matrix {
namespace {

using nlohmann::json;

constexpr std::int64_t reign = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t of_a_creator = 100;
constexpr int version_of_reigning_creators = 12;
constexpr std::size_t most_entries = 10'000;
constexpr double largest = 9007199254740991.0; // 2^53 - 1

std::optional<std::int64_t> level(json const& value) {
    if (value.is_number_integer()) return value.get<std::int64_t>();
    if (auto const* real = value.get_ptr<json::number_float_t const*>()) {
        if (std::isfinite(*real) && std::abs(*real) <= largest) return static_cast<std::int64_t>(*real);
    }
    if (auto const* text = value.get_ptr<json::string_t const*>()) {
        std::int64_t number = 0;
        auto const [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
        if (error == std::errc{} && end == text->data() + text->size()) return number;
    }
    return std::nullopt;
}

std::int64_t level_at(json const& content, char const* name, std::int64_t otherwise) {
    return level(untrusted::at(content, name)).value_or(otherwise);
}

std::map<std::string, std::int64_t, std::less<>> levels_at(json const& content, char const* name) {
    std::map<std::string, std::int64_t, std::less<>> levels;
    auto const& members = untrusted::at(content, name);
    if (!members.is_object()) return levels;
    for (auto const& [key, value] : members.items()) {
        if (levels.size() == most_entries) break;
        if (auto const its = level(value)) levels[key] = *its;
    }
    return levels;
}

} // namespace

std::int64_t PowerLevels::of(std::string_view user) const {
    bool const creator = creators.contains(user);
    if (creator && creators_reign) return reign;
    if (!known) return creator ? of_a_creator : 0;
    auto const found = users.find(user);
    return found == users.end() ? users_default : found->second;
}

std::int64_t PowerLevels::for_state(std::string_view type) const {
    auto const found = events.find(type);
    return found == events.end() ? state_default : found->second;
}

std::int64_t PowerLevels::for_message(std::string_view type) const {
    auto const found = events.find(type);
    return found == events.end() ? events_default : found->second;
}

bool PowerLevels::may_set(std::string_view user, std::string_view state_type) const {
    return of(user) >= for_state(state_type);
}

bool PowerLevels::may_send(std::string_view user, std::string_view message_type) const {
    return of(user) >= for_message(message_type);
}

void read_power_levels(json const& content, PowerLevels& into) {
    into.known = true;
    into.users = levels_at(content, "users");
    into.events = levels_at(content, "events");
    into.users_default = level_at(content, "users_default", 0);
    into.events_default = level_at(content, "events_default", 0);
    into.state_default = level_at(content, "state_default", 50);
}

void read_creation(json const& content, std::string_view sender, PowerLevels& into) {
    into.creators = {std::string{sender}};
    auto const version = level(untrusted::at(content, "room_version")).value_or(1);
    into.creators_reign = version >= version_of_reigning_creators;
    if (!into.creators_reign) return;
    for (auto const& user : untrusted::at(content, "additional_creators"))
        if (user.is_string()) into.creators.insert(user.get<std::string>());
}

json to_json(PowerLevels const& levels) {
    return {{"known", levels.known},
            {"users", levels.users},
            {"events", levels.events},
            {"users_default", levels.users_default},
            {"events_default", levels.events_default},
            {"state_default", levels.state_default},
            {"creators", levels.creators},
            {"creators_reign", levels.creators_reign}};
}

PowerLevels power_levels_from(json const& row) {
    PowerLevels levels;
    if (untrusted::flag_at(row, "known")) read_power_levels(row, levels);
    for (auto const& user : untrusted::at(row, "creators"))
        if (user.is_string()) levels.creators.insert(user.get<std::string>());
    levels.creators_reign = untrusted::flag_at(row, "creators_reign");
    return levels;
}

} // namespace cox::matrix
