#pragma once
// Asks the homeserver whether the bot can work there: what it speaks, who the bot is, and what it may do in each of its
// rooms. Blocks until it is answered. It logs in, where it must, as a device of its own, and out again.
#include "adapters/matrix/matrix_network.hpp"

#include <string>
#include <vector>

namespace cox::matrix {

struct OnlineCheck {
    enum class Result { good, incomplete, refused, not_reached } result = Result::good;
    std::vector<std::string> lines; // for people, each a finding and what to do
};
OnlineCheck check_online(MatrixOptions const&, Secrets const&);

} // namespace cox::matrix
