#pragma once
#include <string>
#include <utility>
#include <vector>

namespace cox::net {

// Names and values, in their order.
using Headers = std::vector<std::pair<std::string, std::string>>;

} // namespace cox::net
