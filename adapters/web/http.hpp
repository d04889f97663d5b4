#pragma once
// One request and its answer, without a socket.
#include "adapters/web/fault.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cox::web {

// Views into what was read; they hold until the call that takes them returns.
struct Request {
    std::string_view method;
    std::string_view target; // path and query, as sent
    std::string_view body;
    std::string_view content_type;
    std::string_view host;
    std::string_view origin;
    std::string_view authorization;
    std::string_view cookie;
    std::string_view if_none_match;
    bool upgrade = false; // asks for a WebSocket

    // The target without its query.
    std::string_view path() const { return target.substr(0, target.find('?')); }
};

struct Response {
    int status = 200;
    std::string_view type = "application/json";
    std::string body;
    std::string_view file; // instead of `body`: a text that lives as long as the program
    std::vector<std::pair<std::string_view, std::string>> headers;

    std::string_view content() const { return file.data() ? file : std::string_view{body}; }
};

Response response_of(Fault const&);
std::string_view reason_phrase(int status);

// Appends the head of a response as it goes over the wire, with the headers that everything carries.
void write_head(std::string& out, Response const&, bool keep_alive);

// "%2F" and the like resolved; bad escapes stay as they are.
std::string percent_decoded(std::string_view);
// The value of `name` in the query of a target; none when it is not there.
std::string query_value(std::string_view target, std::string_view name);

} // namespace cox::web
