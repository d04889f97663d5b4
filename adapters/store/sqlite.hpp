#pragma once
// A thin layer over SQLite: a connection, prepared statements, failures. Nothing outside this folder sees it.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace cox::store::sqlite {

// Thrown by everything here, and caught at the store's edge.
struct Failure {
    int code = 0;         // SQLite's primary result code
    int system_error = 0; // errno where the system had a say, else 0
    std::string what;     // SQLite's words
};

enum class Access {
    read_write,
    read,          // as a reader beside others
    read_unchanged // promises that nobody changes the file meanwhile; makes no files beside it
};

class Connection {
public:
    // Makes the file when it is not there and `access` lets it.
    Connection(std::string const& file, Access access);
    ~Connection();
    Connection(Connection const&) = delete;
    Connection& operator=(Connection const&) = delete;

    sqlite3* get() const { return handle_.get(); }
    // Runs statements that return nothing of interest; `script` is a constant of the program.
    void run(char const* script);
    // The first column of the first row; 0 or "" when there is none.
    std::int64_t number(char const* query);
    std::string word(char const* query);
    bool writable() const;
    // True when another connection keeps readers out.
    bool locked_by_another();
    // SQLite leaves a reader's index behind; a file that was not there before is taken away with the connection.
    void remove_after(std::string file) { left_behind_ = std::move(file); }
    [[noreturn]] void fail() const;

private:
    struct Close {
        void operator()(sqlite3*) const;
    };
    std::unique_ptr<sqlite3, Close> handle_;
    std::string left_behind_;
};

// Values are bound by position.
class Statement {
public:
    Statement(Connection&, std::string_view sql);

    template <class... Values>
    void run(Values const&... values) {
        bind_all(false, values...);
        step();
        reset();
    }
    // Then step() until it is false.
    template <class... Values>
    void start(Values const&... values) {
        bind_all(true, values...);
    }
    bool step();
    void reset();

    std::int64_t number(int column) const;
    std::string_view text(int column) const; // valid until the next step
    bool is_null(int column) const;

private:
    // Texts are copied where they may be gone before the first step.
    template <class... Values>
    void bind_all(bool copy, Values const&... values) {
        reset();
        int position = 0;
        (bind(++position, values, copy), ...);
    }
    void bind(int position, std::int64_t, bool copy);
    void bind(int position, std::string_view, bool copy);
    void bind(int position, std::nullptr_t, bool copy);

    struct Finalize {
        void operator()(sqlite3_stmt*) const;
    };
    Connection& connection_;
    std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

// Rolls back unless commit() was reached.
class Transaction {
public:
    explicit Transaction(Connection& connection) : connection_{connection} { connection_.run("begin immediate"); }
    ~Transaction();
    Transaction(Transaction const&) = delete;
    Transaction& operator=(Transaction const&) = delete;
    void commit();

private:
    Connection& connection_;
    bool done_ = false;
};

} // namespace cox::store::sqlite
