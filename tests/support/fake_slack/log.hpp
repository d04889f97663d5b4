#pragma once
// What a test may ask about afterwards.
#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace cox::fake_slack {

// A call of the Web API, of response_url, or an attempt to connect ("link").
struct Called {
    std::int64_t at_ms = 0;
    std::string method;
    std::string verb; // "POST"
    std::string content_type;
    std::string token; // "bot", "app", "wrong", "none"; "query" where it came in the URL, which nobody should do
    nlohmann::json args;
    int status = 0;     // of the answer; 0: none was given
    std::string answer; // "ok", the error's name, or the fault
};

struct Log {
    std::vector<Called> calls;
};

inline void to_json(nlohmann::json& out, Called const& call) {
    out = {{"at_ms", call.at_ms}, {"method", call.method}, {"verb", call.verb},     {"content_type", call.content_type},
           {"token", call.token}, {"args", call.args},     {"status", call.status}, {"answer", call.answer}};
}

} // namespace cox::fake_slack
