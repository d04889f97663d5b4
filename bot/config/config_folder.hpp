#pragma once
// The configuration as a whole: the shipped files, and over them those of a team's folder.
#include "bot/config/drill_yaml.hpp"
#include "bot/config/policy_yaml.hpp"
#include "bot/config/problem.hpp"
#include "bot/config/secrets.hpp"
#include "bot/config/settings.hpp"
#include "core/embedded.hpp"
#include "core/policy.hpp"
#include "core/words.hpp"

#include <expected>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace cox {

// config/ of the project, made at build time.
std::span<EmbeddedFile const> shipped_config();

} // namespace cox

namespace cox::bot {

struct ConfigFolder {
    Policy policy;
    Words words;
    Settings settings; // `data` and `storage.sqlite` are whole paths
    std::vector<Drill> drills;
    Secrets secrets;
    std::vector<Problem> doubts; // it runs, and somebody should look: "warning: …"

    // Null when there is none.
    Drill const* drill(std::string_view name) const;
};

// Whether chat networks beyond the web channel will be connected to: then their tokens must be there.
enum class Networks { used, unused };

// Without a folder the shipped files alone. Everything that is wrong in any file is reported at once.
std::expected<ConfigFolder, std::vector<Problem>>
load_config(std::optional<std::filesystem::path> folder, std::span<KnownRule const> rules,
            SecretSources const& sources = SecretSources::of_process(), Networks = Networks::used);

} // namespace cox::bot
