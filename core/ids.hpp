#pragma once
// Strong types for names that must not be mixed up.
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace cox {

template <class Tag>
struct Id {
    std::string value;
    auto operator<=>(Id const&) const = default;
    bool empty() const { return value.empty(); }
};

// As the network knows the person for ever ("ana" in the web channel, "slack:T1:U1" on Slack). Never a display name.
using UserId = Id<struct UserTag>;
// As the network knows the channel ("ops" in the web channel, "slack:T1:C1" on Slack).
using ChannelId = Id<struct ChannelTag>;

struct IncidentId {
    std::int64_t number = 0;
    auto operator<=>(IncidentId const&) const = default;
};
// "INC-42"
std::string text(IncidentId);
// Takes "INC-42", "inc-42", "#42" and "42".
std::optional<IncidentId> incident_id(std::string_view);

struct Person {
    UserId id;
    std::string name; // as shown; may change, may be shared by two people
    bool operator==(Person const& other) const { return id == other.id; }
};

struct Channel {
    ChannelId id;
    std::string name; // without "#"
    bool operator==(Channel const&) const = default;
};

} // namespace cox

template <class Tag>
struct std::hash<cox::Id<Tag>> {
    std::size_t operator()(cox::Id<Tag> const& id) const noexcept { return std::hash<std::string>{}(id.value); }
};
template <>
struct std::hash<cox::IncidentId> {
    std::size_t operator()(cox::IncidentId id) const noexcept { return std::hash<std::int64_t>{}(id.number); }
};
