#include "adapters/store/trouble.hpp"

#include <sqlite3.h>

#include <cerrno>
#include <system_error>

namespace cox::store::sqlite {
namespace {

std::string system_word(Failure const& failure) {
    if (failure.system_error == 0) return failure.what;
    return std::generic_category().message(failure.system_error);
}

} // namespace

Trouble damaged(std::filesystem::path const& file, std::string_view how) {
    return {file.string() + ": the database is damaged (" + std::string{how} +
                "); keep it with the files beside it for a repair, and put the latest backup in its place",
            65};
}

Trouble trouble_of(std::filesystem::path const& file, Failure const& failure) {
    auto const name = file.string();
    switch (failure.code) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return {name + ": another process is using this database; stop the coxswain that runs on it, or try again", 75};
    case SQLITE_NOTADB:
        return {name + ": this is not a coxswain database; name another file, or move this one away", 65};
    case SQLITE_CORRUPT: return damaged(file, failure.what);
    case SQLITE_FULL:
        return {name + ": the disk is full and nothing more is recorded; free some space, then start coxswain again",
                70};
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        // SQLite tries to make the file, then looks for one that it may read, and reports the second failure.
        if (failure.system_error == ENOENT)
            return {name + ": cannot be made there; let the user that runs coxswain write to the folder", 77};
        return {name + ": cannot be used (" + system_word(failure) +
                    "); let the user that runs coxswain read and write the file and its folder",
                77};
    case SQLITE_IOERR:
        return {name + ": the disk failed and nothing more is recorded (" + system_word(failure) +
                    "); look after the disk, then start coxswain again",
                70};
    default:
        return {name + ": the database failed (" + failure.what +
                    "); start coxswain again, and report this if it stays",
                70};
    }
}

} // namespace cox::store::sqlite
