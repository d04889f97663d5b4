#include "bot/slack_wiring.hpp"

#include "bot/config/secrets.hpp"

namespace cox::bot {

slack::SlackOptions slack_options(Settings::Slack const& settings, std::filesystem::path const& data) {
    slack::SlackOptions options;
    options.api_url = settings.api_url;
    options.connections = settings.connections;
    options.private_channels = settings.private_channels;
    // What cannot be read was complained about when the settings were.
    if (auto proxy = net::parse_proxy(settings.proxy); !settings.proxy.empty() && proxy) {
        auto const secrets = load_secrets(SecretSources::of_process());
        if (!proxy->user.empty() && secrets && secrets->slack_proxy_password) {
            proxy->password = secrets->slack_proxy_password->reveal();
        }
        options.outside.proxy = std::move(*proxy);
    }
    if (!settings.extra_ca.empty()) options.outside.extra_ca = settings.extra_ca;
    options.outside.name_cache = data / "slack-addresses";
    return options;
}

std::optional<slack::Tokens> slack_tokens() {
    auto const secrets = load_secrets(SecretSources::of_process());
    if (!secrets || !secrets->slack_app_token || !secrets->slack_bot_token) return std::nullopt;
    return slack::Tokens{std::string{secrets->slack_app_token->reveal()},
                         std::string{secrets->slack_bot_token->reveal()}};
}

} // namespace cox::bot
