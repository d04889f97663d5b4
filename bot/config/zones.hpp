#pragma once
// Time zones by their IANA name, from the system's database.
#include "core/time.hpp"

#include <expected>
#include <string>
#include <string_view>

namespace cox::bot {

// "UTC" needs no database. The error says what is wrong and what to write.
std::expected<Zone, std::string> find_zone(std::string_view name);

} // namespace cox::bot
