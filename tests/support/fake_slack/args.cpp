#include "args.hpp"

#include <charconv>

namespace cox::fake_slack {
namespace {

std::string decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned byte = 0;
        auto const* const digits = text.data() + i + 1;
        if (text[i] == '+') {
            out += ' ';
        } else if (text[i] == '%' && i + 2 < text.size() &&
                   std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
            out += static_cast<char>(byte);
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

} // namespace

bool Args::has(std::string_view name) const {
    auto const at = values_.find(name);
    return at != values_.end() && !at->is_null() && *at != "";
}

std::string Args::text(std::string_view name) const {
    auto const at = values_.find(name);
    if (at == values_.end() || at->is_null()) return "";
    return at->is_string() ? at->get<std::string>() : at->dump();
}

bool Args::flag(std::string_view name) const {
    auto const value = text(name);
    return value == "true" || value == "1";
}

int Args::number(std::string_view name, int otherwise) const {
    auto const value = text(name);
    int number = otherwise;
    std::from_chars(value.data(), value.data() + value.size(), number);
    return number;
}

json Args::nested(std::string_view name, char const* error) const {
    if (!has(name)) return {};
    auto const& value = *values_.find(name);
    auto parsed = value.is_string() ? json::parse(value.get<std::string>(), nullptr, false) : value;
    if (!parsed.is_structured()) throw Refused{error};
    return parsed;
}

Args form_args(std::string_view form) {
    Args args;
    while (!form.empty()) {
        auto const end = form.find('&');
        auto const pair = form.substr(0, end);
        auto const equals = pair.find('=');
        if (!pair.empty())
            args.set(decoded(pair.substr(0, equals)),
                     equals == std::string_view::npos ? "" : decoded(pair.substr(equals + 1)));
        form = end == std::string_view::npos ? "" : form.substr(end + 1);
    }
    return args;
}

} // namespace cox::fake_slack
