#pragma once
// Addresses that the bot itself calls.
#include "bot/config/yaml_reader.hpp"

#include <string>
#include <string_view>

namespace cox::bot {

// Reports what is no address, and plain http to any machine but this one.
void check_web_address(Report&, YamlNode const&, std::string_view key, std::string const& address);

} // namespace cox::bot
