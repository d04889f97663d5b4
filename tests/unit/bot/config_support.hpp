#pragma once
// What the tests of the configuration share.
#include "bot/config/policy_yaml.hpp"
#include "bot/config/problem.hpp"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace cox::bot::test {

inline constexpr KnownRule known_rules[] = {
    {"owner-and-eta", true},
    {"delegation-accepted", true},
    {"one-mitigation", true},
    {"roles-filled", true},
    {"moved-from-within", true},
    {"reason-given", true},
    {"stable-before-resolved", true},
    {"commander-decides", true},
    {"hands-off-commander", true},
    {"separate-comms", true},
    {"one-strategy", true},
    {"uncertainty-stated", true},
    {"impact-measured", true},
    {"command-loop", true},
    {"stale-hypothesis", true},
    {"always-moving", true},
    {"eta-kept", true},
    {"commander-rotates", true},
    {"frozen", true},
    {"one-commander", false},
    {"one-incident-per-channel", false},
};

// Every problem as a person sees it, one a line.
inline std::string lines_of(std::vector<Problem> const& problems) {
    std::string out;
    for (auto const& problem : problems)
        out += text(problem) + "\n";
    return out;
}

template <class Loaded>
std::string problems_of(Loaded const& loaded) {
    return loaded ? std::string{} : lines_of(loaded.error());
}

// `text` with the first `from` replaced.
inline std::string edited(std::string text, std::string_view from, std::string_view to) {
    auto const at = text.find(from);
    if (at == text.npos) return "the text to edit is not there";
    return text.replace(at, from.size(), to);
}

inline std::string content_of(std::filesystem::path const& path) {
    std::ifstream stream{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

// A folder of its own for each test, gone afterwards.
class Folder {
public:
    Folder() {
        static std::atomic<int> made{0};
        path_ = std::filesystem::temp_directory_path() /
                ("coxswain-config-" + std::to_string(::getpid()) + "-" + std::to_string(++made));
        std::filesystem::create_directories(path_);
    }
    Folder(Folder const&) = delete;
    Folder& operator=(Folder const&) = delete;
    ~Folder() {
        std::error_code error;
        std::filesystem::remove_all(path_, error);
    }
    std::filesystem::path const& path() const { return path_; }
    std::filesystem::path write(std::string_view name, std::string_view text) const {
        auto const file = path_ / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream{file, std::ios::binary} << text;
        return file;
    }

private:
    std::filesystem::path path_;
};

} // namespace cox::bot::test
