#pragma once
// A question over HTTP and its answer, and in which way, honest or not, the answer travels.
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cox::fake_homeserver {

struct Request {
    std::string verb;
    std::string target; // "/_matrix/client/v3/sync?since=s1", as it came
    std::string content_type;
    std::string authorization;
    bool has_length = false; // a body was announced, be it an empty one
    std::string body;

    std::string_view path() const { return std::string_view{target}.substr(0, target.find('?')); }
    std::string_view query() const {
        auto const mark = target.find('?');
        return mark == std::string::npos ? "" : std::string_view{target}.substr(mark + 1);
    }
};

struct Response {
    int status = 200;
    std::string body;
    std::string type = "application/json";
    std::vector<std::pair<std::string, std::string>> headers = {};
    bool chunked = true; // as Synapse sends all it says

    enum class Way {
        whole,
        never, // the client waits in vain
        reset, // RST
        cut,   // half of the body, then the end of the connection
        drip   // byte by byte, one each `pace`
    } way = Way::whole;
    std::chrono::milliseconds pace{0}; // drip: between bytes; otherwise: before the answer
};

// Somebody who asked and waits.
struct Waiting {
    std::function<void(Response)> answer; // once
    std::shared_ptr<bool const> hung_up;  // the client is gone: nobody hears the answer
    std::function<void()>& when_hung_up;  // called then
};

} // namespace cox::fake_homeserver
