#include "bot/config/secrets.hpp"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

namespace cox::bot {
namespace {

struct Row {
    char const* name;
    std::optional<Secret> Secrets::*into;
    std::string_view begins = {}; // each kind of token of Slack's has its own letters in front
    std::string_view what = {};
};
constexpr Row table[] = {
    {"COXSWAIN_WEB_TOKEN", &Secrets::web_token},
    {"COXSWAIN_SLACK_APP_TOKEN", &Secrets::slack_app_token, "xapp-", "the app-level token"},
    {"COXSWAIN_SLACK_BOT_TOKEN", &Secrets::slack_bot_token, "xox", "the bot token (xoxb-…)"},
    {"COXSWAIN_SLACK_PROXY_PASSWORD", &Secrets::slack_proxy_password},
    {"COXSWAIN_MATRIX_TOKEN", &Secrets::matrix_token},
    {"COXSWAIN_MATRIX_PASSWORD", &Secrets::matrix_password},
    {"COXSWAIN_MATRIX_AS_TOKEN", &Secrets::matrix_as_token},
    {"COXSWAIN_MATRIX_PROXY_PASSWORD", &Secrets::matrix_proxy_password},
    {"COXSWAIN_HOOK_SECRET", &Secrets::hook_secret},
};

constexpr std::size_t longest_secret = 4096;

enum class Mode {
    as_given, // systemd guards its own folder, by access lists that the mode does not show
    private_to_owner
};

class Descriptor {
public:
    explicit Descriptor(int fd) : fd_{fd} {}
    Descriptor(Descriptor const&) = delete;
    Descriptor& operator=(Descriptor const&) = delete;
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    int get() const { return fd_; }

private:
    int fd_;
};

// What a secret passes through on its way in.
struct Buffer {
    std::array<char, longest_secret + 1> bytes{};
    std::size_t size = 0;
    ~Buffer() { OPENSSL_cleanse(bytes.data(), bytes.size()); }
};

std::string octal(mode_t mode) {
    std::string out = "0";
    for (int shift = 6; shift >= 0; shift -= 3)
        out += static_cast<char>('0' + ((mode >> shift) & 7));
    return out;
}

std::expected<Secret, std::string> checked(std::string_view value) {
    while (value.ends_with('\n') || value.ends_with('\r'))
        value.remove_suffix(1);
    if (value.empty()) return std::unexpected{"the secret is empty; write the token, or remove it"};
    if (value.size() > longest_secret) {
        return std::unexpected{"the secret is longer than " + std::to_string(longest_secret) +
                               " bytes; check that it is the token"};
    }
    auto const printable = [](char c) { return c > 0x20 && c < 0x7F; };
    if (!std::ranges::all_of(value, printable)) {
        return std::unexpected{
            "the secret holds blanks, line breaks or letters beyond ASCII; write the token alone, in one line"};
    }
    return Secret{value};
}

bool is_of_its_kind(Row const& row, Secret const& secret) {
    return secret.reveal().starts_with(row.begins);
}

// The value is not shown: it may be another secret.
std::string another_kind(Row const& row) {
    return "holds something else than " + std::string{row.what} + ", which begins with " + std::string{row.begins} +
           "; perhaps the two tokens changed places";
}

// None: there is no such file.
std::expected<std::optional<Secret>, std::string> from_file(std::filesystem::path const& path, Mode mode) {
    // Without O_NONBLOCK a pipe in the file's place would hold the start for ever.
    Descriptor const file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (file.get() < 0 && errno == ENOENT) return std::nullopt;
    if (file.get() < 0)
        return std::unexpected{std::string{"cannot be read ("} + std::strerror(errno) +
                               "); let the bot's user read it"};
    struct stat status {};
    if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
        return std::unexpected{"is not a plain file; write the token into a plain file"};
    }
    if (mode == Mode::private_to_owner && (status.st_mode & 077) != 0) {
        return std::unexpected{"others than its owner may use this file (mode " + octal(status.st_mode) +
                               "); chmod 600 it"};
    }
    Buffer buffer;
    while (buffer.size < buffer.bytes.size()) {
        auto const got = ::read(file.get(), buffer.bytes.data() + buffer.size, buffer.bytes.size() - buffer.size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0)
            return std::unexpected{std::string{"cannot be read ("} + std::strerror(errno) + "); check the disk"};
        if (got == 0) break;
        buffer.size += static_cast<std::size_t>(got);
    }
    auto secret = checked({buffer.bytes.data(), buffer.size});
    if (!secret) return std::unexpected{std::move(secret.error())};
    return std::optional<Secret>{std::move(*secret)};
}

class Loader {
public:
    explicit Loader(SecretSources const& sources) : sources_{sources} {}

    std::expected<Secrets, std::vector<Problem>> load() {
        for (auto const& row : table)
            load(row);
        if (!problems_.empty()) return std::unexpected{std::move(problems_)};
        return std::move(secrets_);
    }

private:
    void load(Row const& row) {
        if (sources_.credentials && take(row, *sources_.credentials / row.name, Mode::as_given)) return;
        if (!sources_.variable) return;
        auto const file_variable = std::string{row.name} + "_FILE";
        if (auto const* path = sources_.variable(file_variable.c_str()); path != nullptr && *path != '\0') {
            if (!take(row, path, Mode::private_to_owner)) {
                fail(path, "there is no such file; write the token into it, or unset " + file_variable);
            }
            return;
        }
        auto const* value = sources_.variable(row.name);
        if (value == nullptr) return;
        auto secret = checked(value);
        if (!secret) return fail(row.name, std::move(secret.error()));
        if (!is_of_its_kind(row, *secret)) return fail(row.name, another_kind(row));
        (secrets_.*row.into).emplace(std::move(*secret));
        secrets_.exposed.push_back(row.name);
    }

    // False: there is no such file.
    bool take(Row const& row, std::filesystem::path const& path, Mode mode) {
        auto secret = from_file(path, mode);
        if (!secret) {
            fail(path.string(), std::move(secret.error()));
            return true;
        }
        if (!*secret) return false;
        if (!is_of_its_kind(row, **secret)) {
            fail(path.string(), another_kind(row));
            return true;
        }
        (secrets_.*row.into).emplace(std::move(**secret));
        return true;
    }

    void fail(std::string where, std::string what) { problems_.push_back({std::move(where), 0, 0, std::move(what)}); }

    SecretSources const& sources_;
    Secrets secrets_;
    std::vector<Problem> problems_;
};

} // namespace

Secret::Secret(std::string_view value) : bytes_{new char[value.size()], Wipe{value.size()}} {
    std::ranges::copy(value, bytes_.get());
}

void Secret::Wipe::operator()(char* bytes) const {
    OPENSSL_cleanse(bytes, size);
    delete[] bytes;
}

SecretSources SecretSources::of_process() {
    SecretSources sources;
    if (auto const* folder = std::getenv("CREDENTIALS_DIRECTORY"); folder != nullptr && *folder != '\0') {
        sources.credentials = folder;
    }
    sources.variable = [](char const* name) { return static_cast<char const*>(std::getenv(name)); };
    return sources;
}

std::expected<Secrets, std::vector<Problem>> load_secrets(SecretSources const& sources) {
    return Loader{sources}.load();
}

} // namespace cox::bot
