#pragma once
// From the configuration to what the Matrix network takes.
#include "adapters/matrix/matrix_network.hpp"
#include "bot/config/settings.hpp"

#include <filesystem>
#include <optional>

namespace cox::bot {

matrix::MatrixOptions matrix_options(Settings::Matrix const&, std::filesystem::path const& data);
// As they are now where they are kept, so that a new one is taken without a restart. None: they cannot be read.
std::optional<matrix::Secrets> matrix_secrets();

} // namespace cox::bot
