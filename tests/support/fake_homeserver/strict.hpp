#pragma once
// What a client must not do, though a homeserver may let it pass. Each finding is a violation, in words.
#include "endpoints.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cox::fake_homeserver {

// Encoding of the address, how the token is given, form of the body.
void check_request(Homeserver&, Request const&, Endpoint const&);
// What is sent into rooms: numbers, mentions, edits, HTML.
void check_content(Call const&);
// Of a transaction id that was used before, for `before`.
void check_repetition(Call const&, std::string const& before, std::string const& now);

// What is wrong with HTML that goes into formatted_body.
std::vector<std::string> wrong_with_html(std::string_view html);

} // namespace cox::fake_homeserver
