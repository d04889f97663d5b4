#pragma once
// Tokens. They are never part of a file of settings, never printed, and wiped from memory when they are done with.
#include "bot/config/problem.hpp"

#include <cstddef>
#include <expected>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace cox::bot {

// Moves, does not copy, and has no operator<<: to show it one must say reveal().
class Secret {
public:
    explicit Secret(std::string_view value);
    std::string_view reveal() const { return {bytes_.get(), bytes_.get_deleter().size}; }

private:
    struct Wipe {
        std::size_t size = 0;
        void operator()(char*) const;
    };
    std::unique_ptr<char[], Wipe> bytes_;
};

// Where secrets are looked for, in this order.
struct SecretSources {
    std::optional<std::filesystem::path> credentials; // systemd's folder, a file per name
    // A variable's value; null when it is not set. NAME_FILE names a file with mode 0600, NAME is the secret itself.
    std::function<char const*(char const* name)> variable;

    static SecretSources of_process();
};

struct Secrets {
    std::optional<Secret> web_token;             // COXSWAIN_WEB_TOKEN
    std::optional<Secret> slack_app_token;       // COXSWAIN_SLACK_APP_TOKEN, "xapp-…"
    std::optional<Secret> slack_bot_token;       // COXSWAIN_SLACK_BOT_TOKEN, "xoxb-…"
    std::optional<Secret> slack_proxy_password;  // COXSWAIN_SLACK_PROXY_PASSWORD, of the user that slack.proxy names
    std::optional<Secret> matrix_token;          // COXSWAIN_MATRIX_TOKEN, an access token
    std::optional<Secret> matrix_password;       // COXSWAIN_MATRIX_PASSWORD, of the account that matrix.user names
    std::optional<Secret> matrix_as_token;       // COXSWAIN_MATRIX_AS_TOKEN, of an application service
    std::optional<Secret> matrix_proxy_password; // COXSWAIN_MATRIX_PROXY_PASSWORD, of the user that matrix.proxy names
    std::optional<Secret> hook_secret;           // COXSWAIN_HOOK_SECRET, which webhooks are signed with
    // Names of those that came from a plain variable, which every child and crash report may show.
    std::vector<std::string_view> exposed;
};

// A secret that is set but cannot be read is a problem, its file is the one meant.
std::expected<Secrets, std::vector<Problem>> load_secrets(SecretSources const&);

} // namespace cox::bot
