#include "url_text.hpp"

#include <cctype>

namespace cox::fake_homeserver {
namespace {

bool is_hexadecimal(char each) {
    return std::isxdigit(static_cast<unsigned char>(each)) != 0;
}

} // namespace

std::vector<std::string> segments_of(std::string_view path) {
    std::vector<std::string> all;
    if (path.starts_with('/')) path.remove_prefix(1);
    while (true) {
        auto const slash = path.find('/');
        all.emplace_back(path.substr(0, slash));
        if (slash == std::string_view::npos) return all;
        path.remove_prefix(slash + 1);
    }
}

std::string decoded(std::string_view segment) {
    std::string text;
    for (std::size_t i = 0; i < segment.size(); ++i) {
        bool const is_code = segment[i] == '%' && i + 2 < segment.size() && is_hexadecimal(segment[i + 1]) &&
                             is_hexadecimal(segment[i + 2]);
        if (!is_code) {
            text += segment[i];
            continue;
        }
        text += static_cast<char>(std::stoi(std::string{segment.substr(i + 1, 2)}, nullptr, 16));
        i += 2;
    }
    return text;
}

std::map<std::string, std::string> query_of(std::string_view query) {
    std::map<std::string, std::string> all;
    while (!query.empty()) {
        auto const end = query.find('&');
        auto const pair = query.substr(0, end);
        auto const equals = pair.find('=');
        all[decoded(pair.substr(0, equals))] = equals == std::string_view::npos ? "" : decoded(pair.substr(equals + 1));
        query = end == std::string_view::npos ? "" : query.substr(end + 1);
    }
    return all;
}

bool is_well_encoded(std::string_view segment) {
    for (std::size_t i = 0; i < segment.size(); ++i) {
        auto const each = static_cast<unsigned char>(segment[i]);
        if (std::isalnum(each) || each == '-' || each == '.' || each == '_' || each == '~') continue;
        if (each != '%' || i + 2 >= segment.size()) return false;
        if (!is_hexadecimal(segment[i + 1]) || !is_hexadecimal(segment[i + 2])) return false;
        i += 2;
    }
    return true;
}

} // namespace cox::fake_homeserver
