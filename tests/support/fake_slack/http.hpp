#pragma once
// A question over HTTP and its answer, and in which way, honest or not, the answer travels.
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cox::fake_slack {

struct Request {
    std::string verb;
    std::string target; // "/api/chat.postMessage?x=1"
    std::string content_type;
    std::string authorization;
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
    std::string type = "application/json; charset=utf-8";
    std::vector<std::pair<std::string, std::string>> headers = {};

    enum class Way {
        whole,
        never, // the client waits in vain
        reset, // RST
        cut,   // half of the body
        drip   // byte by byte, one each `pace`
    } way = Way::whole;
    std::chrono::milliseconds pace{0}; // drip: between bytes; otherwise: before the answer
};

} // namespace cox::fake_slack
