#pragma once
// Failures of SQLite in words for the person who runs coxswain.
#include "adapters/store/sqlite.hpp"
#include "adapters/store/store.hpp"

namespace cox::store::sqlite {

Trouble trouble_of(std::filesystem::path const& file, Failure const&);
Trouble damaged(std::filesystem::path const& file, std::string_view how);

} // namespace cox::store::sqlite
