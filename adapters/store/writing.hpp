#pragma once
// Puts batches into the tables. The caller opens and commits the transaction.
#include "adapters/store/sqlite.hpp"
#include "adapters/store/store.hpp"

#include <optional>

namespace cox::store::sqlite {

class Writer {
public:
    explicit Writer(Connection&);

    void write(Batch const&);

private:
    void write_key(std::string const& key, std::string const& at);
    void write_event(Event const&);
    void write_op(Op const&);
    void write_said(Said const&);
    // Gives keys that came without a time the first one known after them.
    void date_keys(std::string const& at);
    void forget_old(Time now);

    Statement add_key_;
    Statement date_keys_;
    Statement add_event_;
    Statement add_incident_;
    Statement close_incident_;
    Statement reopen_incident_;
    Statement place_incident_;
    Statement add_op_;
    Statement mark_op_;
    Statement set_cursor_;
    Statement add_said_;
    Statement set_channel_;
    Statement forget_keys_;
    Statement forget_ops_;
    bool undated_keys_ = true; // a run before may have left some
    std::optional<Time> forgot_at_;
};

} // namespace cox::store::sqlite
