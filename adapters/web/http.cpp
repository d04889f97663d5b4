#include "adapters/web/http.hpp"

namespace cox::web {
namespace {

// The page is the only thing that may run, and it only talks to the server it came from.
constexpr std::string_view house_headers =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; form-action 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\n";

int hex(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

} // namespace

Response response_of(Fault const& fault) {
    Response response;
    response.status = fault.status;
    response.body = to_json(fault);
    return response;
}

std::string_view reason_phrase(int status) {
    switch (status) {
    case 200: return "OK";
    case 202: return "Accepted";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 426: return "Upgrade Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 503: return "Service Unavailable";
    default: return "Error";
    }
}

void write_head(std::string& out, Response const& response, bool keep_alive) {
    out += "HTTP/1.1 ";
    out += std::to_string(response.status);
    out += ' ';
    out += reason_phrase(response.status);
    out += "\r\n";
    if (response.status != 304) {
        out += "Content-Type: ";
        out += response.type;
        out += "\r\nContent-Length: ";
        out += std::to_string(response.content().size());
        out += "\r\n";
    }
    out += house_headers;
    bool cacheable = false;
    for (auto const& [name, value] : response.headers) {
        out += name;
        out += ": ";
        out += value;
        out += "\r\n";
        if (name == "Cache-Control") cacheable = true;
    }
    if (!cacheable) out += "Cache-Control: no-store\r\n";
    out += keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
}

std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
            out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::string query_value(std::string_view target, std::string_view name) {
    auto const question = target.find('?');
    if (question == target.npos) return "";
    auto rest = target.substr(question + 1);
    while (!rest.empty()) {
        auto const pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(pair.size() < rest.size() ? pair.size() + 1 : pair.size());
        auto const equals = pair.find('=');
        if (pair.substr(0, equals) == name) {
            return equals == pair.npos ? "" : percent_decoded(pair.substr(equals + 1));
        }
    }
    return "";
}

} // namespace cox::web
