#include "bot/matrix_wiring.hpp"

#include "bot/config/secrets.hpp"

namespace cox::bot {

matrix::MatrixOptions matrix_options(Settings::Matrix const& settings, std::filesystem::path const& data) {
    matrix::MatrixOptions options;
    options.homeserver = settings.homeserver;
    options.websocket = settings.websocket;
    options.user = settings.user;
    options.device = settings.device;
    options.federate = settings.federate;
    options.public_rooms = settings.public_rooms;
    options.admission = {settings.allow, settings.deny, settings.invite, settings.power};
    // What cannot be read was complained about when the settings were.
    if (auto proxy = net::parse_proxy(settings.proxy); !settings.proxy.empty() && proxy) {
        auto const secrets = load_secrets(SecretSources::of_process());
        if (!proxy->user.empty() && secrets && secrets->matrix_proxy_password) {
            proxy->password = secrets->matrix_proxy_password->reveal();
        }
        options.outside.proxy = std::move(*proxy);
    }
    if (!settings.extra_ca.empty()) options.outside.extra_ca = settings.extra_ca;
    options.outside.name_cache = data / "matrix-addresses";
    return options;
}

std::optional<matrix::Secrets> matrix_secrets() {
    auto const secrets = load_secrets(SecretSources::of_process());
    if (!secrets) return std::nullopt;
    matrix::Secrets now;
    if (secrets->matrix_token) now.token = secrets->matrix_token->reveal();
    if (secrets->matrix_password) now.password = secrets->matrix_password->reveal();
    if (secrets->matrix_as_token) now.as_token = secrets->matrix_as_token->reveal();
    return now == matrix::Secrets{} ? std::nullopt : std::optional{std::move(now)};
}

} // namespace cox::bot
