#include "adapters/slack/names.hpp"

namespace cox::slack {
namespace {

constexpr std::string_view prefix = "slack:";

std::string joined(std::string_view team, std::string_view id) {
    std::string out{prefix};
    out.append(team).append(":").append(id);
    return out;
}

std::string_view own_part(std::string_view id) {
    return is_ours(id) ? id.substr(id.rfind(':') + 1) : std::string_view{};
}

} // namespace

UserId user_id(std::string_view team, std::string_view user) {
    return UserId{joined(team, user)};
}

ChannelId channel_id(std::string_view team, std::string_view channel) {
    return ChannelId{joined(team, channel)};
}

std::string_view raw(UserId const& id) {
    return own_part(id.value);
}

std::string_view raw(ChannelId const& id) {
    return own_part(id.value);
}

bool is_ours(std::string_view id) {
    return id.starts_with(prefix) && id.find(':', prefix.size()) != std::string_view::npos;
}

} // namespace cox::slack
