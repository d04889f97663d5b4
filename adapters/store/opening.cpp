#include "adapters/store/opening.hpp"

#include "adapters/store/schema.hpp"
#include "adapters/store/trouble.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <optional>
#include <thread>

namespace cox::store::sqlite {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds patience{1000};
constexpr milliseconds between_tries{40};

// A file of this size is checked within half a second; a larger one shows its damage when it is loaded.
constexpr std::uintmax_t largest_checked = std::uintmax_t{256} << 20;

std::filesystem::path beside(std::filesystem::path file, char const* ending) {
    return file += ending;
}

bool has_content(std::filesystem::path const& file) {
    std::error_code error;
    auto const size = std::filesystem::file_size(file, error);
    return !error && size > 0;
}

std::optional<Trouble> trouble_with_place(std::filesystem::path const& file) {
    std::error_code ignored;
    auto folder = file.parent_path();
    if (folder.empty()) folder = ".";
    if (!std::filesystem::exists(folder, ignored))
        return Trouble{file.string() + ": the folder " + folder.string() + " does not exist; make it, or name another",
                       78};
    if (!std::filesystem::is_directory(folder, ignored))
        return Trouble{file.string() + ": " + folder.string() + " is not a folder; name a folder for the data", 78};
    if (std::filesystem::is_directory(file, ignored))
        return Trouble{file.string() + ": is a folder where the database file should be; name a file", 78};
    return std::nullopt;
}

// Whose database it is and of which version; nothing is changed to find out.
std::optional<Trouble> trouble_with_schema(std::filesystem::path const& file, Connection& connection) {
    auto const version = connection.number("pragma user_version");
    auto const owner = connection.number("pragma application_id");
    bool const empty = connection.number("select count(*) from sqlite_schema") == 0;
    if (empty && owner == 0 && version == 0) return std::nullopt;
    if (owner != application_id || version < 1)
        return Trouble{file.string() + ": is a database of another program; name another file", 65};
    if (version > newest_schema())
        return Trouble{file.string() + ": has schema version " + std::to_string(version) +
                           ", and this coxswain knows " + std::to_string(newest_schema()) +
                           "; use the newer coxswain that wrote it",
                       78};
    return std::nullopt;
}

// Tries again for a while when another process is in the way.
template <class Attempt>
auto patiently(std::filesystem::path const& file, Attempt&& attempt) -> decltype(attempt()) {
    auto const deadline = steady_clock::now() + patience;
    while (true) {
        try {
            return attempt();
        } catch (Failure const& failure) {
            bool const busy = failure.code == SQLITE_BUSY || failure.code == SQLITE_LOCKED;
            if (!busy || steady_clock::now() >= deadline) return std::unexpected{trouble_of(file, failure)};
        }
        std::this_thread::sleep_for(between_tries);
    }
}

// It holds what people said and what the bot logs in with. What is written beside it gets the same rights.
void make_for_us_alone(std::filesystem::path const& file) {
    auto const made = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (made >= 0) ::close(made);
}

Result<std::unique_ptr<Connection>> try_writing(std::filesystem::path const& file) {
    auto connection = std::make_unique<Connection>(file.string(), Access::read_write);
    if (!connection->writable()) throw Failure{SQLITE_READONLY, 0, "the file is read-only"};
    connection->run("pragma locking_mode = exclusive");
    if (auto trouble = trouble_with_schema(file, *connection)) return std::unexpected{std::move(*trouble)};
    auto const version = connection->number("pragma user_version");

    // close_in_order() leaves rollback mode behind. WAL mode means that the last run was cut short: then look closer.
    std::error_code ignored;
    bool const cut_short = version > 0 && connection->word("pragma journal_mode") == "wal";
    if (cut_short && std::filesystem::file_size(file, ignored) <= largest_checked)
        if (auto const found = connection->word("pragma quick_check(1)"); found != "ok")
            return std::unexpected{damaged(file, found)};

    if (connection->word("pragma journal_mode = wal") != "wal") connection->fail();
    // A checkpoint stops everybody for some 10 ms: at 16 MB of log they come seldom, even under load.
    connection->run("pragma synchronous = full; pragma foreign_keys = off; pragma journal_size_limit = 67108864; "
                    "pragma cache_size = -16384; pragma wal_autocheckpoint = 4000");
    migrate(*connection, version);
    return connection;
}

// A killed run leaves its last batches beside the file; reading them there takes an index in the same folder.
std::optional<Trouble> trouble_with_rest(std::filesystem::path const& file, Connection& connection) {
    auto const index = beside(file, "-shm");
    std::error_code ignored;
    if (!std::filesystem::exists(index, ignored)) connection.remove_after(index.string());
    try {
        connection.number("pragma user_version");
        return std::nullopt;
    } catch (Failure const& failure) {
        if (failure.code != SQLITE_CANTOPEN && failure.code != SQLITE_READONLY) throw;
        return Trouble{file.string() +
                           ": the last run was cut short, and what it left beside the file cannot be read in "
                           "this folder; start coxswain on it once, or copy all files of that name to a "
                           "folder that you can write",
                       77};
    }
}

Result<std::unique_ptr<Connection>> try_reading(std::filesystem::path const& file) {
    auto connection = std::make_unique<Connection>(file.string(), Access::read);
    if (connection->locked_by_another()) throw Failure{SQLITE_BUSY, 0, "database is locked"};
    // Only what a killed run left in its log needs the files of a reader.
    if (!has_content(beside(file, "-wal")) && !has_content(beside(file, "-journal")))
        connection = std::make_unique<Connection>(file.string(), Access::read_unchanged);
    else if (auto trouble = trouble_with_rest(file, *connection))
        return std::unexpected{std::move(*trouble)};
    if (auto trouble = trouble_with_schema(file, *connection)) return std::unexpected{std::move(*trouble)};
    if (connection->number("pragma user_version") != newest_schema())
        return std::unexpected{Trouble{
            file.string() + ": has an older schema; start coxswain on it once, which brings it up to date", 78}};
    return connection;
}

} // namespace

Result<std::unique_ptr<Connection>> open_for_writing(std::filesystem::path const& file) {
    if (auto trouble = trouble_with_place(file)) return std::unexpected{std::move(*trouble)};
    make_for_us_alone(file);
    return patiently(file, [&] { return try_writing(file); });
}

Result<std::unique_ptr<Connection>> open_for_reading(std::filesystem::path const& file) {
    if (auto trouble = trouble_with_place(file)) return std::unexpected{std::move(*trouble)};
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored))
        return std::unexpected{
            Trouble{file.string() + ": there is no database here; name the folder that holds it", 78}};
    auto opened = patiently(file, [&] { return try_reading(file); });
    if (!opened && opened.error().exit_code == 75) opened.error().what += "; the running one can export too";
    return opened;
}

void close_in_order(Connection& connection) {
    connection.run("pragma journal_mode = delete");
}

} // namespace cox::store::sqlite
