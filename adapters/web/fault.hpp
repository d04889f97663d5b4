#pragma once
// Why a request was not taken, for the person who made it.
#include <string>
#include <string_view>

namespace cox::web {

struct Fault {
    int status = 400;      // of HTTP
    std::string_view code; // "no-such-channel": for programs
    std::string message;   // what is wrong
    std::string hint;      // what to do
};

// {"error":{"code","message","hint"}}
std::string to_json(Fault const&);

} // namespace cox::web
