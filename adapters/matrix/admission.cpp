#include "adapters/matrix/admission.hpp"

#include "adapters/matrix/names.hpp"

#include <algorithm>

namespace cox::matrix {
namespace {

bool names(std::vector<std::string> const& entries, std::string_view user) {
    auto const server = server_of(user);
    return std::ranges::any_of(
        entries, [&](std::string const& entry) { return entry.starts_with('@') ? entry == user : entry == server; });
}

bool is_member(Admission const& admission, std::string_view user, std::string_view own_server) {
    return admission.allow.empty() ? server_of(user) == own_server : names(admission.allow, user);
}

} // namespace

bool is_denied(Admission const& admission, std::string_view user) {
    return !is_user(user) || names(admission.deny, user);
}

Standing standing_of(Admission const& admission, std::string_view user, std::string_view own_server,
                     PowerLevels const* power) {
    if (is_denied(admission, user)) return Standing::stranger;
    if (!is_member(admission, user, own_server)) {
        return server_of(user) == own_server ? Standing::guest : Standing::stranger;
    }
    if (admission.power <= 0) return Standing::member;
    if (!power) return Standing::unverified;
    return power->of(user) >= admission.power ? Standing::member : Standing::guest;
}

bool may_invite_us(Admission const& admission, std::string_view user, std::string_view own_server) {
    if (is_denied(admission, user)) return false;
    return admission.invite.empty() ? is_member(admission, user, own_server) : names(admission.invite, user);
}

} // namespace cox::matrix
