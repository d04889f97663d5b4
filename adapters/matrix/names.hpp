#pragma once
// How Matrix's ids stand in the rest of the house: "matrix:@ana:example.org" for a person, "matrix:!abc:example.org"
// for a room. Compared byte by byte; room ids are opaque.
#include "core/ids.hpp"

#include <string_view>

namespace cox::matrix {

UserId user_id(std::string_view user);
ChannelId channel_id(std::string_view room);
// Matrix's own part ("@ana:example.org", "!abc:example.org"); "" for an id of another network.
std::string_view raw(UserId const&);
std::string_view raw(ChannelId const&);
bool is_ours(std::string_view id);

// "@ana:example.org": the localpart ends at the first colon, which a server's name may hold more of.
bool is_user(std::string_view);
std::string_view server_of(std::string_view user);
std::string_view localpart_of(std::string_view user);

} // namespace cox::matrix
