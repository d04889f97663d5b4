#include "bot/config/config_folder.hpp"

#include "bot/config/yaml_tree.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <utility>

namespace cox::bot {
namespace {

namespace fs = std::filesystem;

// systemd gives a list, of which the first is the unit's own.
fs::path default_data() {
    auto const* folders = std::getenv("STATE_DIRECTORY");
    if (folders == nullptr || *folders == '\0') return "coxswain-data";
    std::string_view const list{folders};
    return list.substr(0, list.find(':'));
}

struct File {
    std::string path; // as problems name it
    std::string text;
};

class Loader {
public:
    Loader(std::optional<fs::path> folder, std::span<KnownRule const> rules, SecretSources const& sources,
           Networks networks)
        : folder_{std::move(folder)}, rules_{rules}, sources_{sources}, networks_{networks} {}

    std::expected<ConfigFolder, std::vector<Problem>> load() {
        take_shipped();
        if (folder_ && !take_own()) return std::unexpected{std::move(problems_)};
        auto secrets = read_secrets();
        auto policy = keep(load_policy(top_["policy.yaml"].path, top_["policy.yaml"].text, rules_, &doubts_));
        auto words = read_words();
        auto drills = read_drills();
        if (!problems_.empty()) return std::unexpected{std::move(problems_)};
        auto settings = *std::move(settings_);
        resolve_paths(settings);
        return ConfigFolder{std::move(*policy), std::move(*words),  std::move(settings),
                            std::move(drills),  std::move(secrets), std::move(doubts_)};
    }

private:
    void take_shipped() {
        constexpr std::string_view base = "config/";
        for (auto const& file : shipped_config()) {
            if (!file.path.starts_with(base)) continue;
            auto const below = file.path.substr(base.size());
            File copy{std::string{file.path}, std::string{file.text}};
            if (!below.contains('/')) {
                top_[std::string{below}] = std::move(copy);
            } else if (below.starts_with("templates/")) {
                shipped_templates_.push_back({std::move(copy.path), std::move(copy.text)});
            } else if (below.starts_with("drills/") && below.ends_with(".yaml")) {
                drills_[std::string{below.substr(below.find('/') + 1)}] = std::move(copy);
            }
        }
    }

    // False: there is no such folder, so nothing else is worth saying.
    bool take_own() {
        std::error_code error;
        auto const status = fs::status(*folder_, error);
        if (status.type() == fs::file_type::not_found) {
            return fail(*folder_, "there is no such folder; create it, or name the one that holds coxswain.yaml");
        }
        if (status.type() != fs::file_type::directory) {
            return fail(*folder_, error ? "cannot be looked at (" + error.message() + "); let the bot's user read it"
                                        : "is not a folder; name the folder that holds coxswain.yaml, not a file");
        }
        for (auto const* name : {"coxswain.yaml", "policy.yaml"})
            take_top(name);
        for (auto& file : files_of("templates", ".mustache"))
            own_templates_.push_back({std::move(file.path), std::move(file.text)});
        for (auto& file : files_of("drills", ".yaml")) {
            auto name = fs::path{file.path}.filename().string();
            drills_[std::move(name)] = std::move(file);
        }
        return true;
    }

    void take_top(std::string const& name) {
        auto const path = *folder_ / name;
        auto other = path;
        other.replace_extension(".yml");
        std::error_code error;
        if (fs::exists(other, error)) fail(other, "this file is not read; call it " + name);
        // A link that leads nowhere is a mistake, not a missing file.
        if (fs::symlink_status(path, error).type() == fs::file_type::not_found) return;
        if (auto text = read(path)) top_[name] = {path.string(), std::move(*text)};
    }

    std::vector<File> files_of(std::string_view name, std::string_view extension) {
        std::vector<File> files;
        auto const path = *folder_ / name;
        std::error_code error;
        if (fs::symlink_status(path, error).type() == fs::file_type::not_found) return files;
        std::vector<fs::path> entries;
        for (fs::directory_iterator entry{path, error}, end; !error && entry != end; entry.increment(error)) {
            if (!entry->path().filename().string().starts_with('.')) entries.push_back(entry->path());
        }
        if (error) {
            fail(path, "cannot be read as a folder (" + error.message() + "); make it a folder of *" +
                           std::string{extension} + " files");
            return files;
        }
        std::ranges::sort(entries);
        for (auto const& entry : entries) {
            auto const ends = entry.extension().string();
            if (ends == ".yml") fail(entry, "this file is not read; let its name end in .yaml");
            if (ends != extension) continue;
            if (auto text = read(entry)) files.push_back({entry.string(), std::move(*text)});
        }
        return files;
    }

    std::optional<std::string> read(fs::path const& path) {
        std::error_code error;
        auto const status = fs::status(path, error);
        if (!fs::is_regular_file(status)) {
            fail(path, "is not a plain file that can be read; put a plain file there, or remove it");
            return {};
        }
        auto const size = fs::file_size(path, error);
        if (!error && size > longest_yaml) {
            fail(path,
                 "the file is larger than 1 MiB; a configuration is a few pages, check that it is the right file");
            return {};
        }
        std::ifstream stream{path, std::ios::binary};
        std::string text{std::istreambuf_iterator<char>{stream}, {}};
        if (stream.is_open() && !stream.bad()) return text;
        fail(path, "cannot be read; let the bot's user read it");
        return {};
    }

    // Settings come along: whether the web channel has a token decides where it may listen.
    Secrets read_secrets() {
        auto secrets = load_secrets(sources_);
        // Those that cannot be read are complained about already, those that are not used are not missed.
        TokensThere there{true, true, true, true, true, true};
        if (secrets) there.web = secrets->web_token.has_value();
        if (secrets && networks_ == Networks::used) {
            there.slack_app = secrets->slack_app_token.has_value();
            there.slack_bot = secrets->slack_bot_token.has_value();
            there.matrix_token = secrets->matrix_token.has_value();
            there.matrix_password = secrets->matrix_password.has_value();
            there.matrix_as_token = secrets->matrix_as_token.has_value();
        }
        settings_ = keep(load_settings(top_["coxswain.yaml"].path, top_["coxswain.yaml"].text, there));
        if (secrets) return std::move(*secrets);
        add(std::move(secrets.error()));
        return {};
    }

    std::optional<Words> read_words() {
        auto words = Words::load(shipped_templates_, own_templates_);
        if (words) return std::move(*words);
        for (auto& problem : words.error()) {
            problems_.push_back({std::move(problem.path), problem.line, problem.column, std::move(problem.what)});
        }
        return {};
    }

    std::vector<Drill> read_drills() {
        std::vector<Drill> drills;
        std::map<std::string, std::string> files_of_names;
        for (auto const& [name, file] : drills_) {
            auto drill = keep(load_drill(file.path, file.text));
            if (!drill) continue;
            auto const [first, is_new] = files_of_names.emplace(drill->name, file.path);
            if (is_new) {
                drills.push_back(std::move(*drill));
            } else {
                fail(file.path,
                     "the drill \"" + drill->name + "\" is also in " + first->second + "; give each its own name");
            }
        }
        return drills;
    }

    void resolve_paths(Settings& settings) const {
        if (settings.data.empty()) settings.data = default_data();
        settings.data = folder_.value_or(fs::path{}) / settings.data;
        settings.storage.sqlite = settings.data / settings.storage.sqlite;
        auto const below = [this](fs::path& path) {
            if (!path.empty()) path = folder_.value_or(fs::path{}) / path;
        };
        if (settings.slack) below(settings.slack->extra_ca);
        if (settings.matrix) below(settings.matrix->extra_ca);
    }

    template <class Value>
    std::optional<Value> keep(std::expected<Value, std::vector<Problem>> loaded) {
        if (loaded) return std::move(*loaded);
        add(std::move(loaded.error()));
        return {};
    }
    void add(std::vector<Problem> more) {
        problems_.insert(problems_.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    }
    bool fail(fs::path const& path, std::string what) {
        problems_.push_back({path.string(), 0, 0, std::move(what)});
        return false;
    }

    std::optional<fs::path> folder_;
    std::span<KnownRule const> rules_;
    SecretSources const& sources_;
    Networks networks_;
    std::map<std::string, File> top_;    // by name
    std::map<std::string, File> drills_; // by name
    std::vector<TemplateFile> shipped_templates_;
    std::vector<TemplateFile> own_templates_;
    std::optional<Settings> settings_;
    std::vector<Problem> problems_;
    std::vector<Problem> doubts_;
};

} // namespace

Drill const* ConfigFolder::drill(std::string_view name) const {
    auto const found = std::ranges::find(drills, name, &Drill::name);
    return found == drills.end() ? nullptr : &*found;
}

std::expected<ConfigFolder, std::vector<Problem>> load_config(std::optional<fs::path> folder,
                                                              std::span<KnownRule const> rules,
                                                              SecretSources const& sources, Networks networks) {
    return Loader{std::move(folder), rules, sources, networks}.load();
}

} // namespace cox::bot
