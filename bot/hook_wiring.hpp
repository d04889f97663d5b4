#pragma once
// From the configuration to what the webhooks take.
#include "adapters/hook/hook_network.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace cox::bot {

hook::HookOptions hook_options(std::filesystem::path const& data);
// As it is now where it is kept, so that a new one is taken without a restart; "" where there is none. None: it cannot
// be read.
std::optional<std::string> hook_secret();

} // namespace cox::bot
