#include "fake_chat_desk.hpp"

#include "bot/cli/cli.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>

namespace cox::test {
namespace {

bot::ConfigFolder shipped() {
    auto const known = bot::known_rules();
    auto config = bot::load_config(std::nullopt, known, {});
    if (!config) throw std::runtime_error{"the shipped configuration is wrong"};
    return std::move(*config);
}

} // namespace

FakeChatDesk::FakeChatDesk() : FakeChatDesk{shipped()} {}

bool FakeChatDesk::was_told(std::string_view part) const {
    return std::ranges::any_of(told, [&](std::string const& each) { return each.contains(part); });
}

} // namespace cox::test
