#include "adapters/matrix/names.hpp"

#include <string>

namespace cox::matrix {
namespace {

constexpr std::string_view prefix = "matrix:";
constexpr std::size_t longest_id = 255;

std::string_view own_part(std::string_view id) {
    return is_ours(id) ? id.substr(prefix.size()) : std::string_view{};
}

} // namespace

UserId user_id(std::string_view user) {
    return UserId{std::string{prefix}.append(user)};
}

ChannelId channel_id(std::string_view room) {
    return ChannelId{std::string{prefix}.append(room)};
}

std::string_view raw(UserId const& id) {
    return own_part(id.value);
}

std::string_view raw(ChannelId const& id) {
    return own_part(id.value);
}

bool is_ours(std::string_view id) {
    return id.size() > prefix.size() && id.starts_with(prefix);
}

bool is_user(std::string_view id) {
    auto const colon = id.find(':');
    return id.starts_with('@') && id.size() <= longest_id && colon != id.npos && colon + 1 < id.size();
}

std::string_view server_of(std::string_view user) {
    return is_user(user) ? user.substr(user.find(':') + 1) : std::string_view{};
}

std::string_view localpart_of(std::string_view user) {
    return is_user(user) ? user.substr(1, user.find(':') - 1) : std::string_view{};
}

} // namespace cox::matrix
