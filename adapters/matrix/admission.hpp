#pragma once
// Who may do what with the bot, as far as Matrix tells: by the user's id and server, never by a name that is shown.
#include "adapters/matrix/power.hpp"
#include "core/command.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cox::matrix {

// An entry is a user ("@ana:example.org") or a server ("example.org"). Deny wins.
struct Admission {
    std::vector<std::string> allow = {};  // whose commands are a member's; none: the bot's own homeserver
    std::vector<std::string> deny = {};   // who is not heard at all
    std::vector<std::string> invite = {}; // whose invitations are accepted; none: of those that are members
    std::int64_t power = 0;               // that who acts needs in the room, beside all that
};

bool is_denied(Admission const&, std::string_view user);
// `own_server`: the bot's.
Standing standing_of(Admission const&, std::string_view user, std::string_view own_server, PowerLevels const*);
bool may_invite_us(Admission const&, std::string_view user, std::string_view own_server);

} // namespace cox::matrix
