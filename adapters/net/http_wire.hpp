#pragma once
// HTTP/1.1 as bytes: a request's head to be written, an answer to be read. No socket in here.
#include "adapters/net/http_client.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace cox::net {

// Why this cannot be said in HTTP: a line break in a header would begin another header.
std::optional<std::string_view> unspeakable(HttpRequest const&);

// Everything before the body, in place of what `out` held.
void write_head(std::string& out, HttpRequest const&);

class AnswerReader {
public:
    enum class State { more, whole, broken };

    AnswerReader(std::string_view method, HttpLimits const&);

    // Takes what it can from the buffer.
    State take(boost::beast::flat_buffer&);
    // The server has ended the connection.
    State end();

    bool begun() const { return begun_; }
    bool may_keep_connection() const { return parser_->keep_alive(); }
    std::string const& objection() const { return objection_; } // when broken
    HttpResponse release();

private:
    void start();
    State broken(boost::system::error_code);

    HttpLimits const& limits_;
    bool without_body_;
    bool begun_ = false;
    std::string objection_;
    std::optional<boost::beast::http::response_parser<boost::beast::http::string_body>> parser_;
};

} // namespace cox::net
