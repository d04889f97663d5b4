#include "adapters/store/sqlite.hpp"

#include <sqlite3.h>

#include <cstdio>

namespace cox::store::sqlite {
namespace {

[[noreturn]] void fail_with(sqlite3* handle, int code) {
    throw Failure{code & 0xff, handle ? sqlite3_system_errno(handle) : 0,
                  handle ? sqlite3_errmsg(handle) : sqlite3_errstr(code)};
}

// A file name as a URI: everything but the unreserved characters is escaped.
std::string uri(std::string const& file, char const* query) {
    static constexpr char hex[] = "0123456789abcdef";
    std::string out = "file:";
    for (char const c : file) {
        auto const byte = static_cast<unsigned char>(c);
        bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
                           c == '.' || c == '-' || c == '_';
        if (plain) {
            out += c;
        } else {
            out += '%';
            out += hex[byte >> 4];
            out += hex[byte & 15];
        }
    }
    return out + query;
}

} // namespace

void Connection::Close::operator()(sqlite3* handle) const {
    sqlite3_close_v2(handle);
}

Connection::Connection(std::string const& file, Access access) {
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_URI;
    flags |= access == Access::read_write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    sqlite3* handle = nullptr;
    auto const name = uri(file, access == Access::read_unchanged ? "?immutable=1" : "");
    int const code = sqlite3_open_v2(name.c_str(), &handle, flags, nullptr);
    handle_.reset(handle);
    if (code != SQLITE_OK) fail_with(handle, code);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    // A connection that turns back at once must leave the files as it found them.
    sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

Connection::~Connection() {
    handle_.reset();
    if (!left_behind_.empty()) std::remove(left_behind_.c_str());
}

void Connection::fail() const {
    fail_with(get(), sqlite3_extended_errcode(get()));
}

void Connection::run(char const* script) {
    while (*script) {
        sqlite3_stmt* raw = nullptr;
        char const* rest = nullptr;
        int code = sqlite3_prepare_v2(get(), script, -1, &raw, &rest);
        if (code != SQLITE_OK) fail();
        script = rest;
        if (!raw) continue; // blanks at the end
        do
            code = sqlite3_step(raw);
        while (code == SQLITE_ROW);
        sqlite3_finalize(raw);
        if (code != SQLITE_DONE) fail();
    }
}

std::int64_t Connection::number(char const* query) {
    Statement statement{*this, query};
    return statement.step() ? statement.number(0) : 0;
}

std::string Connection::word(char const* query) {
    Statement statement{*this, query};
    return statement.step() ? std::string{statement.text(0)} : "";
}

bool Connection::writable() const {
    return sqlite3_db_readonly(get(), "main") == 0;
}

bool Connection::locked_by_another() {
    // Asks the lock itself: an ordinary read of a database in WAL mode would make files beside it.
    sqlite3_file* file = nullptr;
    if (sqlite3_file_control(get(), "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK) fail();
    if (!file->pMethods) return false;
    int const code = file->pMethods->xLock(file, SQLITE_LOCK_SHARED);
    if (code == SQLITE_OK) file->pMethods->xUnlock(file, SQLITE_LOCK_NONE);
    return code == SQLITE_BUSY;
}

void Statement::Finalize::operator()(sqlite3_stmt* handle) const {
    sqlite3_finalize(handle);
}

Statement::Statement(Connection& connection, std::string_view sql) : connection_{connection} {
    sqlite3_stmt* raw = nullptr;
    if (sqlite3_prepare_v3(connection.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &raw,
                           nullptr) != SQLITE_OK)
        connection.fail();
    handle_.reset(raw);
}

bool Statement::step() {
    int const code = sqlite3_step(handle_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    connection_.fail();
}

void Statement::reset() {
    sqlite3_reset(handle_.get());
}

std::int64_t Statement::number(int column) const {
    return sqlite3_column_int64(handle_.get(), column);
}

std::string_view Statement::text(int column) const {
    auto const* const bytes = reinterpret_cast<char const*>(sqlite3_column_text(handle_.get(), column));
    if (!bytes) return {};
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

bool Statement::is_null(int column) const {
    return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
}

void Statement::bind(int position, std::int64_t value, bool) {
    if (sqlite3_bind_int64(handle_.get(), position, value) != SQLITE_OK) connection_.fail();
}

void Statement::bind(int position, std::string_view value, bool copy) {
    // An empty view may point nowhere, which SQLite would take for null.
    char const* const bytes = value.data() ? value.data() : "";
    auto const keep = copy ? SQLITE_TRANSIENT : SQLITE_STATIC;
    if (sqlite3_bind_text64(handle_.get(), position, bytes, value.size(), keep, SQLITE_UTF8) != SQLITE_OK)
        connection_.fail();
}

void Statement::bind(int position, std::nullptr_t, bool) {
    if (sqlite3_bind_null(handle_.get(), position) != SQLITE_OK) connection_.fail();
}

Transaction::~Transaction() {
    // Without an open transaction SQLite has rolled back by itself already.
    if (!done_ && sqlite3_get_autocommit(connection_.get()) == 0)
        sqlite3_exec(connection_.get(), "rollback", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
    connection_.run("commit");
    done_ = true;
}

} // namespace cox::store::sqlite
