#include "adapters/net/http_wire.hpp"

#include <algorithm>

namespace cox::net {
namespace {

namespace http = boost::beast::http;

bool is_token(std::string_view text) {
    auto const fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
    };
    return !text.empty() && std::ranges::all_of(text, fits);
}

void append_host(std::string& out, Url const& url) {
    bool const v6 = url.host.find(':') != std::string::npos;
    if (v6) out += '[';
    out += url.host;
    if (v6) out += ']';
    if (url.port == (url.secure() ? 443 : 80)) return;
    out += ':';
    out += std::to_string(url.port);
}

} // namespace

std::string_view HttpResponse::header(std::string_view name) const {
    for (auto const& [each, value] : headers) {
        if (boost::beast::iequals(each, name)) return value;
    }
    return {};
}

std::optional<std::string_view> unspeakable(HttpRequest const& request) {
    if (!is_token(request.method)) return "the method is no word";
    auto const breaks_line = [](std::string const& text) {
        return text.find_first_of(std::string_view{"\r\n\0", 3}) != std::string::npos;
    };
    for (auto const& [name, value] : request.headers) {
        if (!is_token(name) || breaks_line(value)) return "a header holds what no header may hold";
    }
    if (breaks_line(request.url.target) || request.url.target.find(' ') != std::string::npos)
        return "the path holds what no path may hold";
    return std::nullopt;
}

void write_head(std::string& out, HttpRequest const& request) {
    out.clear();
    out += request.method;
    out += ' ';
    out += request.url.target;
    out += " HTTP/1.1\r\nHost: ";
    append_host(out, request.url);
    out += "\r\nUser-Agent: Coxswain\r\n";
    for (auto const& [name, value] : request.headers) {
        out += name;
        out += ": ";
        out += value;
        out += "\r\n";
    }
    if (!request.body.empty() || (request.method != "GET" && request.method != "HEAD")) {
        out += "Content-Length: ";
        out += std::to_string(request.body.size());
        out += "\r\n";
    }
    out += "\r\n";
}

AnswerReader::AnswerReader(std::string_view method, HttpLimits const& limits)
    : limits_{limits}, without_body_{method == "HEAD"} {
    start();
}

void AnswerReader::start() {
    parser_.emplace();
    parser_->eager(true);
    parser_->header_limit(static_cast<std::uint32_t>(limits_.longest_header));
    parser_->body_limit(limits_.longest_body);
    parser_->skip(without_body_);
}

AnswerReader::State AnswerReader::take(boost::beast::flat_buffer& buffer) {
    while (buffer.size() > 0) {
        begun_ = true;
        boost::system::error_code error;
        auto const size = parser_->put(buffer.data(), error);
        buffer.consume(size);
        if (error == http::error::need_more) {
            // A chunk's head has no limit of its own.
            if (buffer.size() <= limits_.longest_header) return State::more;
            return broken(http::error::header_limit);
        }
        if (error) return broken(error);
        if (!parser_->is_done()) continue;
        auto const status = parser_->get().result_int();
        if (status >= 200) return State::whole;
        // "Continue" and "early hints" come before the answer; nobody asked for another protocol.
        if (status == 101) return broken(http::error::bad_status);
        start();
    }
    return State::more;
}

AnswerReader::State AnswerReader::end() {
    if (!parser_->got_some()) return State::broken;
    boost::system::error_code error;
    parser_->put_eof(error);
    return error ? State::broken : State::whole;
}

AnswerReader::State AnswerReader::broken(boost::system::error_code error) {
    if (error == http::error::body_limit)
        objection_ = "the answer is longer than " + std::to_string(limits_.longest_body) + " bytes";
    else if (error == http::error::header_limit)
        objection_ = "the head of the answer is longer than " + std::to_string(limits_.longest_header) + " bytes";
    else
        objection_ = "the answer is no HTTP: " + error.message();
    return State::broken;
}

HttpResponse AnswerReader::release() {
    auto message = parser_->release();
    HttpResponse response{static_cast<int>(message.result_int()), {}, std::move(message.body())};
    for (auto const& field : message)
        response.headers.emplace_back(std::string{field.name_string()}, std::string{field.value()});
    return response;
}

} // namespace cox::net
