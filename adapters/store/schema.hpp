#pragma once
// What the tables look like, and how older ones become today's.
#include "adapters/store/sqlite.hpp"

#include <cstdint>

namespace cox::store::sqlite {

// Marks the file as ours ("CoxS").
constexpr std::int64_t application_id = 0x436f7853;

std::int64_t newest_schema();
// Brings a database of an older version, or an empty one, to the newest, in one transaction.
void migrate(Connection&, std::int64_t from);

} // namespace cox::store::sqlite
