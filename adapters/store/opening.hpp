#pragma once
// Opening a database so that it is either fit for use or untouched.
#include "adapters/store/sqlite.hpp"
#include "adapters/store/store.hpp"

#include <memory>

namespace cox::store::sqlite {

// Held exclusively, with today's schema.
Result<std::unique_ptr<Connection>> open_for_writing(std::filesystem::path const& file);
// Without a lock that lasts; fails when another process holds the database.
Result<std::unique_ptr<Connection>> open_for_reading(std::filesystem::path const& file);

// Leaves one file, fit to be copied, and the sign that it was left in good order.
void close_in_order(Connection&);

} // namespace cox::store::sqlite
