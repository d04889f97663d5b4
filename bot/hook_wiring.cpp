#include "bot/hook_wiring.hpp"

#include "bot/config/secrets.hpp"

namespace cox::bot {

hook::HookOptions hook_options(std::filesystem::path const& data) {
    hook::HookOptions options;
    options.outside.name_cache = data / "hook-addresses";
    // A receiver that takes its time still hears once.
    options.http.first_byte_within = std::chrono::seconds{10};
    options.http.whole_within = std::chrono::seconds{15};
    options.http.longest_body = std::size_t{1024} * 1024;
    return options;
}

std::optional<std::string> hook_secret() {
    auto const secrets = load_secrets(SecretSources::of_process());
    if (!secrets) return std::nullopt;
    return secrets->hook_secret ? std::string{secrets->hook_secret->reveal()} : std::string{};
}

} // namespace cox::bot
