#include "adapters/matrix/silence.hpp"

#include <algorithm>
#include <utility>

namespace cox::matrix {

bool Silence::is_deafness(std::string const& room, std::vector<std::string> const& newest) {
    if (newest.empty()) return false;
    auto& looked = rooms_[room];
    // The last may be gone: it was too old to be kept, or the homeserver was put back to a day before it.
    if (std::ranges::find(newest, looked.last) == newest.end()) looked = {newest.front(), false};
    if (newest.front() == looked.last) return false;
    return std::exchange(looked.doubted, true);
}

} // namespace cox::matrix
