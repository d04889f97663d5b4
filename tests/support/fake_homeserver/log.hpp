#pragma once
// What a test may ask about afterwards.
#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace cox::fake_homeserver {

struct Called {
    std::int64_t at_ms = 0;
    std::string endpoint; // "send", "sync"; "" where there is none such
    std::string verb;
    std::string target; // as it came
    nlohmann::json query = nlohmann::json::object();
    nlohmann::json in_path = nlohmann::json::object(); // {"room":"!…","type":"m.room.message"}
    nlohmann::json body;
    std::string user = {};   // who asks; "" without a valid token
    int status = 0;          // of the answer; 0: none was given yet
    std::string answer = {}; // "ok", the errcode, or the fault
};

struct Log {
    std::vector<Called> calls;
    // What no client should do, in words. Tests expect none.
    std::vector<std::string> violations;
};

inline void to_json(nlohmann::json& out, Called const& call) {
    out = {{"at_ms", call.at_ms},   {"endpoint", call.endpoint}, {"verb", call.verb}, {"target", call.target},
           {"query", call.query},   {"in_path", call.in_path},   {"body", call.body}, {"user", call.user},
           {"status", call.status}, {"answer", call.answer}};
}

} // namespace cox::fake_homeserver
